"""PC/SC return codes (PC/SC part 5, pcsc-lite's pcsclite.h) in the words of this house."""

from __future__ import annotations

from smartcard import scard

from drivers.smartcard.connection import CardError, CardErrorReason

_REASONS = {
    scard.SCARD_W_REMOVED_CARD: CardErrorReason.REMOVED,
    scard.SCARD_E_NO_SMARTCARD: CardErrorReason.REMOVED,
    scard.SCARD_W_UNPOWERED_CARD: CardErrorReason.REMOVED,
    scard.SCARD_W_UNRESPONSIVE_CARD: CardErrorReason.MUTE,
    scard.SCARD_E_NO_READERS_AVAILABLE: CardErrorReason.NO_READER,
    scard.SCARD_E_UNKNOWN_READER: CardErrorReason.NO_READER,
    scard.SCARD_E_READER_UNAVAILABLE: CardErrorReason.NO_READER,
    scard.SCARD_E_NO_SERVICE: CardErrorReason.NO_SERVICE,
    scard.SCARD_E_SERVICE_STOPPED: CardErrorReason.NO_SERVICE,
    scard.SCARD_E_INVALID_HANDLE: CardErrorReason.NO_SERVICE,
    scard.SCARD_F_COMM_ERROR: CardErrorReason.NO_SERVICE,
    scard.SCARD_W_UNSUPPORTED_CARD: CardErrorReason.NOT_EMRTD,
    scard.SCARD_E_PROTO_MISMATCH: CardErrorReason.NOT_EMRTD,
    scard.SCARD_W_SECURITY_VIOLATION: CardErrorReason.NO_SERVICE,  # it refuses this user, or died while it was asked
    scard.SCARD_W_RESET_CARD: CardErrorReason.PROTOCOL,
    scard.SCARD_E_NOT_TRANSACTED: CardErrorReason.PROTOCOL,
    scard.SCARD_E_SHARING_VIOLATION: CardErrorReason.WORKER,
}


def card_error(code: int, doing: str) -> CardError:
    """The error for a PC/SC code; unknown codes are kept in the detail."""
    reason = _REASONS.get(code, CardErrorReason.WORKER)
    return CardError(reason, f"{doing}: PC/SC {code & 0xFFFFFFFF:08X}")


def check(code: int, doing: str) -> None:
    """Raise the error unless the code is success."""
    if code != scard.SCARD_S_SUCCESS:
        raise card_error(code, doing)
