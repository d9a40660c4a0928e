"""A keyboard wedge: strokes become the bytes of the code, on an input device no window can take away."""

from __future__ import annotations

import fcntl
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio
import trio.testing
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.replug.wires import FakeKeyboard, ungrabbed
from drivers.device import Answer, DeviceState
from drivers.scanner import CodeScanner, Framing, ScannerKeyboard
from drivers.scanner.keys import KeyDecoder
from drivers.scanner.sources import KeyboardSource, grab

CARD = "001085012345|012345678|Nguyễn Thị Hòa|01011985|Nữ|Số 5, Hòa Giang|10052021"
US = {
    **{letter: (code, False) for letter, code in zip("1234567890-=", range(2, 14), strict=True)},
    **{letter: (code, False) for letter, code in zip("qwertyuiop[]", range(16, 28), strict=True)},
    **{letter: (code, False) for letter, code in zip("asdfghjkl;'`", range(30, 42), strict=True)},
    **{letter: (code, False) for letter, code in zip("\\zxcvbnm,./", range(43, 54), strict=True)},
    " ": (57, False),
    "|": (43, True),
    ":": (39, True),
    "?": (53, True),
    "_": (12, True),
}
KEYPAD = dict(zip("7894561230", (71, 72, 73, 75, 76, 77, 79, 80, 81, 82), strict=True))
SHIFT, ALT, ENTER, CONTROL, CAPS = 42, 56, 28, 29, 58


def strokes(text: str) -> list[tuple[int, int]]:
    """What a wedge in ALT mode types for the UTF-8 bytes of `text`: its own small table, not the driver's."""
    typed: list[tuple[int, int]] = []
    for byte in text.encode():
        letter = chr(byte)
        code, shift = US.get(letter.lower(), (0, False)) if byte < 128 else (0, False)
        if code:
            tap = [(code, 1), (code, 0)]
            typed += [(SHIFT, 1), *tap, (SHIFT, 0)] if shift or letter.isupper() else tap
        else:
            keys = [KEYPAD[digit] for digit in f"0{byte:03d}"]
            typed += [(ALT, 1), *[(key, value) for key in keys for value in (1, 0)], (ALT, 0)]
    return typed


def typed(keys: list[tuple[int, int]]) -> bytes:
    decoder = KeyDecoder()
    return b"".join(decoder.key(code, value) for code, value in keys)


@pytest.mark.parametrize("text", [CARD, "https://hoagiang.example/p?c=A_1", "đ ₫ ễ", "HC401"])
def test_what_a_wedge_types_is_read_byte_for_byte(text: str) -> None:
    assert typed(strokes(text)).decode() == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
@settings(max_examples=60)
def test_any_text_survives_the_wedge(text: str) -> None:
    assert typed(strokes(text)).decode() == text


@given(st.lists(st.tuples(st.integers(0, 0x2FF), st.integers(-1, 3)), max_size=200))
@settings(max_examples=100)
def test_no_stroke_breaks_the_decoder(keys: list[tuple[int, int]]) -> None:
    typed(keys)


def test_a_code_point_above_a_byte_a_separator_and_capitals_are_understood() -> None:
    alt_7877 = [(ALT, 1), *[(KEYPAD[digit], value) for digit in "7877" for value in (1, 0)], (ALT, 0)]
    assert typed(alt_7877).decode() == chr(7877)
    assert typed([(CONTROL, 1), (27, 1), (27, 0), (CONTROL, 0)]) == b"\x1d"
    assert typed([(CAPS, 1), (CAPS, 0), (30, 1), (30, 0), (SHIFT, 1), (30, 1), (30, 0), (SHIFT, 0)]) == b"Aa"
    assert typed([(30, 1), (30, 2), (30, 2), (30, 0)]) == b"a"


@asynccontextmanager
async def running(folder: Path, framing: Framing | None = None) -> AsyncGenerator[tuple[CodeScanner, FakeKeyboard]]:
    keyboard = FakeKeyboard(folder / "event-kbd")
    scanner = CodeScanner(ScannerKeyboard(str(folder / "event-kbd")), framing, opener=ungrabbed)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(scanner.run)
        with trio.fail_after(5):
            await scanner.supervisor.found()
        yield scanner, keyboard
        nursery.cancel_scope.cancel()
    keyboard.unplug()


def write(keyboard: FakeKeyboard, text: str) -> None:
    for code, value in [*strokes(text), (ENTER, 1), (ENTER, 0)]:
        keyboard.events((1, code, value), (0, 0, 0))


async def heard(scanner: CodeScanner, keyboard: FakeKeyboard, text: str) -> str:
    codes: list[str] = []

    async def listen() -> None:
        codes.append(await scanner.scanned())

    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(listen)
            await trio.testing.wait_all_tasks_blocked(0.001)
            write(keyboard, text)
    return codes[0]


@pytest.mark.trio
async def test_a_card_is_heard_through_the_input_device(tmp_path: Path) -> None:
    async with running(tmp_path) as (scanner, keyboard):
        assert await heard(scanner, keyboard, CARD) == CARD
        assert scanner.capabilities.utf8 is Answer.SUPPORTED


@pytest.mark.trio
async def test_prefix_and_suffix_are_taken_off(tmp_path: Path) -> None:
    async with running(tmp_path, Framing(prefix=b"]q1", suffix=b"--")) as (scanner, keyboard):
        write(keyboard, "no prefix")
        with trio.fail_after(5):
            while scanner.framer.refused == 0:
                await trio.sleep(0.01)
        assert await heard(scanner, keyboard, "]q1hc4--") == "hc4"


@pytest.mark.trio
async def test_strokes_the_kernel_lost_spoil_their_code_and_no_other(tmp_path: Path) -> None:
    async with running(tmp_path) as (scanner, keyboard):
        keyboard.events((1, US["a"][0], 1), (0, 3, 0))  # SYN_DROPPED
        write(keyboard, "half")
        with trio.fail_after(5):
            while scanner.framer.refused == 0:
                await trio.sleep(0.01)
        assert await heard(scanner, keyboard, "whole") == "whole"


@pytest.mark.trio
async def test_a_flood_of_noise_is_survived(tmp_path: Path) -> None:
    async with running(tmp_path) as (scanner, keyboard):

        def hammer() -> None:
            for seed in range(40):
                for code in range(seed, 240, 7):
                    keyboard.events((1, code, 1), (4, 4, code), (1, code, 0), (0, 0, 0))
            keyboard.events((1, ENTER, 1), (1, ENTER, 0))

        await trio.to_thread.run_sync(hammer)
        with trio.fail_after(5):
            while scanner.framer.waiting:
                await trio.sleep(0.01)
        assert scanner.state is DeviceState.ONLINE


def test_a_keyboard_that_cannot_be_held_alone_is_not_there(tmp_path: Path) -> None:
    """EVIOCGRAB is refused when another program holds it: its strokes would land in a window."""
    keyboard = FakeKeyboard(tmp_path / "event-kbd")
    before = len(os.listdir("/proc/self/fd"))

    def busy(_descriptor: int) -> None:
        raise OSError(16, "Device or resource busy")

    with pytest.raises(OSError, match="busy"):
        KeyboardSource(ScannerKeyboard(str(tmp_path / "event-kbd")), take=busy)
    with pytest.raises(OSError, match="ioctl"):
        KeyboardSource(ScannerKeyboard(str(tmp_path / "event-kbd")))  # a terminal knows no grab
    assert len(os.listdir("/proc/self/fd")) == before
    keyboard.unplug()


def test_the_keyboard_is_grabbed_before_a_stroke_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard = FakeKeyboard(tmp_path / "event-kbd")
    keyboard.type("SAME")
    calls: list[tuple[int, int]] = []
    monkeypatch.setattr(fcntl, "ioctl", lambda _descriptor, request, value: calls.append((request, value)))
    source = KeyboardSource(ScannerKeyboard(str(tmp_path / "event-kbd")), take=grab)
    assert calls == [(0x40044590, 1)]
    assert source.read() == b""  # what was typed before was for nobody
    source.close()
    keyboard.unplug()


@pytest.mark.wire
@pytest.mark.trio
@pytest.mark.skipif(not os.access("/dev/uinput", os.W_OK), reason="this kernel gives no uinput")
async def test_a_real_input_device_is_grabbed_and_read() -> None:
    import evdev

    with evdev.UInput(name="tram test wedge") as device:
        scanner = CodeScanner(ScannerKeyboard(device.device.path))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(scanner.run)
            with trio.fail_after(5):
                await scanner.supervisor.found()
            codes: list[str] = []

            async def listen() -> None:
                codes.append(await scanner.scanned())
                nursery.cancel_scope.cancel()

            nursery.start_soon(listen)
            await trio.testing.wait_all_tasks_blocked(0.01)
            for code, value in [*strokes(CARD), (ENTER, 1), (ENTER, 0)]:
                device.write(1, code, value)
                device.syn()
            await trio.sleep(30)
            nursery.cancel_scope.cancel()
        assert codes == [CARD]
