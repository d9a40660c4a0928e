"""What each driver says, in the words of the board: one function per device."""

from __future__ import annotations

from drivers.card_terminal.errors import TerminalError, TerminalErrorReason
from drivers.device import DeviceState as Driver
from drivers.document_scanner.errors import ScanError, ScanErrorReason
from drivers.printer.status import PrinterStatus
from drivers.smartcard.connection import CardError, CardErrorReason
from services.contract.models import DeviceState
from services.device_health.board import Health
from services.failures import FINGER_LOST, SCANNER_LOST, code_of
from services.receipts.printing import code_of_status

READER = "reader"
SCANNER = "scanner"
PRINTER = "printer"
SOUND = "sound"
CARD_TERMINAL = "card-terminal"
FINGER = "finger"
DOCUMENT_SCANNER = "document-scanner"

_STATES: dict[Driver, DeviceState] = {
    Driver.UNKNOWN: DeviceState.UNKNOWN,
    Driver.NOT_SUPPORTED: DeviceState.NOT_SUPPORTED,
    Driver.ONLINE: DeviceState.ONLINE,
    Driver.OFFLINE: DeviceState.OFFLINE,
    Driver.NO_DEVICE: DeviceState.NO_DEVICE,
    Driver.HARDWARE_ERROR: DeviceState.HARDWARE_ERROR,
    Driver.USER_ERROR: DeviceState.USER_ERROR,
    Driver.BUSY: DeviceState.ONLINE,
}


def of_reader(error: CardError | None) -> Health:
    """The card reader: `error` is why there is none, None when there is one."""
    if error is None:
        return Health(READER, DeviceState.ONLINE)
    state = DeviceState.NO_DEVICE if error.reason is CardErrorReason.NO_READER else DeviceState.OFFLINE
    return Health(READER, state, code_of(error))


def of_scanner(state: Driver) -> Health:
    """The QR scanner."""
    lost = state in {Driver.NO_DEVICE, Driver.OFFLINE, Driver.HARDWARE_ERROR}
    return Health(SCANNER, _STATES[state], SCANNER_LOST if lost else None)


def of_finger(state: Driver) -> Health:
    """The finger reader: there is always another way."""
    lost = state in {Driver.NO_DEVICE, Driver.OFFLINE, Driver.HARDWARE_ERROR, Driver.USER_ERROR}
    return Health(FINGER, _STATES[state], FINGER_LOST if lost else None)


def of_document_scanner(state: Driver, reason: ScanErrorReason | None) -> Health:
    """The document scanner and why it does not work; photographs and originals are always another way."""
    return Health(DOCUMENT_SCANNER, _STATES[state], None if reason is None else code_of(ScanError(reason)))


def of_printer(status: PrinterStatus) -> Health:
    """The receipt printer."""
    return Health(PRINTER, _STATES[status.device], code_of_status(status))


def of_card_terminal(state: Driver) -> Health:
    """The card terminal: unplugged, or there and unable to take cards."""
    reasons = {Driver.NO_DEVICE: TerminalErrorReason.ABSENT, Driver.OFFLINE: TerminalErrorReason.REFUSED}
    reason = reasons.get(state)
    return Health(CARD_TERMINAL, _STATES[state], None if reason is None else code_of(TerminalError(reason)))


def of_sound(state: Driver) -> Health:
    """The loudspeaker; a kiosk built without one says NOT_SUPPORTED. Everything it says is on the screen too."""
    return Health(SOUND, _STATES[state], "AU-01" if state is Driver.NO_DEVICE else None)
