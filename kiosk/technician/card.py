"""A technician's card at this kiosk's reader: asked to prove itself, judged by the book of known cards."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Protocol

import trio

from drivers.smartcard.connection import CardError
from drivers.smartcard.presence import CardPresence
from drivers.smartcard.proof import CardProof
from services.journeys.ports import Offload
from services.technician.cards import CHALLENGE_BYTES, CardBook

DEVICE = "technician"


class Reader(Protocol):
    """What of the card reader is used here."""

    @property
    def card(self) -> CardPresence | None:
        """What lies there."""
        ...

    async def inserted(self, *, after: int = -1) -> CardPresence:
        """Wait for a card."""
        ...

    async def prove(self, card: CardPresence, challenge: bytes) -> CardProof | None:
        """Let it sign."""
        ...


class TechnicianCards:
    """Which card lets a technician in. A site without such cards never asks a citizen's card anything here."""

    def __init__(self, folder: Path, reader: Reader, offload: Offload) -> None:
        self._book = CardBook(folder)
        self._reader, self._offload = reader, offload

    async def opened_by(self, card: CardPresence) -> bool:
        """Whether it is known and signs a fresh challenge now."""
        if not await self._offload(DEVICE, lambda: self._book.names):
            return False
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        try:
            proof = await self._reader.prove(card, challenge)
        except CardError:
            return False
        return (
            proof is not None
            and await self._offload(DEVICE, lambda: self._book.opened_by(proof, challenge)) is not None
        )

    async def lies_here(self) -> bool:
        """Whether such a card lies there now."""
        card = self._reader.card
        return card is not None and await self.opened_by(card)

    async def laid_down(self) -> None:
        """Wait until one is laid down."""
        lying = self._reader.card
        after = -1 if lying is None else lying.serial
        while True:
            card = await self._reader.inserted(after=after)
            if await self.opened_by(card):
                return
            after = card.serial
            await trio.lowlevel.checkpoint()
