"""Selecting and reading files (ISO 7816-4 section 11; ICAO 9303-10 section 3.6): master file and application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulators.chip import der
from simulators.chip.apdu import Command, Refusal, Status
from simulators.chip.content import APPLICATION, ATR_INFO, CARD_ACCESS, CARD_SECURITY, DIR, ChipContent

MASTER_FILE = 0x3F00
"""File identifier of the master file."""
_SHORT_IDS_MASTER = {0x01: ATR_INFO, 0x1C: CARD_ACCESS, 0x1D: CARD_SECURITY, 0x1E: DIR}
_FREE_IN_MASTER = {CARD_ACCESS, ATR_INFO, DIR}


@dataclass
class Rights:
    """What the terminal has proven so far."""

    opened: bool = False
    """BAC or PACE succeeded and secure messaging lives."""
    pace: bool = False
    sensitive: bool = False
    """Terminal authentication succeeded with the right to fingers and irises."""


class FileSystem:
    """Current directory and file of one power-on."""

    def __init__(
        self, content: ChipContent, has_application: bool = True, hidden: frozenset[int] = frozenset()
    ) -> None:
        """`hidden` are files of the master file that cannot be reached."""
        self._content = content
        self._master = {name: data for name, data in content.master.items() if name not in hidden}
        self._has_application = has_application
        self.in_application = False
        self._current: int | None = None

    def select_application(self, name: bytes) -> None:
        """By name. Refusal 6A82 for any other."""
        if name != APPLICATION or not self._has_application:
            raise Refusal(Status.FILE_NOT_FOUND)
        self.in_application, self._current = True, None

    def select_master(self) -> None:
        """Back to the master file."""
        self.in_application, self._current = False, None

    def select_file(self, identifier: int, rights: Rights) -> None:
        """An elementary file of the current directory. Refusal 6A82 or 6982."""
        self._check(identifier, rights)
        self._current = identifier

    def read(self, command: Command, rights: Rights, short_ids: bool = True) -> tuple[bytes, bool]:
        """READ BINARY, even or odd: the data asked for, and whether the file ends before `ne`.

        For the odd instruction the data is what goes inside the discretionary data object.
        """
        identifier, offset = self._target(command, short_ids)
        self._check(identifier, rights)
        self._current = identifier
        whole = self._files()[identifier]
        if offset >= len(whole):
            raise Refusal(Status.WRONG_OFFSET)
        part = whole[offset : offset + command.ne]
        return part, offset + command.ne > len(whole)

    def _target(self, command: Command, short_ids: bool) -> tuple[int, int]:
        if command.ins & 1:
            offset = der.fields(command.data).get(0x54)
            if offset is None:
                raise Refusal(Status.WRONG_DATA)
            place = int.from_bytes(offset, "big")
            if command.p1p2 == 0:
                return self._selected(), place
            if command.p1p2 < 0x1F:
                return self._by_short_id(command.p2, short_ids), place
            return command.p1p2, place
        if command.p1 & 0x80:
            return self._by_short_id(command.p1 & 0x1F, short_ids), command.p2
        return self._selected(), command.p1p2

    def _selected(self) -> int:
        if self._current is None:
            raise Refusal(Status.NO_CURRENT_FILE)
        return self._current

    def _by_short_id(self, number: int, allowed: bool) -> int:
        if not allowed:
            raise Refusal(Status.FILE_NOT_FOUND)
        if self.in_application:
            return 0x0100 | number
        return _SHORT_IDS_MASTER.get(number, 0)

    def _files(self) -> Mapping[int, bytes]:
        return self._content.application if self.in_application else self._master

    def _check(self, identifier: int, rights: Rights) -> None:
        if self.in_application:
            if not rights.opened:
                raise Refusal(Status.SECURITY_STATUS)
            if identifier & 0xFF in self._content.protected_groups and not rights.sensitive:
                raise Refusal(Status.SECURITY_STATUS)
        elif identifier not in _FREE_IN_MASTER and identifier in self._master and not rights.pace:
            raise Refusal(Status.SECURITY_STATUS)
        if identifier not in self._files():
            raise Refusal(Status.FILE_NOT_FOUND)
