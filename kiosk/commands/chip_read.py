"""`chip read`: open the card on a reader, read it, judge it."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import NoReturn
from zoneinfo import ZoneInfo

from cryptography.exceptions import UnsupportedAlgorithm

from drivers.emrtd.lds.tlv import LdsError
from drivers.emrtd.read import DEFAULT_FILES, read_chip
from drivers.emrtd.reading import AccessKeys, ChipReading, FileId
from drivers.emrtd.terminal_file import TerminalFiles
from drivers.smartcard.connection import CardError, CardErrorReason
from drivers.smartcard.pcsc import Context, PcscConnection
from kiosk.commands import chip_report
from kiosk.commands.chip_exit import RESULTS, ChipExit, exit_of_reading, open_store, show
from kiosk.commands.chip_verify import file_name
from services.codes.cccd import read_cccd
from services.codes.errors import CodeError
from services.failures import code_of
from services.identity.keys import keys_from_can, keys_from_code, keys_from_mrz
from services.identity.photo import portrait
from services.trust.judgement import Judgement, judge

EDGE = ZoneInfo("Asia/Ho_Chi_Minh")
WANTED = DEFAULT_FILES | {FileId.DG7, FileId.DG16}
FOR_TERMINALS = frozenset({FileId.DG3})
_RETRY_SECONDS = 0.2
NONCE_BYTES = 8


def run(arguments: argparse.Namespace) -> int:
    """Read and judge; see the exit codes of `kiosk.commands.chip`."""
    try:
        keys, nonce = _keys(arguments), _nonce(arguments.nonce)
        terminal = _terminal(arguments.terminal)
    except ValueError as error:
        print(f"chip read: {error}", file=sys.stderr)
        return ChipExit.USAGE
    store = open_store(arguments.trust)
    if store is None:
        return ChipExit.USAGE
    try:
        reading = _read_in_time(arguments, keys, nonce, terminal)
    except CardError as error:
        report: dict[str, object] = {
            "schema": "tram-chip-1",
            "command": "read",
            "result": RESULTS[ChipExit.NOT_READABLE],
            "reason": error.reason.value,
            "detail": error.detail,
            "failure_code": code_of(error),
            "status_word": None if error.status_word is None else f"{error.status_word:04X}",
        }
        show(report, arguments.json)
        if error.reason is CardErrorReason.MUTE:
            _end_now()
        return ChipExit.NOT_READABLE
    judgement = judge(reading, nonce, store, datetime.now(EDGE))
    code = exit_of_reading(judgement)
    try:
        _write(reading, judgement, arguments.dump, arguments.photo)
    except OSError as error:
        print(f"chip read: {error.filename}: {error.strerror}", file=sys.stderr)
        return ChipExit.USAGE
    show(_report(reading, judgement, nonce, code, asked=terminal is not None), arguments.json)
    return code


def _keys(arguments: argparse.Namespace) -> AccessKeys:
    """Raises ValueError with what is wrong."""
    try:
        if arguments.can is not None:
            return keys_from_can(arguments.can)
        if arguments.mrz is not None:
            return keys_from_mrz(arguments.mrz)
        return keys_from_code(read_cccd(arguments.qr), datetime.now(EDGE).date())
    except LdsError as error:
        raise ValueError(f"--mrz: {error}") from None
    except CodeError as error:
        raise ValueError(f"--qr: {error}") from None
    except ValueError as error:
        raise ValueError(f"--can: {error}") from None


def _terminal(folder: Path | None) -> TerminalFiles | None:
    """A laboratory's certificates and key. Raises ValueError with what is wrong."""
    if folder is None:
        return None
    try:
        return TerminalFiles(folder)
    except OSError as error:
        raise ValueError(f"--terminal: {error.filename}: {error.strerror}") from None
    except (ValueError, TypeError, LdsError, UnsupportedAlgorithm) as error:
        raise ValueError(f"--terminal: {error}") from None


def _nonce(text: str | None) -> bytes:
    if text is None:
        return secrets.token_bytes(NONCE_BYTES)
    try:
        nonce = bytes.fromhex(text)
    except ValueError:
        raise ValueError("--nonce: no hexadecimal") from None
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"--nonce: must be {NONCE_BYTES} bytes")
    return nonce


def _read_in_time(
    arguments: argparse.Namespace, keys: AccessKeys, nonce: bytes, terminal: TerminalFiles | None
) -> ChipReading:
    """Read in a thread of its own: a mute card blocks PC/SC for ever, and this program must still end."""
    found: list[ChipReading | CardError] = []
    wait, timeout = arguments.wait, arguments.timeout
    wanted = WANTED if terminal is None else WANTED | FOR_TERMINALS

    def work() -> None:
        try:
            with _connect(arguments.reader, wait) as connection:
                found.append(read_chip(connection, keys, nonce, wanted=wanted, terminal=terminal))
        except CardError as error:
            found.append(error)

    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(wait + timeout)
    if not found:
        if thread.is_alive():
            raise CardError(CardErrorReason.MUTE, f"no answer for {timeout:g} s")
        raise CardError(CardErrorReason.WORKER, "the reading ended without a result")
    if isinstance(found[0], CardError):
        raise found[0]
    return found[0]


def _end_now() -> NoReturn:
    """The thread that waits for a mute card would keep the interpreter waiting."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(ChipExit.NOT_READABLE)


def _connect(wanted: str | None, wait: float) -> PcscConnection:
    """The card on the wanted reader, or on the first that has one. Raises CardError."""
    deadline = time.monotonic() + wait
    while True:
        with Context() as context:
            readers = [name for name in context.readers() if wanted is None or wanted.lower() in name.lower()]
        failure = CardError(CardErrorReason.NO_READER, "" if wanted is None else f"none is called {wanted}")
        for name in readers:
            try:
                return PcscConnection(name)
            except CardError as error:
                failure = error
        if time.monotonic() >= deadline:
            raise failure
        time.sleep(_RETRY_SECONDS)


def _write(reading: ChipReading, judgement: Judgement, dump: Path | None, photo: Path | None) -> None:
    """Personal data: only who runs the command may read it. Raises OSError."""
    if dump is not None:
        dump.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file, data in reading.files.items():
            _write_private(dump / file_name(file), data)
    if photo is None:
        return
    picture = portrait(reading.files[FileId.DG2]) if judgement.passive.covers(2) else None
    if picture is None:
        print("chip read: there is no photo whose hash holds", file=sys.stderr)
    else:
        _write_private(photo, picture)


def _write_private(path: Path, data: bytes) -> None:
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(data)


def _report(
    reading: ChipReading, judgement: Judgement, nonce: bytes, code: ChipExit, *, asked: bool
) -> dict[str, object]:
    answer = reading.transcript.active_authentication
    active = chip_report.proof(judgement.active)
    active["nonce"] = nonce.hex().upper()
    active["response"] = None if answer is None else answer.response.hex().upper()
    return {
        "schema": "tram-chip-1",
        "command": "read",
        "result": RESULTS[code],
        "level": judgement.level.value,
        "reason": judgement.reason,
        "failure_code": judgement.failure_code,
        "access": chip_report.access(reading),
        "files": chip_report.files(reading.files),
        "refused": chip_report.refused(reading),
        "groups": chip_report.groups(reading.files),
        "verdicts": {
            "passive": chip_report.passive(judgement.passive),
            "active": active,
            "chip": chip_report.proof(judgement.chip),
            "terminal": chip_report.terminal(reading, asked=asked),
        },
        "figures": chip_report.figures(reading),
    }
