"""The demo's own terminal: a laboratory's certificates and key from a folder. No kiosk for people has such a key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.smartcard.terminal_desk import TerminalDesk
from services.journeys.ports import Offload

if TYPE_CHECKING:
    from drivers.emrtd.terminal_file import TerminalFiles


class LaboratoryDesk:
    """drivers.smartcard.terminal_desk.TerminalDesk over a folder that is read when a card first asks."""

    def __init__(self, folder: Path, offload: Offload) -> None:
        self._folder = folder
        self._offload = offload
        self._files: TerminalFiles | None = None

    async def chain(self, authority: bytes) -> Sequence[bytes]:
        """Raises LookupError, and what a folder without usable files raises."""
        return await self._offload("terminal", lambda: self._opened().chain(authority))

    async def sign(self, data: bytes) -> bytes:
        """Sign with the folder's key."""
        return await self._offload("terminal", lambda: self._opened().sign(data))

    def _opened(self) -> TerminalFiles:
        from drivers.emrtd.terminal_file import TerminalFiles

        if self._files is None:
            self._files = TerminalFiles(self._folder)
        return self._files


def desk_of(fingerprints: bool, folder: Path | None, gateway: TerminalDesk, offload: Offload) -> TerminalDesk | None:
    """Who signs for chips: nobody unless the site reads fingers; a laboratory's folder goes before the gateway."""
    if not fingerprints:
        return None
    return gateway if folder is None else LaboratoryDesk(folder, offload)
