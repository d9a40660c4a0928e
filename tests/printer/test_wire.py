"""The driver against a printer on TCP and on a pseudo-terminal: every way paper, cover, cutter and wire can fail."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from drivers.device import Answer, DeviceState
from drivers.printer import (
    EscPosPrinter,
    NetworkAddress,
    PaperState,
    PrinterError,
    PrinterErrorReason,
    PrinterProfile,
    SerialLine,
    UsbFile,
)
from drivers.printer.capabilities import CutMode
from drivers.printer.decode import decode

pytestmark = pytest.mark.wire
FAST = PrinterProfile(answer_seconds=0.5, stall_seconds=1.0, finish_seconds=5.0)
Start = Callable[..., Any]


def over_network(simulator: Any, profile: PrinterProfile = FAST) -> EscPosPrinter:
    return EscPosPrinter(NetworkAddress(simulator.facts["host"], simulator.facts["port"]), profile)


def ink_of(picture: Image.Image, height: int) -> bytes:
    return picture.convert("1").crop((0, 0, 576, height)).tobytes()


def test_a_slip_comes_out_whole_and_cut(simulated_printer: Start, test_picture: Image.Image) -> None:
    simulator = simulated_printer()
    printer = over_network(simulator)
    status = printer.print_picture(test_picture)
    assert status.can_print and status.paper is PaperState.FULL
    assert ink_of(simulator.picture(), 400) == test_picture.tobytes()
    decoded = decode(simulator.raw())
    assert [slip.cut for slip in decoded] == [True]
    assert ink_of(decoded[0].picture, 400) == test_picture.tobytes()
    assert simulator.state()["unknown_commands"] == 0
    assert printer.capabilities.confirms is Answer.SUPPORTED
    assert printer.capabilities.paper_sensors is Answer.SUPPORTED


@pytest.mark.parametrize(
    ("verb", "body", "undo", "reason", "device"),
    [
        ("paper", {"state": "out"}, {"state": "ok"}, PrinterErrorReason.PAPER_OUT, DeviceState.USER_ERROR),
        ("cover", {"state": "open"}, {"state": "closed"}, PrinterErrorReason.COVER_OPEN, DeviceState.USER_ERROR),
        ("jam", {}, {"on": False}, PrinterErrorReason.CUTTER, DeviceState.USER_ERROR),
        ("heat", {}, {"on": False}, PrinterErrorReason.OVERHEATED, DeviceState.OFFLINE),
        ("fault", {}, {"on": False}, PrinterErrorReason.HARDWARE, DeviceState.HARDWARE_ERROR),
        ("mute", {}, {"on": False}, PrinterErrorReason.SILENT, DeviceState.OFFLINE),
        ("offline", {}, {"on": False}, PrinterErrorReason.ABSENT, DeviceState.NO_DEVICE),
    ],
)
def test_a_fault_before_the_slip_is_named_and_nothing_is_printed(
    simulated_printer: Start,
    test_picture: Image.Image,
    verb: str,
    body: dict[str, object],
    undo: dict[str, object],
    reason: PrinterErrorReason,
    device: DeviceState,
) -> None:
    simulator = simulated_printer()
    printer = over_network(simulator)
    simulator.do(verb, **body)
    with pytest.raises(PrinterError) as caught:
        printer.print_picture(test_picture)
    assert caught.value.reason is reason and not caught.value.started
    assert printer.status().device is device
    assert simulator.state()["hanging_rows"] == 0 and simulator.state()["slips"] == 0
    simulator.do(verb, **undo)
    assert printer.print_picture(test_picture).can_print
    assert simulator.state()["slips"] == 1


def test_paper_that_ends_in_mid_slip_is_not_ok_and_nothing_is_printed_after_the_refill(
    simulated_printer: Start, test_picture: Image.Image
) -> None:
    simulator = simulated_printer()
    printer = over_network(simulator)
    simulator.do("paper", state="out", after_rows=150)
    with pytest.raises(PrinterError) as caught:
        printer.print_picture(test_picture)
    assert caught.value.reason is PrinterErrorReason.PAPER_OUT and caught.value.started
    simulator.do("paper", state="ok")
    assert printer.status().can_print
    assert simulator.state()["hanging_rows"] == 150 and simulator.state()["waiting_bytes"] == 0
    printer.print_picture(test_picture)
    # The half slip was cut off by itself before the new one: nobody gets a stranger's half.
    assert simulator.state()["slips"] == 2
    assert ink_of(simulator.picture(), 400) == test_picture.tobytes()


def test_a_cover_opened_in_mid_slip_is_named(simulated_printer: Start, test_picture: Image.Image) -> None:
    simulator = simulated_printer("--rows-per-second", "300")
    printer = over_network(simulator)
    opener = threading.Timer(0.4, lambda: simulator.do("cover", state="open"))
    opener.start()
    with pytest.raises(PrinterError) as caught:
        printer.print_picture(test_picture)
    opener.join()
    assert caught.value.reason is PrinterErrorReason.COVER_OPEN and caught.value.started


def test_a_cutter_that_jams_at_the_cut_is_not_ok_and_recovers_when_freed(
    simulated_printer: Start, test_picture: Image.Image
) -> None:
    simulator = simulated_printer()
    printer = over_network(simulator)
    simulator.do("jam", at="cut")
    with pytest.raises(PrinterError) as caught:
        printer.print_picture(test_picture)
    assert caught.value.reason is PrinterErrorReason.CUTTER and caught.value.started
    simulator.do("jam", on=False)
    assert printer.print_picture(test_picture).can_print


def test_a_slip_that_ends_with_the_roll_is_ok_and_the_state_says_paper_out(
    simulated_printer: Start, test_picture: Image.Image
) -> None:
    simulator = simulated_printer()
    printer = over_network(simulator)
    assert printer.print_picture(test_picture).can_print
    simulator.do("paper", state="low")
    assert printer.print_picture(test_picture).paper is PaperState.LOW
    simulator.do("paper", state="out")
    assert printer.status().paper is PaperState.OUT


def test_a_connection_dropped_in_mid_slip_is_lost_and_the_next_slip_is_whole(
    simulated_printer: Start, test_picture: Image.Image
) -> None:
    simulator = simulated_printer("--rows-per-second", "300")
    printer = over_network(simulator)
    dropper = threading.Timer(0.4, lambda: simulator.do("drop"))
    dropper.start()
    with pytest.raises(PrinterError) as caught:
        printer.print_picture(test_picture)
    dropper.join()
    assert caught.value.reason is PrinterErrorReason.LOST and caught.value.started and caught.value.retry
    simulator.do("slow", rows_per_second=0)
    printer.print_picture(test_picture)
    assert ink_of(simulator.picture(), 400) == test_picture.tobytes()


def test_a_printer_that_falls_silent_in_mid_slip_is_silent(simulated_printer: Start, test_picture: Image.Image) -> None:
    simulator = simulated_printer("--rows-per-second", "300")
    printer = over_network(simulator)
    muter = threading.Timer(0.4, lambda: simulator.do("mute"))
    muter.start()
    with pytest.raises(PrinterError) as caught:
        printer.print_picture(test_picture)
    muter.join()
    assert caught.value.reason is PrinterErrorReason.SILENT and caught.value.started
    assert printer.last is not None and printer.last.problem is PrinterErrorReason.SILENT


def test_a_simpler_model_is_learnt_and_still_prints(simulated_printer: Start, test_picture: Image.Image) -> None:
    simulator = simulated_printer()
    simulator.do("unknown", questions=[3], in_order=False)
    printer = over_network(simulator)
    assert printer.print_picture(test_picture).can_print
    assert printer.capabilities.error_causes is Answer.NOT_SUPPORTED
    assert printer.capabilities.confirms is Answer.NOT_SUPPORTED
    assert printer.capabilities.offline_causes is Answer.SUPPORTED
    simulator.do("paper", state="out")
    assert printer.status().problem is PrinterErrorReason.PAPER_OUT


def test_a_silent_moment_does_not_teach_that_a_question_is_unknown(simulated_printer: Start) -> None:
    simulator = simulated_printer()
    printer = over_network(simulator)
    assert printer.status().can_print
    simulator.do("unknown", questions=[3])
    assert printer.status().problem is PrinterErrorReason.SILENT
    simulator.do("unknown", questions=[])
    assert printer.status().can_print
    assert printer.capabilities.error_causes is Answer.SUPPORTED


def test_a_wrong_address_is_an_absent_printer() -> None:
    printer = EscPosPrinter(NetworkAddress("127.0.0.1", 1), FAST)
    assert printer.status().device is DeviceState.NO_DEVICE
    with pytest.raises(PrinterError) as caught:
        printer.print_picture(Image.new("1", (576, 10), 1))
    assert caught.value.reason is PrinterErrorReason.ABSENT


def test_two_programs_share_a_network_printer(simulated_printer: Start, test_picture: Image.Image) -> None:
    simulator = simulated_printer()
    kiosk, doctor = over_network(simulator), over_network(simulator)
    assert kiosk.status().can_print and doctor.status().can_print
    kiosk.print_picture(test_picture)
    assert doctor.status().can_print


def test_a_printer_without_cutter_is_fed_to_the_tear_bar(simulated_printer: Start, test_picture: Image.Image) -> None:
    simulator = simulated_printer()
    printer = over_network(simulator, replace(FAST, cut=CutMode.NONE))
    assert printer.print_picture(test_picture).can_print
    assert simulator.state()["hanging_rows"] == 400 + 160
    assert simulator.state()["slips"] == 0


@pytest.mark.parametrize("kind", [SerialLine, UsbFile])
def test_serial_lines_and_usb_files_print_and_come_back_ten_times(
    simulated_printer: Start, tmp_path: Any, kind: Callable[[str], Any], test_picture: Image.Image
) -> None:
    link = str(tmp_path / "printer")
    simulator = simulated_printer("--pty", "--link", link)
    printer = EscPosPrinter(kind(link), FAST)
    for number in range(10):
        assert printer.print_picture(test_picture).can_print
        assert simulator.state()["slips"] == number + 1
        simulator.do("offline")
        assert printer.status().device is DeviceState.NO_DEVICE
        simulator.do("offline", on=False)
    assert printer.status().can_print
    printer.close()


def test_a_slow_line_is_not_taken_for_silence(
    simulated_printer: Start, tmp_path: Any, test_picture: Image.Image
) -> None:
    link = str(tmp_path / "printer")
    simulator = simulated_printer("--pty", "--link", link, "--baud", "38400")
    part = test_picture.crop((0, 0, 576, 80))
    # One band takes 1.2 s on this line, an answer may take 0.3 s.
    printer = EscPosPrinter(SerialLine(link, 38400), replace(FAST, answer_seconds=0.3, stall_seconds=0.3))
    assert printer.print_picture(part).can_print
    assert ink_of(simulator.picture(), 80) == part.tobytes()
    printer.close()


def test_a_network_printer_goes_and_comes_back_ten_times_and_leaves_nothing_behind(
    simulated_printer: Start, test_picture: Image.Image, caplog: pytest.LogCaptureFixture
) -> None:
    simulator = simulated_printer("--rows-per-second", "0")
    printer = over_network(simulator)
    assert printer.status().can_print
    descriptors, threads = len(os.listdir("/proc/self/fd")), threading.active_count()
    caplog.set_level(logging.DEBUG, "drivers.printer.printer")
    for _ in range(10):
        simulator.do("offline")
        assert [printer.status().device for _ in range(3)] == [DeviceState.NO_DEVICE] * 3
        simulator.do("offline", on=False)
        assert printer.print_picture(test_picture).can_print
    assert len(os.listdir("/proc/self/fd")) <= descriptors
    assert threading.active_count() <= threads
    # Once when it is lost, once when it is back.
    said = [record.getMessage() for record in caplog.records if ", paper " in record.getMessage()]
    assert [" noDevice," in line for line in said] == [True, False] * 10


def test_the_wrong_width_is_refused_before_anything_is_sent(simulated_printer: Start) -> None:
    simulator = simulated_printer()
    with pytest.raises(ValueError, match="576"):
        over_network(simulator).print_picture(Image.new("1", (512, 10), 1))
    assert simulator.state()["received_bytes"] == 0
