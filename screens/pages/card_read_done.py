"""The visible "bíp": picture 04 with the green tick."""

from __future__ import annotations

from screens.layout import Box
from screens.parts.cards import Badge
from screens.parts.pictures import Picture
from screens.shell.page import Page
from screens.theme import theme


class Ticked(Box):
    """The picture of the reader under a large green tick."""

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._picture = Picture(source="reading", tall="scene_reading")
        self._tick = Badge(
            icon="check", across="photo_w", icon_size="scene_way", fill="ok", ink="on_primary", round=True
        )
        self.add_widget(self._picture)
        self.add_widget(self._tick)

    def fit(self, width: float) -> float:
        """As tall as picture 04."""
        return self._picture.fit(width)

    def arrange(self) -> None:
        """The tick in the middle."""
        self._picture.place(*self.pos, *self.size)
        side = min(theme.size("photo_w"), self.height)
        self._tick.place(self.center_x - side / 2, self.center_y - side / 2, side, side)


class CardReadDonePage(Page):
    """Shown for a moment; nothing is asked. The tick fills the picture that is already there."""

    slides = False
