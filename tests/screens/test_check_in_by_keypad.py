"""A whole check-in with payment by four keys: real journeys and pages, a kit of doubles; nobody touches the screen.

Keys and headphones come as the kernel's `struct input_event` from device files that the kiosk's own drivers open: each
is a pseudo-terminal, or where there is /dev/uinput a real input device (tests/keypad).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trio

from benchmarks.replug.wires import FakeKeyboard
from drivers.keypad import code_of
from kiosk.settings import ListeningSettings
from kiosk.technician.bench import plug_headphones, press_keys
from kiosk.technician.taps import ListeningTaps
from services.announcements.wording import spoken_text
from services.contract import models as wire
from services.journeys import prompts as ask
from services.journeys.loop import run_kiosk
from services.journeys.pace import Pace
from services.journeys.prompts import Lamp
from services.journeys.stage import PadKey
from services.receipts.slips import NumberSlip, PaymentSlip
from tests.journeys.conftest import World, offline

pytestmark = [pytest.mark.screen, pytest.mark.trio]


EV_KEY, EV_SW, HEADPHONE_INSERT = 1, 5, 2


class Pad:
    """Keypad and headphone socket as device files, and the kiosk's own drivers at their other end."""

    def __init__(self, hall: Any, folder: Path) -> None:
        self.hall = hall
        self.settings = ListeningSettings(keypad=folder / "event-kbd", jack=str(folder / "event7"))
        self.keypad, self.jack = FakeKeyboard(folder / "event-kbd"), FakeKeyboard(folder / "event7")
        self.taps, self.pace = ListeningTaps(), Pace(1.0)
        self.heard: list[object] = []
        """What came through the wires to the window."""

    async def join(self, nursery: trio.Nursery) -> None:
        """Until both are open."""
        from kiosk.listening_place import listen_in

        stage = self.hall.stage
        pad, headphones = stage.pad, stage.headphones
        stage.pad = lambda key: (self.heard.append(key), pad(key))
        stage.headphones = lambda *, plugged: (self.heard.append(plugged), headphones(plugged=plugged))
        watched = listen_in(
            self.settings, stage, self.hall.ears, self.pace, self.taps, lambda _: None, take=lambda _descriptor: None
        )
        for each in watched.values():
            nursery.start_soon(each.run)
        await self.hall.until(lambda: all(each.available for each in watched.values()))

    async def press(self, key: PadKey) -> None:
        """Down and up, until the window heard of it."""
        before, code = len(self.heard), code_of(self.settings.keys[key.value])
        assert code is not None
        self.keypad.events((EV_KEY, code, 1), (0, 0, 0), (EV_KEY, code, 0), (0, 0, 0))
        await self.hall.until(lambda: len(self.heard) > before)

    async def plug(self, *, headphones: bool) -> None:
        """The switch in the socket."""
        before = len(self.heard)
        self.jack.events((EV_SW, HEADPHONE_INSERT, int(headphones)), (0, 0, 0))
        await self.hall.until(lambda: len(self.heard) > before)

    def unplug(self) -> None:
        """Both cables."""
        self.keypad.unplug()
        self.jack.unplug()


@pytest.fixture
async def pad(nursery: trio.Nursery, hall: Any, tmp_path: Path) -> AsyncIterator[Pad]:
    made = Pad(hall, tmp_path)
    await made.join(nursery)
    yield made
    made.unplug()


class Blind:
    """Somebody who knows the four keys and what is said, and nothing else."""

    def __init__(self, hall: Any, keys: Any) -> None:
        """`keys` has a coroutine `press`."""
        self.hall = hall
        self._keys = keys
        self._since = 0

    @property
    def heard(self) -> list[str]:
        """Every sentence since the beginning."""
        return [spoken_text(say, language) for says, language in self.hall.ears.said for say in says]

    async def hears(self, words: str) -> None:
        """Wait until this was said, after what was heard before."""

        def said() -> bool:
            return any(words in sentence for sentence in self.heard[self._since :])

        try:
            await self.hall.until(said)
        except trio.TooSlowError:
            raise AssertionError((words, self.heard[-6:])) from None
        self._since = next(
            place for place, sentence in enumerate(self.heard) if place >= self._since and words in sentence
        )

    async def chooses(self, words: str, *, sure: bool = False) -> None:
        """Press "Tiếp" until this is said, then "Chọn"; `sure` where it is asked once more."""
        await self.hall.until(lambda: self.hall.stage.accepting)
        for _ in range(60):
            await self.press(PadKey.NEXT)
            if words not in " ".join(self.last):
                continue
            await self.press(PadKey.CHOOSE)
            if "chỉ để nghe" not in self.last[-1]:
                break
        else:
            raise AssertionError((words, self.heard[-60:]))
        if sure:
            assert "Bấm Chọn lần nữa" in self.last[-1]
            await self.press(PadKey.CHOOSE)

    async def reads(self, words: str) -> None:
        """Press "Tiếp" until this is said."""
        for _ in range(60):
            await self.press(PadKey.NEXT)
            if words in " ".join(self.last):
                return
        raise AssertionError((words, self.heard[-60:]))

    @property
    def last(self) -> list[str]:
        says, language = self.hall.ears.said[-1]
        return [spoken_text(say, language) for say in says]

    async def press(self, key: PadKey) -> None:
        self._since = max(self._since, len(self.heard))
        await self._keys.press(key)


@pytest.mark.wire
async def test_check_in_and_payment_by_four_keys_from_home_to_the_slip_and_every_value_is_heard(
    nursery: trio.Nursery, hall: Any, pad: Pad
) -> None:
    world = World()
    world.uninsured()
    nursery.start_soon(run_kiosk, hall.stage, replace(world.kit(), pacing=pad.pace))
    person = Blind(hall, pad)
    await hall.until(lambda: isinstance(hall.stage.current, ask.Home) and hall.stage.accepting)
    await pad.plug(headphones=True)
    await person.hears("Có bốn phím: Lùi, Tiếp, Chọn, Nghe lại")
    assert pad.pace.factor == 2.0 and hall.ears.headphones
    await person.press(PadKey.NEXT)
    await person.hears("Âm lượng 70 phần trăm")
    await person.press(PadKey.CHOOSE)

    await person.chooses("Đăng ký khám bệnh")
    await person.hears("Hôm nay khám cho ai?")
    await person.chooses("Tôi khám")
    await person.hears("Mời đưa mã QR trên thẻ căn cước vào máy quét")
    world.scans("khang")()
    await person.hears("Mời đặt thẻ lên đầu đọc")
    world.lays("khang")()
    await person.hears("Đây có đúng là ông bà?")
    await person.hears("Họ và tên: Trần Minh Khang")
    await person.chooses("Đúng, là tôi.")
    await person.hears("Chưa tìm thấy thẻ bảo hiểm y tế")
    await person.chooses("Khám không dùng bảo hiểm")
    await person.hears("Ông bà muốn khám ở đâu?")
    await person.chooses("Nội tim mạch")
    await person.hears("Có thuộc diện ưu tiên không?")
    await person.chooses("Không thuộc diện nào")
    await person.hears("Xem lại rồi lấy số")
    await person.reads("bốn mươi lăm nghìn đồng")
    await person.chooses("Lấy số.", sure=True)
    await person.hears("Số tiền bốn mươi lăm nghìn đồng, người nhận BENH VIEN DA KHOA HOA GIANG")
    world.gateway.bank(wire.PaymentStatus.PAID)
    await person.hears("Đăng ký xong rồi.")
    await person.hears("Số thứ tự: U 0 4 7")
    world.cards.lift()
    await person.chooses("Xong, về trang đầu")
    await hall.until(lambda: isinstance(hall.stage.current, ask.Home) and not hall.stage.listening.on)
    assert pad.pace.factor == 1.0
    assert hall.ears.ticks == 0, "nobody touched the screen"
    assert len(pad.heard) > 40, "keys came by the wire alone"
    number, paid = world.printer.slips
    assert isinstance(paid, PaymentSlip) and isinstance(number, NumberSlip)
    assert (paid.amount, number.number) == (45_000, "U047"), "what was heard stands on paper"


@pytest.mark.wire
async def test_pulled_headphones_hide_what_is_private_at_once_and_a_keypad_that_was_pulled_comes_back(
    hall: Any, pad: Pad
) -> None:
    person = Blind(hall, pad)
    await hall.ask_shown(ask.TypeDigits(what=ask.AskedNumber.BIRTH_YEAR, length=4))
    await pad.plug(headphones=True)
    await pad.plug(headphones=False)
    assert not hall.ears.headphones
    await person.hears("Tai nghe đã rút ra")
    pad.keypad.unplug()
    pad.keypad.plug()
    with trio.fail_after(60):
        while pad.heard[-1:] != [PadKey.REPEAT]:  # strokes before it is open again are for nobody
            pad.keypad.events((EV_KEY, 103, 1), (EV_KEY, 103, 0))
            await trio.sleep(0.1)


@pytest.mark.wire
async def test_the_technicians_tests_hear_keys_and_socket_and_start_no_listening_mode(hall: Any, pad: Pad) -> None:
    found: list[Any] = []

    async def test(run: Any) -> None:
        found.append(await run)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(test, press_keys(pad.taps, pad.settings.keys))
        await hall.until(lambda: pad.taps.key is not None)
        for key in (PadKey.BACK, PadKey.NEXT, PadKey.CHOOSE, PadKey.REPEAT):
            code = code_of(pad.settings.keys[key.value])
            assert code is not None
            pad.keypad.events((EV_KEY, code, 1), (0, 0, 0), (EV_KEY, code, 0), (0, 0, 0))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(test, plug_headphones(pad.taps))
        await hall.until(lambda: pad.taps.socket is not None)
        for plugged in (1, 0):
            pad.jack.events((EV_SW, HEADPHONE_INSERT, plugged), (0, 0, 0))
    assert [(one.lamp, one.told.message) for one in found] == [
        (Lamp.GOOD, "tech.found.keys"),
        (Lamp.GOOD, "tech.found.socket"),
    ]
    assert pad.heard == [] and not hall.stage.listening.on


async def test_an_error_is_heard_whole_and_the_keys_of_the_window_lead_on(
    nursery: trio.Nursery, hall: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kivy.core.window import Window

    from kiosk.listening_place import listen_to_window

    world = World()
    world.gateway.insurance = offline()
    undo = listen_to_window(KEYS, lambda meaning: hall.stage.pad(PadKey(meaning)))
    nursery.start_soon(run_kiosk, hall.stage, world.kit())
    person = Blind(hall, WindowKeys(Window))
    try:
        await hall.until(lambda: isinstance(hall.stage.current, ask.Home) and hall.stage.accepting)
        stroke(Window, PadKey.LISTEN)
        assert not hall.stage.listening.on, "a hand passed over it"
        monkeypatch.setattr("drivers.keypad.keys.LISTEN_SECONDS", 0)
        stroke(Window, PadKey.LISTEN)
        await person.press(PadKey.CHOOSE)
        await person.chooses("Đăng ký khám bệnh")
        await person.chooses("Tôi khám")
        await person.hears("Mời đưa mã QR")
        world.scans("khang")()
        await person.hears("Mời đặt thẻ")
        world.lays("khang")()
        await person.hears("Đây có đúng")
        assert not any("Khang" in sentence for sentence in person.heard), "nothing private without headphones"
        await person.chooses("Đúng, là tôi.")
        await hall.until(lambda: isinstance(hall.stage.current, ask.Problem) and hall.stage.accepting)
        problem = hall.stage.current
        for say in problem.spoken():
            await person.hears(spoken_text(say, "vi"))
        hall.ears.headphones = True
        await person.reads(problem.code)
        await person.chooses("Trang đầu", sure=True)
        await hall.until(lambda: isinstance(hall.stage.current, ask.CardLeftBehind))
        world.cards.lift()
        await hall.until(lambda: isinstance(hall.stage.current, ask.Home) and not hall.stage.listening.on)
    finally:
        undo()


KEYS = {
    "back": "KEY_LEFT",
    "next": "KEY_RIGHT",
    "choose": "KEY_ENTER",
    "repeat": "KEY_UP",
    "listen": "KEY_F1",
}
CODES = {PadKey.BACK: 276, PadKey.NEXT: 275, PadKey.CHOOSE: 13, PadKey.REPEAT: 273, PadKey.LISTEN: 282}
"""SDL's numbers of these keys, as the window tells them."""


class WindowKeys:
    """Keys that reach the window."""

    def __init__(self, window: Any) -> None:
        self._window = window

    async def press(self, key: PadKey) -> None:
        await trio.lowlevel.checkpoint()
        stroke(self._window, key)


def stroke(window: Any, key: PadKey) -> None:
    """A key of the window goes down and up."""
    window.dispatch("on_key_down", CODES[key], 0, None, [])
    window.dispatch("on_key_up", CODES[key], 0)
