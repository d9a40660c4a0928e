"""The payment code on the real window: seen by a phone at arm's length, counted down, and changed in place."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trio
import zxingcpp
from PIL import Image

from services.codes.vietqr import transfer
from services.journeys.prompts import PayState

pytestmark = [pytest.mark.screen, pytest.mark.trio]
SMALLEST_MODULE_MM = 1.8
"""At arm's length (600 mm) a phone's viewfinder has 2.5 pixels for such a module."""


async def test_a_code_on_the_screen_changes_its_state_in_place(hall: Any) -> None:
    from screens.samples import pay

    first = pay(by_card=True)
    await hall.ask_shown(first)
    for state in PayState:
        missing = 22_500 if state in {PayState.UNDERPAID, PayState.REST} else None
        for seconds in (900, 45, 0):
            changed = replace(first, state=state, missing=missing, seconds_left=seconds)
            hall.stage.show(changed)
            await hall.shown(changed)


PANEL_MM = 398.0
"""Width of the 32-inch panel the look is drawn for (LOOK.md section 1)."""
ARM_MM = 600.0
PHONE_PIXELS, PHONE_DEGREES = 1080, 66.0
"""What a phone's viewfinder sees across: a common camera in its preview."""
PAYLOADS = {
    "account": transfer(bin="970436", account="0011004471", amount=122_500, purpose="TRM4K82QX"),
    "virtual account": transfer(
        bin="970418", account="V3CAS0123456789ABC", amount=499_999_999, purpose="CS4K82QX TRM4K82QX", bill="VT-0358"
    ),
}


def module_mm(text: str, across: float, scale: float) -> float:
    """How large a module is on the panel, in millimetres."""
    from screens.parts.codes import QUIET_MODULES, modules

    pixels = int((across - 2 * 6 * scale) // (len(modules(text)) + 2 * QUIET_MODULES))
    return pixels * PANEL_MM / (1080 * scale)


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("mode", ["n", "l", "c", "r", "lr"])
async def test_a_phone_at_arms_length_reads_the_code_in_every_mode(
    hall: Any, tmp_path: Path, name: str, mode: str
) -> None:
    from kivy.core.window import Window

    from screens.gallery import switch
    from screens.parts.codes import QrCode
    from screens.samples import pay
    from screens.theme import theme

    text = PAYLOADS[name]
    await hall.ask_shown(pay(payload=text, by_card=True))
    switch(mode)
    try:
        # A busy machine draws the other mode later than in three tenths of a second.
        await trio.sleep(1.0)
        (code,) = (box for box in hall.boxes() if isinstance(box, QrCode))
        assert module_mm(text, code.width, theme.scale) >= SMALLEST_MODULE_MM
        with Image.open(Window.screenshot(str(tmp_path / "shot.png"))) as shot:
            seen = shot.convert("RGB")
    finally:
        switch("n")
    # As many pixels as the phone has for the panel's width at that distance.
    share = PANEL_MM / (2 * ARM_MM * math.tan(math.radians(PHONE_DEGREES / 2)))
    small = seen.resize((round(PHONE_PIXELS * share), round(PHONE_PIXELS * share * seen.height / seen.width)))
    for picture_of in (seen, small):
        found = zxingcpp.read_barcodes(picture_of, formats=zxingcpp.BarcodeFormat.QRCode)
        assert [each.text for each in found] == [text]
