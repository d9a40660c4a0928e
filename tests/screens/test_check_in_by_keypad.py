"""A whole check-in with payment by four keys: real journeys and pages, a kit of doubles; nobody touches the screen."""

from __future__ import annotations

from typing import Any

import pytest
import trio

from services.announcements.wording import spoken_text
from services.contract import models as wire
from services.journeys import prompts as ask
from services.journeys.loop import run_kiosk
from services.journeys.stage import PadKey
from tests.journeys.conftest import World, offline

pytestmark = [pytest.mark.screen, pytest.mark.trio]


class Blind:
    """Somebody who knows the four keys and what is said, and nothing else."""

    def __init__(self, hall: Any) -> None:
        self.hall = hall
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
            self.press(PadKey.NEXT)
            if words not in " ".join(self.last):
                continue
            self.press(PadKey.CHOOSE)
            if "chỉ để nghe" not in self.last[-1]:
                break
        else:
            raise AssertionError((words, self.heard[-60:]))
        if sure:
            assert "Bấm Chọn lần nữa" in self.last[-1]
            self.press(PadKey.CHOOSE)

    def reads(self, words: str) -> None:
        """Press "Tiếp" until this is said."""
        for _ in range(60):
            self.press(PadKey.NEXT)
            if words in " ".join(self.last):
                return
        raise AssertionError((words, self.heard[-60:]))

    @property
    def last(self) -> list[str]:
        says, language = self.hall.ears.said[-1]
        return [spoken_text(say, language) for say in says]

    def press(self, key: PadKey) -> None:
        self._since = max(self._since, len(self.heard))
        self.hall.stage.pad(key)


async def test_check_in_and_payment_by_four_keys_and_every_value_is_heard(nursery: trio.Nursery, hall: Any) -> None:
    world = World()
    world.uninsured()
    hall.ears.headphones = True
    kit = world.kit()

    def doubled(on: bool) -> None:
        kit.pacing.listen(on=on)

    hall.stage.listening.watchers.append(doubled)
    nursery.start_soon(run_kiosk, hall.stage, kit)
    person = Blind(hall)
    await hall.until(lambda: isinstance(hall.stage.current, ask.Home) and hall.stage.accepting)
    hall.stage.headphones(plugged=True)
    await person.hears("Có bốn phím: Lùi, Tiếp, Chọn, Nghe lại")
    assert kit.pacing.factor == 2.0
    person.press(PadKey.NEXT)
    await person.hears("Âm lượng 70 phần trăm")
    person.press(PadKey.CHOOSE)

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
    person.reads("bốn mươi lăm nghìn đồng")
    await person.chooses("Lấy số.", sure=True)
    await person.hears("Số tiền bốn mươi lăm nghìn đồng, người nhận BENH VIEN DA KHOA HOA GIANG")
    world.gateway.bank(wire.PaymentStatus.PAID)
    await person.hears("Đăng ký xong rồi.")
    await person.hears("Số thứ tự: U 0 4 7")
    world.cards.lift()
    await person.chooses("Xong, về trang đầu")
    await hall.until(lambda: isinstance(hall.stage.current, ask.Home) and not hall.stage.listening.on)
    assert kit.pacing.factor == 1.0
    assert hall.ears.ticks == 0, "nobody touched the screen"
    assert len(world.printer.slips) == 2


async def test_an_error_is_heard_whole_and_the_keys_of_the_window_lead_on(
    nursery: trio.Nursery, hall: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kivy.core.window import Window

    from kiosk.listening_place import listen_to_window

    world = World()
    world.gateway.insurance = offline()
    undo = listen_to_window(KEYS, lambda meaning: hall.stage.pad(PadKey(meaning)))
    nursery.start_soon(run_kiosk, hall.stage, world.kit())
    person = Blind(hall)
    person.press = lambda key: stroke(Window, key)  # type: ignore[method-assign]
    try:
        await hall.until(lambda: isinstance(hall.stage.current, ask.Home) and hall.stage.accepting)
        stroke(Window, PadKey.LISTEN)
        assert not hall.stage.listening.on, "a hand passed over it"
        monkeypatch.setattr("drivers.keypad.keys.LISTEN_SECONDS", 0)
        stroke(Window, PadKey.LISTEN)
        person.press(PadKey.CHOOSE)
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
        person.reads(problem.code)
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


def stroke(window: Any, key: PadKey) -> None:
    """A key of the window goes down and up."""
    window.dispatch("on_key_down", CODES[key], 0, None, [])
    window.dispatch("on_key_up", CODES[key], 0)
