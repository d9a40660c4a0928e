"""Opening a chip: which tries, in which order, few and spaced (chip.md section 1.4)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from drivers.emrtd import bac
from drivers.emrtd.access_memory import AccessMemory
from drivers.emrtd.apdu import Command
from drivers.emrtd.channel import Channel
from drivers.emrtd.file_reader import FileReader, FileRefused
from drivers.emrtd.files import EMRTD_AID, MASTER_FILE
from drivers.emrtd.lds.security_infos import parse_security_infos
from drivers.emrtd.lds.tlv import LdsError
from drivers.emrtd.pace import protocol as pace
from drivers.emrtd.pace.choice import Choice, Mapping, choices
from drivers.emrtd.pace.protocol import PaceNotOffered, PaceResult, Password, PasswordKind
from drivers.emrtd.reading import AccessKeys, AccessProtocol, FileId
from drivers.smartcard.connection import CardError, CardErrorReason

_SPACING_SECONDS = 0.1
"""Between wrong tries: chips may slow down after wrong keys, and hurrying helps nobody."""
_NO_APPLICATION = frozenset({0x6A80, 0x6A81, 0x6A82, 0x6A86, 0x6A87, 0x6D00, 0x6E00, 0x6999})
"""Answers to SELECT of cards that have no such application, bank cards' and transport cards' among them."""


@dataclass(frozen=True)
class Opened:
    """How the chip was opened; `detail` names protocol and kind of password, never a password.

    `pace` holds what later proofs need of the run; `information` the MRZ information of basic access control.
    """

    protocol: AccessProtocol
    detail: str = ""
    pace: PaceResult | None = None
    choice: Choice | None = None
    information: str = ""


@dataclass(frozen=True)
class _Try:
    """One way to open the chip. `label` tells tries of one key list apart without holding the key."""

    label: str
    run: Callable[[], Opened]


class Access:
    """Opens one chip, and opens it again the same way when an error cost the session.

    Order: PACE with the card's number, PACE with each MRZ information, basic access control with each of them. An
    absent EF.CardAccess means nothing, and neither does a SELECT MF that is refused.
    """

    def __init__(
        self,
        channel: Channel,
        keys: AccessKeys,
        memory: AccessMemory | None = None,
        *,
        terminal: bytes = b"",
        wanted: frozenset[FileId] = frozenset(),
    ) -> None:
        """`terminal`: certificate holder authorization template for PACE, when terminal authentication will follow.

        EF.CardSecurity is read when the protocol needs it or `wanted` names it.
        """
        self._channel = channel
        self._keys = keys
        self._memory = memory or AccessMemory()
        self._terminal = terminal
        self._wanted = wanted
        self._again: Callable[[], Opened] | None = None
        self._choices: tuple[Choice, ...] = ()
        self._several = False
        self._reasons: tuple[str, ...] = ()
        self._challenged = False
        self.master_files: dict[FileId, bytes] = {}
        """EF.CardAccess and EF.CardSecurity, as far as they were read."""

    def open(self) -> Opened:
        """Try the keys until one opens the chip and its eMRTD application is selected.

        Raises CardError: NOT_EMRTD, ACCESS_DENIED when no key opens it, or whatever breaks on the way.
        """
        self._look_for_pace(FileReader(self._channel, select=False))
        tries = [*self._pace_tries(), *self._basic_tries()]
        opened = self._run(tries)
        if isinstance(opened, CardError) and not self._choices:
            # Perhaps the master file was not current, or knows no short identifiers: look once more before giving up.
            self._channel.secure = None
            select_master_file(self._channel)
            self._look_for_pace(FileReader(self._channel))
            again = self._run(self._pace_tries())
            opened = again if isinstance(again, Opened) else opened
        if isinstance(opened, CardError) and not self._challenged:
            opened = self._without_protection() or opened
        if isinstance(opened, Opened):
            return opened
        raise opened

    def reopen(self) -> None:
        """Open it again the way that worked. Raises CardError."""
        if self._again is None:
            raise CardError(CardErrorReason.PROTOCOL, "the chip was never opened")
        self._channel.secure = None
        try:
            self._again()
        except CardError as error:
            if error.reason is not CardErrorReason.ACCESS_DENIED:
                raise
            # The keys were right before: this is no word about whose card it is.
            raise CardError(CardErrorReason.PROTOCOL, "cannot be opened again", status_word=error.status_word) from None

    def _run(self, tries: list[_Try]) -> Opened | CardError:
        """The first try that opens the chip, or the last refusal."""
        refusal = CardError(CardErrorReason.ACCESS_DENIED, "; ".join(("no key opens the chip", *self._reasons)))
        first = self._memory.first_label(self._keys)
        for number, attempt in enumerate(sorted(tries, key=lambda attempt: attempt.label != first)):
            if number:
                time.sleep(_SPACING_SECONDS)
            try:
                opened = attempt.run()
            except CardError as error:
                if error.reason is CardErrorReason.NOT_EMRTD:
                    return error
                if error.reason not in (CardErrorReason.ACCESS_DENIED, CardErrorReason.PROTOCOL):
                    raise
                refusal = error
                continue
            self._again = attempt.run
            self._memory.remember(self._keys, attempt.label)
            return opened
        return refusal

    def _look_for_pace(self, reader: FileReader) -> None:
        """Read EF.CardAccess under the master file, which is current after power-up.

        The first command of a document is also the trial of extended length: nothing can be lost by it yet.
        """
        try:
            self.master_files[FileId.CARD_ACCESS] = reader.read(FileId.CARD_ACCESS)
            infos = parse_security_infos(self.master_files[FileId.CARD_ACCESS]).pace
        except (FileRefused, LdsError):
            return
        self._choices, self._reasons = choices(infos)
        self._several = len(infos) > 1

    def _pace_tries(self) -> list[_Try]:
        if not self._choices:
            return []
        passwords = [("PACE CAN", Password(PasswordKind.CAN, self._keys.can))] if self._keys.can else []
        passwords += [
            (f"PACE MRZ {index}", Password(PasswordKind.MRZ, text))
            for index, text in enumerate(self._keys.mrz_information)
        ]
        return [_Try(label, lambda password=password: self._pace(password)) for label, password in passwords]

    def _basic_tries(self) -> list[_Try]:
        return [
            _Try(f"BAC {index}", lambda information=information: self._basic(information))
            for index, information in enumerate(self._keys.mrz_information)
        ]

    def _pace(self, password: Password) -> Opened:
        """PACE with the first offered protocol that the chip begins with this kind of password."""
        if self._again is not None:
            select_master_file(self._channel)
        status = None
        for choice in self._choices:
            try:
                result = pace.authenticate(
                    self._channel, choice, password, ambiguous=self._several, terminal=self._terminal
                )
            except PaceNotOffered as refusal:
                status = refusal.status
                continue
            self._channel.secure = result.session
            if choice.mapping is Mapping.CHIP_AUTHENTICATION or FileId.CARD_SECURITY in self._wanted:
                self._read_card_security()
            select_application(self._channel)
            return Opened(AccessProtocol.PACE, f"{choice.name}, {password.kind.name}", result, choice)
        raise CardError(CardErrorReason.ACCESS_DENIED, "PACE is refused", status_word=status)

    def _read_card_security(self) -> None:
        """The chip's static key of the mapping stands in EF.CardSecurity, under the master file."""
        if FileId.CARD_SECURITY in self.master_files:
            return
        try:
            self.master_files[FileId.CARD_SECURITY] = FileReader(self._channel).read(FileId.CARD_SECURITY)
        except FileRefused:
            return

    def _basic(self, information: str) -> Opened:
        self._channel.secure = None
        select_application(self._channel)
        self._challenged = True
        self._channel.secure = bac.authenticate(self._channel, information)
        return Opened(AccessProtocol.BAC, "BAC, 3DES, MRZ", information=information)

    def _without_protection(self) -> Opened | None:
        """A chip without access control: EF.COM can be read as it is."""
        self._channel.secure = None
        try:
            select_application(self._channel)
            FileReader(self._channel).read(FileId.COM)
        except (CardError, FileRefused):
            return None
        return Opened(AccessProtocol.NONE, "no access control")


def select_application(channel: Channel) -> None:
    """Select the eMRTD application, without Le: some documents refuse it.

    Raises CardError: NOT_EMRTD when the card does not know it, PROTOCOL for other refusals, which may pass.
    """
    response = channel.transmit(Command(0xA4, 0x04, 0x0C, EMRTD_AID))
    if response.ok:
        return
    reason = CardErrorReason.NOT_EMRTD if response.status in _NO_APPLICATION else CardErrorReason.PROTOCOL
    raise CardError(reason, "the eMRTD application cannot be selected", status_word=response.status)


def select_master_file(channel: Channel) -> None:
    """Make the master file current; some cards refuse the command and are there anyway (chip.md section 1.4)."""
    channel.transmit(Command(0xA4, 0x00, 0x0C, MASTER_FILE))
