"""Picture 01: the start page, with only those tiles that have a working journey behind them."""

from __future__ import annotations

from kivy.properties import NumericProperty, ObjectProperty, StringProperty

from screens.layout import Box
from screens.parts.named import NamedTile
from screens.parts.pictures import Pattern
from screens.shell.page import REACH, Page
from screens.theme import theme
from screens.words import Words


class Hero(Box):
    """ "Xin chào" on the deep colour, the breeze block beside it (never under a text)."""

    strip = NumericProperty(0.0)
    """Height at the top that the offline strip covers: the words stand below it, the hero keeps its size."""

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._ground, self._pattern = Pattern(strength=0), Pattern()
        self._hello = Words(message="home.hello", role="display", ink="on_primary")
        self._choose = Words(message="home.choose", role="h3", weight="medium", ink="on_primary")
        for part in (self._ground, self._pattern, self._hello, self._choose):
            self.add_widget(part)

    def fit(self, width: float) -> float:
        """320 px."""
        return theme.size("hero")

    def restyle(self) -> None:
        """White on the deep colour; on black in high contrast."""
        for part in (self._ground, self._pattern):
            part.fill = "paper" if theme.contrast else "primary"
        for words in (self._hello, self._choose):
            words.ink = "ink" if theme.contrast else "on_primary"
        super().restyle()

    def arrange(self) -> None:
        """Words at the left, five columns of the pattern at the right."""
        margin = theme.size("margin")
        self._ground.place(*self.pos, *self.size)
        room = self.width - 2 * margin
        words = max(self._hello.natural(room), self._choose.natural(room))
        start = max(self.width - 550 * theme.scale, self.x + margin + words + margin)
        side = 110 * theme.scale
        across = max(0, int((self.right - start) // side)) * side
        self._pattern.place(self.right - across, self.y, across, self.height)
        above = max(margin, self.strip + theme.size("hair"))
        y = self.top - above - self._hello.fit(words)
        self._hello.place(self.x + margin, y, words, self._hello.fit(words))
        tall = self._choose.fit(words)
        # Under the strip and with larger text there is room for the greeting alone.
        self._choose.hidden = y - tall - theme.size("hair") < self.y + StartPage.LAP * theme.scale + theme.size("hair")
        self._choose.place(self.x + margin, y - tall - theme.size("hair"), words, tall)


class HomeTile(NamedTile):
    """A smaller task beside check-in."""

    tall = StringProperty("tile")


class StartPage(Page):
    """A hero and what laps over it. It has no rule in kv: a rule of one start page must never reach another's."""

    hero = ObjectProperty(None)
    LAP = 44

    def fits(self, *, whole: bool = False) -> bool:
        """The hero gives way first."""
        lap = self.LAP * theme.scale
        need = self.body.fit(self.width) if whole else self.body.least(self.width)
        if need > self.height - self.hero.fit(self.width) + lap:
            return False
        return not theme.low or self.body.reach(self.width) <= REACH * theme.scale - self.y

    def arrange(self) -> None:
        """The card laps over the hero; with low reach the hero takes what is left above."""
        lap = self.LAP * theme.scale
        hero = self.hero.fit(self.width)
        if theme.low:
            hero = max(hero, self.height - self.body.fit(self.width) + lap)
        hero = min(hero, self.height)
        self.hero.strip = self.strip
        self.hero.place(self.x, self.top - hero, self.width, hero)
        self.body.place(self.x, self.y, self.width, self.height - hero + lap)

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)  # type: ignore[arg-type]
        self.hero = Hero()
        Box.add_widget(self, self.hero, index=len(self.children))


class HomePage(StartPage):
    """Check-in is the big card; the emergency line is always there."""
