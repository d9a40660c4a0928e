"""A device's change is told once, in words the fleet and the technician share."""

from __future__ import annotations

import logging

import pytest

from drivers.device import DeviceState as Driver
from drivers.printer.errors import PrinterErrorReason
from drivers.printer.status import NO_PRINTER, SILENT_PRINTER, PrinterStatus
from drivers.smartcard.connection import CardError, CardErrorReason
from services.contract.models import DeviceState
from services.device_health import Health, HealthBoard, of_printer, of_reader, of_scanner, of_sound
from services.failures import REGISTRY

GOOD = Health("printer", DeviceState.ONLINE)
OUT = Health("printer", DeviceState.USER_ERROR, "PR-02")


def test_listeners_hear_changes_only() -> None:
    board, heard = HealthBoard(), list[Health]()
    board.on_change(heard.append)
    assert [board.report(each) for each in (GOOD, GOOD, OUT, OUT, GOOD)] == [True, False, True, False, True]
    assert heard == [GOOD, OUT, GOOD]


def test_loss_and_recovery_are_logged_once_each(caplog: pytest.LogCaptureFixture) -> None:
    board = HealthBoard()
    with caplog.at_level(logging.INFO):
        for each in (GOOD, OUT, OUT, GOOD, GOOD):
            board.report(each)
    assert [record.getMessage() for record in caplog.records] == ["printer: user-error (PR-02)", "printer: online"]


def test_what_does_not_work_comes_first() -> None:
    board = HealthBoard()
    for each in (GOOD, Health("reader", DeviceState.NO_DEVICE, "CR-01"), Health("sound", DeviceState.NOT_SUPPORTED)):
        board.report(each)
    assert [each.device for each in board.now()] == ["reader", "printer", "sound"]
    assert board.reports()[0].failure_code == "CR-01"


@pytest.mark.parametrize(
    ("reason", "state", "code"),
    [
        (CardErrorReason.NO_READER, DeviceState.NO_DEVICE, "CR-01"),
        (CardErrorReason.NO_SERVICE, DeviceState.OFFLINE, "CR-02"),
    ],
)
def test_a_lost_reader_is_told_apart_from_a_stopped_service(
    reason: CardErrorReason, state: DeviceState, code: str
) -> None:
    assert of_reader(CardError(reason)) == Health("reader", state, code)
    assert of_reader(None).works


def test_a_printer_says_what_keeps_it_from_printing() -> None:
    assert of_printer(NO_PRINTER) == Health("printer", DeviceState.NO_DEVICE, "PR-01")
    assert of_printer(SILENT_PRINTER) == Health("printer", DeviceState.OFFLINE, "PR-05")
    out = PrinterStatus(device=Driver.USER_ERROR, problem=PrinterErrorReason.PAPER_OUT)
    assert of_printer(out) == OUT
    assert of_printer(PrinterStatus(device=Driver.ONLINE)).works


@pytest.mark.parametrize("reason", PrinterErrorReason)
def test_every_problem_of_a_printer_has_a_registered_code(reason: PrinterErrorReason) -> None:
    assert of_printer(PrinterStatus(device=Driver.OFFLINE, problem=reason)).failure_code in REGISTRY


@pytest.mark.parametrize("state", Driver)
def test_every_state_of_a_driver_has_its_word(state: Driver) -> None:
    assert of_scanner(state).device == "scanner"
    assert (of_sound(state).failure_code == "AU-01") == (state is Driver.NO_DEVICE)
    assert (of_scanner(state).failure_code is None) == (
        state in {Driver.UNKNOWN, Driver.NOT_SUPPORTED, Driver.ONLINE, Driver.USER_ERROR, Driver.BUSY}
    )


def test_a_kiosk_without_a_loudspeaker_is_whole() -> None:
    assert of_sound(Driver.NOT_SUPPORTED).works
