"""Checks of files and folders: display, state directory, key, trust store."""

from __future__ import annotations

import os
import pwd
import re
import socket
from collections.abc import Sequence
from pathlib import Path

from kiosk.doctor.findings import Finding, fault, good, warning
from kiosk.settings import Settings
from services.technician.site_settings import CHOICES, FILE, SiteSettings

NO_ROOM = "KI-904"
ENOUGH_BYTES = 200 * 1024 * 1024
ENOUGH_FILES = 1000


def display() -> Sequence[Finding]:
    """Whether a window can be opened: the display is there and takes a connection."""
    name = os.environ.get("DISPLAY", "")
    if os.environ.get("WAYLAND_DISPLAY"):
        return [good("a Wayland display is set", wayland=True)]
    if not name:
        return [fault("DISPLAY is not set: no window can be opened from here")]
    number = re.fullmatch(r"(?P<host>[^:]*):(?P<number>\d{1,4})(\.\d+)?", name)
    if number is None:
        return [fault(f"DISPLAY is {name!r}, which is no display")]
    if not _display_answers(number["host"], int(number["number"])):
        return [fault(f"display {name} does not answer: is the X server running?", display=name)]
    return [good(f"display {name} answers", display=name)]


def _display_answers(host: str, number: int) -> bool:
    places: list[tuple[int, str | tuple[str, int]]] = [
        (socket.AF_UNIX, f"\0/tmp/.X11-unix/X{number}"),
        (socket.AF_UNIX, f"/tmp/.X11-unix/X{number}"),  # noqa: S108 - where X servers listen
        (socket.AF_INET, (host or "127.0.0.1", 6000 + number)),
    ]
    for family, address in places if host in {"", "unix"} else places[2:]:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(0.5)
            try:
                probe.connect(address)
            except OSError:
                continue
            return True
    return False


def state(settings: Settings) -> Sequence[Finding]:
    """Whether the kiosk can keep its books, and only it can read them."""
    folder = settings.state_directory
    if not folder.is_dir():
        return [warning(f"{folder} does not exist yet; enrolment makes it")]
    if not os.access(folder, os.W_OK | os.X_OK):
        return [fault(f"{folder} cannot be written by this user")]
    found: list[Finding] = []
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        text = f"{folder} is user {_name(owner)}'s: what that user may open is seen only when the doctor runs as them"
        found.append(warning(text, owner=_name(owner)))
    if folder.stat().st_mode & 0o077:
        found.append(warning(f"{folder} can be entered by other users: chmod 700"))
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    if free < ENOUGH_BYTES:
        found.append(fault(f"only {free // 2**20} MB are free where {folder} is", NO_ROOM, free_bytes=free))
    elif disk.f_files and disk.f_favail < ENOUGH_FILES:
        found.append(fault(f"only {disk.f_favail} files more can be made where {folder} is", NO_ROOM))
    return found or [good(f"{folder} is private, {free // 2**20} MB free", free_bytes=free)]


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def on_site(settings: Settings) -> Sequence[Finding]:
    """What a technician changed at the kiosk; nothing where nothing was."""
    path = settings.state_directory / FILE
    site = SiteSettings(path, lambda _: None)
    try:
        changed = {choice.name: site.value(choice, "") for choice in CHOICES}
        there = path.exists()
    except OSError as error:
        return [warning(f"{path}: {error.strerror}")]
    mine = {name: value for name, value in changed.items() if value != ""}
    if not mine:
        return [warning(f"{path} changes nothing: it cannot be read")] if there and path.stat().st_size else []
    wrong = [name for name, value in mine.items() if _now(settings, name) != value]
    if wrong:
        return [warning(f"{path} does not fit the settings any more and is left out", changed=", ".join(mine))]
    return [good("changed on site: " + ", ".join(f"{name} = {value}" for name, value in mine.items()))]


def _now(settings: Settings, name: str) -> object:
    table, key = name.split(".")
    return getattr(getattr(settings, table), key)


def key(settings: Settings) -> Sequence[Finding]:
    """Whether the kiosk can prove who it is, and how well its key is kept (DESIGN section 8)."""
    from services.gateway_client.identity import IdentityError, KeyPlace, load

    try:
        identity = load(settings.state_directory)
    except IdentityError as error:
        return [fault(str(error), reason=error.reason.value)]
    enrolment = identity.enrolment
    found: list[Finding] = []
    if enrolment.gateway != settings.gateway.url:
        found.append(warning(f"enrolled at {enrolment.gateway}, but the settings name {settings.gateway.url}"))
    if identity.place is KeyPlace.CREDENTIAL:
        found.append(good("the key comes from systemd as a credential", key="credential"))
    else:
        tpm = Path("/dev/tpmrm0").exists()
        better = "a systemd credential bound to the TPM of this machine" if tpm else "a systemd credential"
        text = f"the key is a file readable by this user only; {better} would protect it when the disk is taken out"
        found.append(warning(text, key="file", tpm=tpm))
    return [good(f"enrolled as {enrolment.kiosk_id}", kiosk=enrolment.kiosk_id), *found]


def trust(settings: Settings) -> Sequence[Finding]:
    """Whether any chip can be trusted, and which files of the store cannot be read."""
    from services.trust.errors import TrustError
    from services.trust.store import load_store

    try:
        store = load_store(settings.trust.folder)
    except TrustError as error:
        return [warning(f"{error}: no chip will be called genuine")]
    problems: list[Finding] = [warning(f"{problem.file} is not used: {problem.detail}") for problem in store.problems]
    if store.empty:
        return [warning(f"{settings.trust.folder} holds no certificate: no chip will be called genuine"), *problems]
    count = len(store.certificates)
    text = f"{count} certificates, {len(store.pins)} pinned signers, {len(store.crls)} revocation lists"
    return [good(text, certificates=count, crls=len(store.crls)), *problems]
