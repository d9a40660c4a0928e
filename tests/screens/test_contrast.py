"""Colours: the ratios that LOOK.md promises, computed by WCAG's own formula."""

from __future__ import annotations

import pytest

from screens.palettes import CHAM, NGOC, TUONG_PHAN

TEXT_PAIRS = [
    ("ink", "surface"), ("ink", "paper"), ("ink", "sunken"), ("ink", "note"), ("ink2", "surface"), ("ink2", "paper"),
    ("ink2", "sunken"), ("ink2", "soft"), ("primary", "surface"), ("primary", "paper"), ("primary", "soft"),
    ("on_primary", "primary"), ("on_press", "press"), ("on_nghe", "nghe"), ("on_act", "act"), ("nghe_ink", "nghe_soft"),
    ("ink", "nghe_soft"), ("ok", "ok_soft"), ("ok", "surface"), ("bad", "bad_soft"), ("ink", "bad_soft"),
    ("info", "info_soft"), ("on_demo", "demo"), ("on_cover", "cover"), ("help_ink", "help"),
    ("switched_ink", "switched"), ("qr_ink", "qr_ground"),
]  # fmt: skip


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [NGOC, CHAM, TUONG_PHAN], ids=["ngoc", "cham", "tuong_phan"])
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="-on-".join)
def test_text_stands_out_seven_to_one(palette: dict[str, str], pair: tuple[str, str]) -> None:
    assert ratio(palette[pair[0]], palette[pair[1]]) >= 7.0


@pytest.mark.parametrize("palette", [NGOC, CHAM, TUONG_PHAN], ids=["ngoc", "cham", "tuong_phan"])
@pytest.mark.parametrize("ground", ["surface", "paper", "sunken"])
def test_borders_of_touchables_stand_out_three_to_one(palette: dict[str, str], ground: str) -> None:
    assert ratio(palette["edge"], palette[ground]) >= 3.0


def test_all_palettes_name_the_same_tokens() -> None:
    assert set(NGOC) == set(CHAM) == set(TUONG_PHAN)
