"""Who this kiosk is: an Ed25519 key made here that never leaves, and what enrolment gave (pinned).

`kiosk.key` (PEM, 0600) stands in the state directory, or is handed over by systemd as the credential `kiosk.key`
(`LoadCredentialEncrypted=`, TPM-bound where there is one). `enrolment.json` holds no secret. Cryptography is loaded
only when a key is: `kiosk run` looks whether it is enrolled before its first frame.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY = "kiosk.key"
ENROLMENT = "enrolment.json"


class IdentityFault(Enum):
    """What is wrong with the kiosk's identity."""

    NOT_ENROLLED = "not-enrolled"
    NO_KEY = "no-key"
    UNREADABLE = "unreadable"
    OPEN_TO_OTHERS = "open-to-others"
    OTHER_GATEWAY = "other-gateway"


class IdentityError(Exception):
    """The kiosk cannot prove who it is."""

    def __init__(self, reason: IdentityFault, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class KeyPlace(Enum):
    """Where the key comes from."""

    CREDENTIAL = "systemd credential"
    FILE = "file"


@dataclass(frozen=True)
class Enrolment:
    """What the gateway gave at enrolment; `sealing_key` (X25519, hex) is pinned from then on."""

    gateway: str
    kiosk_id: str
    sealing_key: str
    audience: str


@dataclass(frozen=True, repr=False)
class Identity:
    """A kiosk that can prove who it is."""

    key: Ed25519PrivateKey
    enrolment: Enrolment
    place: KeyPlace


def key_path(state: Path) -> tuple[Path, KeyPlace]:
    """Where the key is, or is to be made."""
    credential = Path(os.environ.get("CREDENTIALS_DIRECTORY", "")) / KEY
    if os.environ.get("CREDENTIALS_DIRECTORY") and credential.is_file():
        return credential, KeyPlace.CREDENTIAL
    return state / KEY, KeyPlace.FILE


def load(state: Path) -> Identity:
    """The kiosk's identity. Raises IdentityError."""
    key = load_key(state)
    try:
        facts = json.loads((state / ENROLMENT).read_text("utf-8"))
        enrolment = Enrolment(**{name: str(facts[name]) for name in ("gateway", "kiosk_id", "sealing_key", "audience")})
    except FileNotFoundError:
        raise IdentityError(IdentityFault.NOT_ENROLLED, "not enrolled: run `python -m kiosk enrol`") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise IdentityError(IdentityFault.UNREADABLE, f"{state / ENROLMENT} cannot be read") from None
    return Identity(key, enrolment, key_path(state)[1])


def load_key(state: Path) -> Ed25519PrivateKey:
    """The private key. Raises IdentityError; a key file that others may read is refused."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path, place = key_path(state)
    try:
        if place is KeyPlace.FILE and path.stat().st_mode & 0o077:
            raise IdentityError(
                IdentityFault.OPEN_TO_OTHERS, f"{path} can be read by others: chmod 600, then enrol anew"
            )
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError:
        raise IdentityError(IdentityFault.NO_KEY, "no key yet: run `python -m kiosk enrol`") from None
    except (OSError, ValueError, TypeError) as error:
        raise IdentityError(IdentityFault.UNREADABLE, f"{path} is no private key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise IdentityError(IdentityFault.UNREADABLE, f"{path} is no Ed25519 key")
    return key


def make_key(state: Path) -> Ed25519PrivateKey:
    """The kiosk's key; a new one, on the disk before it is used, if there is none yet."""
    try:
        return load_key(state)
    except IdentityError as error:
        if error.reason is not IdentityFault.NO_KEY:
            raise
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_private(state / KEY, pem)
    return key


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public key as enrolment sends it: raw, 32 bytes, hex."""
    return key.public_key().public_bytes_raw().hex()


def save_enrolment(state: Path, enrolment: Enrolment) -> None:
    """Pin what the gateway gave."""
    write_private(state / ENROLMENT, json.dumps(asdict(enrolment), indent=1).encode())


def write_private(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by the kiosk's user only, on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
