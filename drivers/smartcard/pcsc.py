"""PC/SC connections over pyscard's low-level functions: exclusive, one context each, every code mapped to CardError.

pcsc-lite finds its service by the environment variable PCSCLITE_CSOCK_NAME, else at the system's place.
"""

from __future__ import annotations

import time
from types import TracebackType

from smartcard import scard

from drivers.smartcard.codes import card_error, check

_PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
_WRONG_LENGTH = 0x6700
_SHORT_APDU = 261
_BUSY_SECONDS = 3.0
"""How long a reader may still be held, e.g. by the daemon's cleaning up after a killed client."""
_TOO_LONG = frozenset(
    {scard.SCARD_E_NOT_TRANSACTED, scard.SCARD_E_INSUFFICIENT_BUFFER, scard.SCARD_E_INVALID_PARAMETER}
)


class Context:
    """A PC/SC context; not shared between threads."""

    def __init__(self) -> None:
        """Raises CardError(NO_SERVICE) when the service does not run."""
        code, self.handle = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        check(code, "establish context")

    def readers(self) -> tuple[str, ...]:
        """Names of the readers, none when there are none. Raises CardError."""
        code, names = scard.SCardListReaders(self.handle, [])
        if code == scard.SCARD_E_NO_READERS_AVAILABLE:
            return ()
        check(code, "list readers")
        return tuple(names)

    def close(self) -> None:
        """Give the context back; a dead one is simply dropped."""
        scard.SCardReleaseContext(self.handle)

    def __enter__(self) -> Context:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class PcscConnection:
    """A card held exclusively (drivers.smartcard.connection.CardConnection). Use as a context manager.

    A card is reset when it is connected and not when it is let go: who lifts a card while pcscd 1.9.9 resets it leaves
    the daemon in the belief that there is none, until it is lifted once more.
    """

    def __init__(self, reader: str, *, untouched: bool = False) -> None:
        """Connect to the card on `reader`. `untouched`: nobody used it since it was laid down, so the reset is spared.

        Raises CardError.
        """
        self._context = Context()
        try:
            self._card, self._protocol = _connect(self._context.handle, reader)
            if not untouched:
                self._reset()
            code, _name, _state, _protocol, atr = scard.SCardStatus(self._card)
            if code != scard.SCARD_S_SUCCESS:
                scard.SCardDisconnect(self._card, scard.SCARD_LEAVE_CARD)
                raise card_error(code, "card status")
        except BaseException:
            self._context.close()
            raise
        self._atr = bytes(atr)

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._atr

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        """Send one command, return data and status word. Raises CardError.

        A reader that cannot carry an extended APDU fails in several ways (chip.md section 4); it then answers 6700, as
        a chip without extended length does, so that the layers above have one case to handle.
        """
        code, response = scard.SCardTransmit(self._card, self._protocol, list(apdu))
        if code in _TOO_LONG and _is_extended(apdu) and self._present():
            return b"", _WRONG_LENGTH
        if code in _TOO_LONG and not self._present():
            code = scard.SCARD_W_REMOVED_CARD
        check(code, "transmit")
        if len(response) < 2:
            # A card pulled away in mid-command: success without a single byte (pcsc.md).
            raise card_error(scard.SCARD_W_REMOVED_CARD, "transmit: empty response")
        answer = bytes(response)
        return answer[:-2], int.from_bytes(answer[-2:], "big")

    def _present(self) -> bool:
        return scard.SCardStatus(self._card)[0] == scard.SCARD_S_SUCCESS

    def _reset(self) -> None:
        """No session survives, and the master file is selected again."""
        code, protocol = scard.SCardReconnect(
            self._card, scard.SCARD_SHARE_EXCLUSIVE, _PROTOCOLS, scard.SCARD_RESET_CARD
        )
        if code != scard.SCARD_S_SUCCESS:
            scard.SCardDisconnect(self._card, scard.SCARD_LEAVE_CARD)
            raise card_error(code, "reset")
        self._protocol = protocol

    def close(self) -> None:
        """Let the card go."""
        scard.SCardDisconnect(self._card, scard.SCARD_LEAVE_CARD)
        self._context.close()

    def __enter__(self) -> PcscConnection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _connect(context: int, reader: str) -> tuple[int, int]:
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        code, card, protocol = scard.SCardConnect(context, reader, scard.SCARD_SHARE_EXCLUSIVE, _PROTOCOLS)
        if code == scard.SCARD_S_SUCCESS:
            return card, protocol
        if code != scard.SCARD_E_SHARING_VIOLATION or time.monotonic() > deadline:
            raise card_error(code, "connect")
        time.sleep(0.05)


def _is_extended(apdu: bytes) -> bool:
    return len(apdu) > _SHORT_APDU or (len(apdu) >= 7 and apdu[4] == 0)
