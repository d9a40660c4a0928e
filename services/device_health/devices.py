"""What each driver says, in the words of the board: one function per device."""

from __future__ import annotations

from drivers.card_terminal.errors import TerminalError, TerminalErrorReason
from drivers.device import DeviceState as Driver
from drivers.document_scanner.errors import ScanError, ScanErrorReason
from drivers.fingerprint.errors import FingerError, FingerErrorReason
from drivers.printer.status import PrinterStatus
from drivers.smartcard.connection import CardError, CardErrorReason
from services.contract.models import DeviceState
from services.device_health.board import Health
from services.failures import JACK_LOST, KEYPAD_LOST, SCANNER_LOST, TOUCH_MISSED, code_of
from services.receipts.printing import code_of_status

READER = "reader"
SCANNER = "scanner"
PRINTER = "printer"
SOUND = "sound"
CARD_TERMINAL = "card-terminal"
FINGER = "finger"
DOCUMENT_SCANNER = "document-scanner"
KEYPAD = "keypad"
JACK = "headphone-socket"
TOUCH = "touch"

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


def of_finger(state: Driver, reason: FingerErrorReason | None) -> Health:
    """The finger reader and why it does not work; there is always another way."""
    return Health(FINGER, _STATES[state], None if reason is None else code_of(FingerError(reason)))


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


def of_keypad(state: Driver) -> Health:
    """The keypad of the listening mode: without it, who cannot see has no keys."""
    return Health(KEYPAD, _STATES[state], KEYPAD_LOST if state is not Driver.ONLINE else None)


def of_jack(state: Driver) -> Health:
    """The switch in the headphone socket: without it nobody knows that headphones are in."""
    return Health(JACK, _STATES[state], JACK_LOST if state is not Driver.ONLINE else None)


def of_touch(missed: int) -> Health:
    """The glass as the technician's grid found it: how many fields took no touch."""
    return Health(TOUCH, DeviceState.HARDWARE_ERROR if missed else DeviceState.ONLINE, TOUCH_MISSED if missed else None)
