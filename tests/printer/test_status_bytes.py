"""Bytes of DLE EOT 1 to 4 and what they mean; values as in the ESC/POS reference, fixed bits 0x12."""

from __future__ import annotations

import pytest

from drivers.device import DeviceState
from drivers.printer.errors import PrinterErrorReason as Reason
from drivers.printer.status import (
    CoverState,
    CutterState,
    HeadState,
    PaperState,
    is_ordered_answer,
    is_realtime_answer,
    parse_status,
)

READY = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}


@pytest.mark.parametrize(
    ("changed", "device", "problem", "paper"),
    [
        ({}, DeviceState.ONLINE, None, PaperState.FULL),
        ({1: 0x16}, DeviceState.ONLINE, None, PaperState.FULL),  # drawer pin high
        ({4: 0x1E}, DeviceState.ONLINE, None, PaperState.LOW),
        ({1: 0x1A, 2: 0x32, 4: 0x7E}, DeviceState.USER_ERROR, Reason.PAPER_OUT, PaperState.OUT),
        ({4: 0x72}, DeviceState.USER_ERROR, Reason.PAPER_OUT, PaperState.OUT),
        ({1: 0x1A, 2: 0x16}, DeviceState.USER_ERROR, Reason.COVER_OPEN, PaperState.FULL),
        ({1: 0x1A, 2: 0x36, 4: 0x7E}, DeviceState.USER_ERROR, Reason.COVER_OPEN, PaperState.OUT),
        ({1: 0x3A, 2: 0x52, 3: 0x1A}, DeviceState.USER_ERROR, Reason.CUTTER, PaperState.FULL),
        ({1: 0x1A, 2: 0x52, 3: 0x16}, DeviceState.USER_ERROR, Reason.CUTTER, PaperState.FULL),
        ({1: 0x1A, 2: 0x52, 3: 0x32}, DeviceState.HARDWARE_ERROR, Reason.HARDWARE, PaperState.FULL),
        ({1: 0x1A, 2: 0x52, 3: 0x52}, DeviceState.OFFLINE, Reason.OVERHEATED, PaperState.FULL),
        ({1: 0x5A, 2: 0x1A}, DeviceState.OFFLINE, Reason.OFFLINE, PaperState.FULL),  # feed button held
        ({1: 0x1A, 2: 0x56, 3: 0x3A}, DeviceState.HARDWARE_ERROR, Reason.HARDWARE, PaperState.FULL),  # worst first
    ],
)
def test_each_state_is_told_apart(
    changed: dict[int, int], device: DeviceState, problem: Reason | None, paper: PaperState
) -> None:
    status = parse_status({**READY, **changed})
    assert (status.device, status.problem, status.paper) == (device, problem, paper)
    assert status.can_print is (problem is None)


def test_silence_is_a_state_and_not_an_exception() -> None:
    status = parse_status({1: None})
    assert status.problem is Reason.SILENT
    assert status.device is DeviceState.OFFLINE
    assert status.paper is PaperState.UNKNOWN


def test_a_question_the_printer_does_not_know_is_not_supported() -> None:
    status = parse_status({1: 0x12, 2: 0x12})
    assert status.can_print
    assert (status.cutter, status.head) == (CutterState.NOT_SUPPORTED, HeadState.NOT_SUPPORTED)
    assert status.paper is PaperState.NOT_SUPPORTED
    assert status.cover is CoverState.CLOSED


def test_a_question_without_an_answer_is_unknown() -> None:
    status = parse_status({1: 0x12, 2: None, 3: None, 4: None})
    assert (status.cover, status.cutter, status.paper) == (CoverState.UNKNOWN, CutterState.UNKNOWN, PaperState.UNKNOWN)


def test_an_error_without_its_cause_needs_tools() -> None:
    assert parse_status({1: 0x1A, 2: 0x52}).problem is Reason.HARDWARE


def test_answers_are_told_from_automatic_status_flow_control_and_noise() -> None:
    assert all(is_realtime_answer(0x12 | bits) for bits in (0x00, 0x04, 0x08, 0x20, 0x40, 0x6C))
    # XON, XOFF, ASB bytes 1 to 4, GS r, ACK
    assert not any(is_realtime_answer(byte) for byte in (0x11, 0x13, 0x10, 0x14, 0x00, 0x0F, 0x03, 0x06, 0xFF))
    assert is_ordered_answer(0x00) and is_ordered_answer(0x03) and is_ordered_answer(0x0F)
    assert not is_ordered_answer(0x12) and not is_ordered_answer(0xFF)
