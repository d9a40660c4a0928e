"""Opening a chip: which tries, in which order, few and spaced (chip.md section 1.4)."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from drivers.emrtd import bac
from drivers.emrtd.apdu import Command
from drivers.emrtd.channel import Channel
from drivers.emrtd.file_reader import FileReader, FileRefused
from drivers.emrtd.files import EMRTD_AID, MASTER_FILE
from drivers.emrtd.reading import AccessKeys, AccessProtocol, FileId
from drivers.smartcard.connection import CardError, CardErrorReason

_SPACING_SECONDS = 0.1
"""Between wrong tries: chips may slow down after wrong keys, and hurrying helps nobody."""


@dataclass(frozen=True)
class Opened:
    """How the chip was opened; `detail` names protocol and kind of password, never a password."""

    protocol: AccessProtocol
    detail: str = ""


@dataclass(frozen=True)
class _Try:
    """One way to open the chip. `label` tells tries of one key list apart without holding the key."""

    label: str
    run: Callable[[], Opened]


class AccessMemory:
    """Remembers which try opened a document, so that a re-read begins with it. Holds no key and nothing of a person."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._last: tuple[bytes, str] | None = None

    def remember(self, keys: AccessKeys, label: str) -> None:
        """`label` worked for these keys."""
        self._last = (self._digest(keys), label)

    def first_label(self, keys: AccessKeys) -> str | None:
        """What worked for these keys the last time, if they were the last."""
        return self._last[1] if self._last is not None and self._last[0] == self._digest(keys) else None

    def forget(self) -> None:
        """At the end of a session."""
        self._last = None

    def _digest(self, keys: AccessKeys) -> bytes:
        return hashlib.sha256(self._salt + repr((keys.can, keys.mrz_information)).encode()).digest()


class Access:
    """Opens one chip, and opens it again the same way when an error cost the session."""

    def __init__(self, channel: Channel, keys: AccessKeys, memory: AccessMemory | None = None) -> None:
        self._channel = channel
        self._keys = keys
        self._memory = memory or AccessMemory()
        self._again: Callable[[], Opened] | None = None
        self.card_access: bytes | None = None
        """EF.CardAccess, if there is one."""

    def open(self) -> Opened:
        """Try the keys until one opens the chip and its eMRTD application is selected.

        Raises CardError: NOT_EMRTD, ACCESS_DENIED when no key opens it, or whatever breaks on the way.
        """
        self.card_access = self._read_card_access()
        refusal = CardError(CardErrorReason.ACCESS_DENIED, "no keys were given")
        for number, attempt in enumerate(self._ordered(self._tries())):
            if number:
                time.sleep(_SPACING_SECONDS)
            try:
                opened = attempt.run()
            except CardError as error:
                if error.reason is not CardErrorReason.ACCESS_DENIED:
                    raise
                refusal = error
                continue
            self._again = attempt.run
            self._memory.remember(self._keys, attempt.label)
            return opened
        raise refusal

    def reopen(self) -> None:
        """Open it again the way that worked. Raises CardError."""
        if self._again is None:
            raise CardError(CardErrorReason.PROTOCOL, "the chip was never opened")
        self._channel.secure = None
        self._again()

    def _tries(self) -> list[_Try]:
        return [
            _Try(f"BAC {index}", lambda information=information: self._basic(information))
            for index, information in enumerate(self._keys.mrz_information)
        ]

    def _ordered(self, tries: list[_Try]) -> list[_Try]:
        first = self._memory.first_label(self._keys)
        return sorted(tries, key=lambda attempt: attempt.label != first)

    def _basic(self, information: str) -> Opened:
        self._channel.secure = None
        select_application(self._channel)
        self._channel.secure = bac.authenticate(self._channel, information)
        return Opened(AccessProtocol.BAC, "BAC, 3DES, MRZ")

    def _read_card_access(self) -> bytes | None:
        """EF.CardAccess under the master file, which is current after power-up; its absence means nothing.

        The first command of a document is also the trial of extended length: nothing can be lost by it yet.
        """
        try:
            return FileReader(self._channel).read(FileId.CARD_ACCESS)
        except FileRefused:
            return None


def select_application(channel: Channel) -> None:
    """Select the eMRTD application, without Le: some documents refuse it. Raises CardError(NOT_EMRTD)."""
    response = channel.transmit(Command(0xA4, 0x04, 0x0C, EMRTD_AID))
    if not response.ok:
        raise CardError(CardErrorReason.NOT_EMRTD, "no eMRTD application", status_word=response.status)


def select_master_file(channel: Channel) -> None:
    """Make the master file current; some cards refuse the command and are there anyway (chip.md section 1.4)."""
    channel.transmit(Command(0xA4, 0x00, 0x0C, MASTER_FILE))
