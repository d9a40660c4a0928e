"""The look as one live object: colours, sizes and type of LOOK.md sections 2 to 4, by name.

Pages and parts name tokens only. What a person switches (language, larger text, contrast, low reach) are properties
here; whoever draws listens and lays out again, so nothing of a session is rebuilt.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kivy.event import EventDispatcher
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from screens.palettes import CHAM, NGOC, TUONG_PHAN

FONTS = Path(__file__).resolve().parents[1] / "assets" / "fonts"
DESIGN_WIDTH, DESIGN_HEIGHT = 1080, 1920
SMALLEST_TEXT = 28
"""Cap height of 0.7 degrees at 600 mm (LOOK.md section 1)."""
LARGER = 1.25

Rgba = tuple[float, float, float, float]


@dataclass(frozen=True)
class Face:
    """A cut of the type at a size: file, size and line pitch in window pixels."""

    font: str
    bold: str
    size: float
    line: float


@dataclass(frozen=True)
class _Role:
    size: int
    line: int
    weight: str
    grows: bool = True


_WEIGHTS = {
    "regular": "BeVietnamProKiosk-Regular.ttf",
    "medium": "BeVietnamProKiosk-Medium.ttf",
    "semibold": "BeVietnamProKiosk-SemiBold.ttf",
    "bold": "BeVietnamProKiosk-Bold.ttf",
    "figures": "BeVietnamProKiosk-Figures-Bold.ttf",
    "icon": "Phosphor-Bold.ttf",
    "icon-fill": "Phosphor-Fill.ttf",
}

_LOOSE = {"pad", "pad_row", "pad_note", "block", "gap_loose", "margin_loose"}
_SCENES = {"scene", "scene_reading", "scene_card", "scene_way", "photo_w", "photo_h", "photo_child", "countdown"}
_BUTTONS = {"primary", "primary_big", "secondary", "slim", "row_touch", "row_slim", "key", "tile_huge", "tile_clinic"}
_CODES = {"qr_pay", "qr_keep"}
TIGHTEST = 3

_ROLES = {
    "number": _Role(300, 320, "figures", False),
    "number_qr": _Role(230, 246, "figures", False),
    "countdown": _Role(132, 140, "figures", False),
    "display": _Role(88, 104, "bold", False),
    "amount": _Role(72, 88, "figures", False),
    "hero": _Role(64, 84, "bold", False),
    "h1": _Role(56, 74, "bold"),
    "h2": _Role(44, 60, "bold"),
    "figure": _Role(40, 50, "figures"),
    "h3": _Role(38, 50, "bold"),
    "row": _Role(36, 48, "bold"),
    "body": _Role(36, 52, "regular"),
    "note": _Role(32, 46, "regular"),
    "small": _Role(30, 44, "medium"),
    "tiny": _Role(28, 40, "regular"),
    # Bars and buttons keep their size in larger text.
    "button": _Role(44, 56, "bold", False),
    "secondary": _Role(38, 50, "semibold", False),
    "slim": _Role(34, 46, "semibold", False),
    "key": _Role(56, 70, "figures", False),
    "letter": _Role(40, 52, "semibold", False),
    "tech": _Role(26, 36, "regular", False),
    "demo": _Role(30, 44, "bold", False),
    "step": _Role(30, 42, "medium", False),
    "place": _Role(34, 42, "bold", False),
    "kiosk": _Role(28, 38, "regular", False),
    "tool": _Role(28, 36, "semibold", False),
    "nav": _Role(32, 40, "semibold", False),
    "nav_two": _Role(30, 36, "semibold", False),
    "clock": _Role(44, 46, "figures", False),
    "timer": _Role(44, 48, "figures", False),
    "timer_label": _Role(28, 36, "regular", False),
}

_SIZES = {
    "margin": 48,
    "gap": 24,
    "block": 28,
    "inner": 16,
    "hair": 8,
    "pad": 40,
    "pad_note": 28,
    "clear": 32,
    "pad_row": 20,
    "radius_s": 12,
    "radius_key": 16,
    "radius_m": 20,
    "radius_l": 28,
    "ledge": 6,
    "ledge_small": 4,
    "border": 3,
    "border_small": 2,
    "border_card": 2,
    "border_strong": 4,
    "zero": 0,
    "border_selected": 6,
    "primary": 136,
    "primary_big": 156,
    "secondary": 116,
    "slim": 104,
    "nav": 112,
    "nav_back": 228,
    "nav_home": 250,
    "nav_low": 204,
    "nav_stop": 420,
    "tool": 96,
    "listen": 128,
    "bar": 40,
    "icon": 52,
    "icon_note": 48,
    "icon_note_large": 72,
    "icon_tile": 60,
    "scene_way": 190,
    "picture_card": 200,
    "picture_card_h": 140,
    "icon_large": 84,
    "icon_status": 80,
    "tile_icon": 84,
    "tile_icon_small": 76,
    "tile_icon_large": 136,
    "tile_huge": 248,
    "tile": 204,
    "tile_clinic": 222,
    "row_touch": 168,
    "row_slim": 132,
    "key": 112,
    "letter": 96,
    "keyboard_key": 88,
    "keyboard_shift": 130,
    "keyboard_clear": 210,
    "keyboard_go": 220,
    "find_count": 220,
    "list_change": 190,
    "row_hit": 136,
    "row_case": 128,
    "row_field": 116,
    "tile_home": 380,
    "progress": 12,
    "check": 64,
    "tries": 264,
    "ring": 84,
    "page_w": 96,
    "guide_w": 220,
    "guide_h": 160,
    "notice_picture": 420,
    "page_h": 120,
    "remove_w": 250,
    "photo_w": 300,
    "photo_h": 360,
    "photo_child": 296,
    "qr_pay": 376,
    "qr_keep": 270,
    "badge": 48,
    "dot": 22,
    "meter_w": 54,
    "meter_h": 34,
    "hero": 320,
    "scene": 380,
    "scene_reading": 454,
    "scene_card": 220,
    "countdown": 300,
    "call": 136,
    "call_icon": 72,
    "focus": 8,
    "strip_words": 76,
    "top": 254,
    "top_low": 152,
    "bottom": 180,
    "digit_w": 56,
    "page_label": 200,
    "tech_head": 148,
    "tech_row": 128,
    "tech_button": 84,
    "tech_wide": 150,
    "tech_big": 100,
}

_LARGE_SIZES = {
    "tile_clinic": 150,
    "photo_w": 220,
    "photo_h": 264,
    "photo_child": 220,
    "scene": 300,
    "scene_reading": 300,
    "countdown": 240,
    "call": 104,
    "qr_pay": 330,
    "tile_huge": 200,
    "tile_icon_large": 100,
}

_LOW_SIZES = {
    "tile_huge": 150,
    "tile": 138,
    "tile_clinic": 124,
    "tile_icon_large": 84,
    "icon_large": 52,
    "row_touch": 116,
    "row_slim": 116,
    "primary": 120,
    "slim": 96,
    "scene": 300,
    "scene_reading": 340,
    "key": 88,
    "letter": 56,
    "keyboard_key": 56,
    "row_hit": 100,
    "row_case": 96,
    "row_field": 96,
    "tile_home": 200,
    "secondary": 100,
    "photo_w": 250,
    "photo_h": 300,
    "photo_child": 250,
    "qr_pay": 330,
    "qr_keep": 240,
}


@lru_cache(maxsize=128)
def rgba(colour: str) -> Rgba:
    """ "#F8F4EC" as four numbers from 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return (red, green, blue, 1.0)


class Theme(EventDispatcher):
    """Live tokens. Bind the switches; look tokens up when drawing."""

    language = StringProperty("vi")
    larger = BooleanProperty(False)
    contrast = BooleanProperty(False)
    low = BooleanProperty(False)
    one_stop = BooleanProperty(False)
    """The palette `cham` of one-stop centres instead of `ngoc` of hospitals."""
    listening = BooleanProperty(False)
    """Somebody uses the kiosk by ear: a strip below the question reads what is said."""
    calm = BooleanProperty(False)
    """The setting "ít chuyển động": no slide between screens."""
    tight = 0
    """While a page with too much on it is laid out: 1 less padding, 2 less growth of larger text, 3 lower buttons."""
    scale = NumericProperty(1.0)
    """Window width / 1080: every token is multiplied by it."""

    def colour(self, token: str) -> Rgba:
        """The colour of a token now. An unknown token is a KeyError, held by a test."""
        return rgba(self.palette()[token])

    def palette(self) -> dict[str, str]:
        """The table in use."""
        if self.contrast:
            return TUONG_PHAN
        return CHAM if self.one_stop else NGOC

    def size(self, token: str) -> float:
        """A length in window pixels; low reach and larger text have other layouts."""
        if self.contrast:
            if token.startswith("ledge"):
                return 0.0
            if token in ("border", "border_small"):
                return 4 * self.scale
        value = _SIZES[token]
        if self.larger:
            value = _LARGE_SIZES.get(token, value)
        if self.low:
            value = min(value, _LOW_SIZES.get(token, value))
        if self.tight:
            value *= self._tightened(token)
        return value * self.scale

    def _tightened(self, token: str) -> float:
        """Share of a length that is left; targets stay above 56 px and gaps between them as they are."""
        if token in _LOOSE:
            return (1.0, 0.7, 0.6, 0.5)[self.tight]
        if token in _SCENES:
            return (1.0, 0.85, 0.75, 0.6)[self.tight]
        if token in _CODES:
            return (1.0, 1.0, 0.92, 0.85)[self.tight]
        if token in _BUTTONS:
            return (1.0, 1.0, 0.95, 0.84)[self.tight]
        return 1.0

    def growth(self) -> float:
        """Factor of larger text; a page that would not fit grows less."""
        return (LARGER, LARGER, 1.13, 1.0)[self.tight] if self.larger else 1.0

    def face(self, role: str, weight: str = "", step: float = 1.0) -> Face:
        """Type for a role. `step` under 1 is a smaller try for a text that must fit, never under 28 px."""
        chosen = _ROLES[role]
        grow = self.growth() if chosen.grows else 1.0
        if role == "countdown":  # stands in a ring
            grow = self.size("countdown") / (_SIZES["countdown"] * self.scale)
        if role.startswith("number"):
            grow = (1.0, 0.92, 0.84, 0.72)[self.tight]
        size = max(chosen.size * grow * step, min(SMALLEST_TEXT, chosen.size * grow))
        line = chosen.line * size / chosen.size
        heavier = "figures" if (weight or chosen.weight) == "figures" else "bold"
        return Face(
            str(FONTS / _WEIGHTS[weight or chosen.weight]),
            str(FONTS / _WEIGHTS[heavier]),
            round(size * self.scale),
            round(line * self.scale),
        )

    def icon_font(self, *, fill: bool) -> str:
        """Path of the icon font."""
        return str(FONTS / _WEIGHTS["icon-fill" if fill else "icon"])

    def reset(self) -> None:
        """End of a session: what a person switched goes back to the site's defaults."""
        self.larger = self.contrast = self.low = False
        self.language = self.default_language

    default_language = StringProperty("vi")


theme = Theme()
"""The one theme of this process. A process has one window."""
