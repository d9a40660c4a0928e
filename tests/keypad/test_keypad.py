"""Keypad and headphone socket: strokes become meanings, both are found again after they were pulled."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trio

from benchmarks.replug.wires import FakeKeyboard
from drivers.device import BackOff, Supervised
from drivers.keypad import HeadphoneJack, Keypad, Presses, code_of, find_jack
from drivers.supervisor import Supervisor

if TYPE_CHECKING:
    from evdev import UInput

KEYS = {105: "back", 106: "next", 28: "choose", 103: "repeat"}
SOCKET = "tram test Headphone"
EV_KEY, EV_SW, HEADPHONE_INSERT, LINEOUT_INSERT = 1, 5, 2, 6


def test_names_of_the_kernel_are_its_numbers() -> None:
    assert [code_of(name) for name in ("KEY_LEFT", "KEY_RIGHT", "KEY_ENTER", "KEY_UP")] == list(KEYS)
    assert code_of("KEY_NOWHERE") is None


def test_a_held_key_counts_once_and_choose_held_for_two_seconds_calls_staff() -> None:
    now, meant = [0.0], list[str]()
    presses = Presses(KEYS, meant.append, now=lambda: now[0])

    def held(key: int, seconds: float) -> None:
        presses.stroke(key, down=True)
        presses.stroke(key, down=True)
        now[0] += seconds
        presses.stroke(key, down=False)

    held(106, 5)
    held(28, 0.2)
    held(28, 1.99)
    held(28, 2)
    held(99, 1)
    presses.stroke(28, down=False)
    assert meant == ["next", "choose", "choose", "help"]


@pytest.mark.parametrize("repeats", [True, False])
def test_the_raised_key_counts_after_a_second_with_and_without_autorepeat(repeats: bool) -> None:
    now, meant = [0.0], list[str]()
    presses = Presses({30: "listen"}, meant.append, now=lambda: now[0])
    for tenths in (9, 11, 30):
        presses.stroke(30, down=True)
        for _ in range(tenths):
            now[0] += 0.1
            if repeats:
                presses.stroke(30, down=True)
        presses.stroke(30, down=False)
    assert meant == ["listen", "listen"]


def test_a_key_that_was_down_when_the_keypad_went_means_nothing() -> None:
    meant = list[str]()
    presses = Presses(KEYS, meant.append)
    presses.stroke(28, down=True)
    presses.forget()
    presses.stroke(28, down=False)
    assert meant == []


@asynccontextmanager
async def supervised(device: Supervised) -> AsyncGenerator[Supervisor]:
    supervisor = Supervisor("under test", device, back_off=BackOff(0.05, 0.05))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(supervisor.run)
        await until(lambda: supervisor.available)
        yield supervisor
        nursery.cancel_scope.cancel()


async def until(true: Callable[[], bool]) -> None:
    with trio.fail_after(60):
        while not true():
            await trio.sleep(0.01)


@pytest.mark.trio
@pytest.mark.wire
async def test_a_keypad_is_read_and_found_again_after_it_was_pulled(tmp_path: Path) -> None:
    wire, meant, grabbed = FakeKeyboard(tmp_path / "event-kbd"), list[str](), list[int]()
    async with supervised(Keypad(tmp_path / "event-kbd", KEYS, meant.append, take=grabbed.append)) as supervisor:
        wire.events((EV_KEY, 106, 1), (EV_KEY, 106, 2), (EV_KEY, 106, 0), (EV_KEY, 28, 1), (EV_KEY, 28, 0))
        await until(lambda: meant == ["next", "choose"])
        wire.unplug()
        await until(lambda: not supervisor.available)
        wire.plug()
        await until(lambda: supervisor.available)
        wire.events((EV_KEY, 105, 1))
        await until(lambda: meant == ["next", "choose", "back"])
        assert len(grabbed) == 2
    wire.unplug()


@pytest.mark.trio
@pytest.mark.wire
async def test_headphones_are_told_and_a_socket_that_goes_has_none(tmp_path: Path) -> None:
    wire, told = FakeKeyboard(tmp_path / "event7"), list[bool]()
    async with supervised(HeadphoneJack(str(tmp_path / "event7"), told.append)) as supervisor:
        wire.events((EV_SW, LINEOUT_INSERT, 1), (EV_SW, HEADPHONE_INSERT, 1))
        await until(lambda: told == [True])
        wire.unplug()
        await until(lambda: not supervisor.available)
        assert told == [True, False]
        wire.plug()
        await until(lambda: supervisor.available)
    wire.unplug()
    assert told == [True, False], "an empty socket that goes changes nothing"


@pytest.fixture
def real() -> Iterator[tuple[UInput, UInput]]:
    """A keypad and a headphone socket of the kernel's own, the headphones in before the kiosk starts."""
    if not os.access("/dev/uinput", os.W_OK):
        pytest.skip("this kernel gives no uinput")
    from evdev import UInput

    with ExitStack() as devices:
        try:  # it opens what it made
            pad = devices.enter_context(UInput(name="tram test keypad"))
            socket = devices.enter_context(UInput({EV_SW: [HEADPHONE_INSERT]}, name=SOCKET))
        except OSError as error:
            pytest.skip(f"what uinput makes cannot be opened here: {error}")
        socket.write(EV_SW, HEADPHONE_INSERT, 1)
        socket.syn()
        yield pad, socket


@pytest.mark.trio
@pytest.mark.wire
async def test_real_input_devices_are_held_alone_read_and_found_by_their_names(real: tuple[UInput, UInput]) -> None:
    """The kernel's own: grab and state of a switch by ioctl, `/sys/class/input`, a device that goes away."""
    from evdev import InputDevice

    meant, told = list[str](), list[bool]()
    pad, socket = real
    path = Path(pad.device.path)
    async with (
        supervised(Keypad(path, KEYS, meant.append)) as keypad,
        supervised(HeadphoneJack(SOCKET, told.append)) as jack,
    ):
        assert told == [True], "the state at the start"
        with pytest.raises(OSError, match="busy"):
            InputDevice(str(path)).grab()
        for key, value in ((106, 1), (106, 0), (28, 1), (28, 0)):
            pad.write(EV_KEY, key, value)
            pad.syn()
        socket.write(EV_SW, HEADPHONE_INSERT, 0)
        socket.syn()
        await until(lambda: meant == ["next", "choose"] and told == [True, False])
        socket.close()
        await until(lambda: not jack.available)
        assert keypad.available
        pad.close()
        await until(lambda: not keypad.available)


def test_a_socket_is_found_by_its_name(tmp_path: Path) -> None:
    for number, name in ((3, "Power Button"), (12, "HDA Intel PCH Front Headphone")):
        (tmp_path / f"event{number}" / "device").mkdir(parents=True)
        (tmp_path / f"event{number}" / "device" / "name").write_text(f"{name}\n")
    assert find_jack("Headphone", tmp_path, Path("/dev/input")) == Path("/dev/input/event12")
    with pytest.raises(FileNotFoundError):
        find_jack("HDMI", tmp_path)
