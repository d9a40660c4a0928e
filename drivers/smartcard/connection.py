"""The seam of every chip protocol: one method, bytes in, data and status word out."""

from __future__ import annotations

from enum import Enum
from typing import Protocol


class CardConnection(Protocol):
    """A card that was connected exclusively. Raises CardError when it cannot answer."""

    @property
    def atr(self) -> bytes:
        """Answer to reset (ISO 7816-3; for contactless cards as PC/SC part 3 builds it)."""
        ...

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        """Send one command APDU; return response data and the status word SW1SW2 (0x9000 …)."""
        ...


class CardErrorReason(Enum):
    """What to fix. Codes of the registry are mapped from (CardError, reason)."""

    REMOVED = "removed"
    """The card was taken away in mid-command (an empty response, SCARD_W_REMOVED_CARD)."""
    MUTE = "mute"
    """The card did not answer in time; the worker was killed."""
    NO_READER = "no-reader"
    NO_SERVICE = "no-service"
    """pcscd is not running."""
    NOT_EMRTD = "not-emrtd"
    """The card has no eMRTD application."""
    ACCESS_DENIED = "access-denied"
    """No key of the list opened the chip: wrong QR, or another person's."""
    PROTOCOL = "protocol"
    """The chip answered something the standard does not allow."""
    WORKER = "worker"
    """The card worker itself failed."""


class CardError(Exception):
    """The one error of cards. `retry` tells whether laying the card down again can help."""

    def __init__(self, reason: CardErrorReason, detail: str = "", *, status_word: int | None = None) -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
        self.status_word = status_word

    @property
    def retry(self) -> bool:
        """Whether the same card may be read again with hope."""
        return self.reason in {
            CardErrorReason.REMOVED,
            CardErrorReason.MUTE,
            CardErrorReason.PROTOCOL,
            CardErrorReason.WORKER,
        }
