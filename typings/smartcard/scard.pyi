# What drivers/smartcard uses of pyscard's low-level module. Every function returns the PC/SC code first.
from collections.abc import Sequence

SCARD_S_SUCCESS: int
SCARD_E_CANCELLED: int
SCARD_E_TIMEOUT: int
SCARD_E_SHARING_VIOLATION: int
SCARD_E_NO_SMARTCARD: int
SCARD_E_NO_SERVICE: int
SCARD_E_SERVICE_STOPPED: int
SCARD_E_NO_READERS_AVAILABLE: int
SCARD_E_UNKNOWN_READER: int
SCARD_E_READER_UNAVAILABLE: int
SCARD_E_INVALID_HANDLE: int
SCARD_E_INVALID_PARAMETER: int
SCARD_E_INSUFFICIENT_BUFFER: int
SCARD_E_NOT_TRANSACTED: int
SCARD_E_PROTO_MISMATCH: int
SCARD_E_NOT_READY: int
SCARD_F_COMM_ERROR: int
SCARD_W_REMOVED_CARD: int
SCARD_W_RESET_CARD: int
SCARD_W_UNPOWERED_CARD: int
SCARD_W_UNRESPONSIVE_CARD: int
SCARD_W_UNSUPPORTED_CARD: int
SCARD_W_SECURITY_VIOLATION: int
SCARD_SCOPE_USER: int
SCARD_SHARE_EXCLUSIVE: int
SCARD_PROTOCOL_T0: int
SCARD_PROTOCOL_T1: int
SCARD_LEAVE_CARD: int
SCARD_RESET_CARD: int
SCARD_UNPOWER_CARD: int
SCARD_STATE_UNAWARE: int
SCARD_STATE_PRESENT: int
SCARD_STATE_MUTE: int
SCARD_STATE_UNKNOWN: int
SCARD_STATE_UNAVAILABLE: int

def SCardEstablishContext(scope: int, /) -> tuple[int, int]: ...
def SCardReleaseContext(context: int, /) -> int: ...
def SCardIsValidContext(context: int, /) -> int: ...
def SCardListReaders(context: int, groups: Sequence[str], /) -> tuple[int, list[str]]: ...
def SCardConnect(context: int, reader: str, share: int, protocols: int, /) -> tuple[int, int, int]: ...
def SCardReconnect(card: int, share: int, protocols: int, initialization: int, /) -> tuple[int, int]: ...
def SCardDisconnect(card: int, disposition: int, /) -> int: ...
def SCardStatus(card: int, /) -> tuple[int, str, int, int, list[int]]: ...
def SCardTransmit(card: int, protocol: int, command: Sequence[int], /) -> tuple[int, list[int]]: ...
def SCardGetStatusChange(
    context: int, timeout: int, states: Sequence[tuple[str, int]], /
) -> tuple[int, list[tuple[str, int, list[int]]]]: ...
def SCardCancel(context: int, /) -> int: ...
def SCardGetErrorMessage(code: int, /) -> str: ...
