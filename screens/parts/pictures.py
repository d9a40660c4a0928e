"""Pictures: flat illustrations, the breeze-block pattern, and the photo of a card, which leaves no trace behind."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from kivy.core.image import Image as CoreImage
from kivy.graphics import Color, Rectangle, SmoothRoundedRectangle
from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from screens.layout import Box
from screens.parts.panel import Panel
from screens.theme import theme

IMAGES = Path(__file__).resolve().parents[2] / "assets" / "images"


@lru_cache(maxsize=4)
def texture(name: str) -> Texture:
    """A picture of `assets/images` by name; the last few are kept."""
    return CoreImage(str(IMAGES / f"{name}.png"), nocache=True).texture


class Picture(Box):
    """An illustration in the middle of its ground."""

    source = StringProperty("")
    fill = StringProperty("scene")
    corners = StringProperty("all")
    inset = NumericProperty(0)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._panel = Panel()
        self._shape = Rectangle(size=(0, 0))
        self.canvas.add(self._panel.group)
        self.canvas.add(Color(1, 1, 1, 1))
        self.canvas.add(self._shape)
        self.fbind("source", self.changed)

    def draw(self) -> None:
        """As large as fits."""
        if not self.shown or not self.source:
            self._shape.size = (0, 0)
            return
        picture = texture(self.source)
        if self.fill:
            # Inside the border of its card.
            border = theme.size("border_card")
            radius = theme.size("radius_l") - border
            above = radius if self.corners in ("all", "above") else 0.1
            below = radius if self.corners in ("all", "below") else 0.1
            self._panel.move(*self.pos, *self.size, [above, above, below, below], 0)
        share = min(self.width / picture.width, self.height / picture.height, theme.scale)
        wide, tall = picture.width * share, picture.height * share
        self._shape.texture = picture
        self._shape.size = (wide, tall)
        self._shape.pos = (round(self.center_x - wide / 2), round(self.center_y - tall / 2))
        self.restyle()

    def restyle(self) -> None:
        """Ground again."""
        if self.fill:
            self._panel.paint(theme.colour(self.fill), theme.colour(self.fill))


class Pattern(Box):
    """The breeze block, repeated. Text never stands on it; high contrast has none."""

    side = NumericProperty(110)
    fill = StringProperty("primary")
    strength = NumericProperty(1.0)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._ground, self._paint = Color(), Color(1, 1, 1, 1)
        self._floor, self._tiles = Rectangle(size=(0, 0)), Rectangle(size=(0, 0))
        for part in (self._ground, self._floor, self._paint, self._tiles):
            self.canvas.add(part)

    def draw(self) -> None:
        """Tiles from the top left corner."""
        tile = texture("pattern_cham" if theme.one_stop else "pattern_ngoc")
        if tile.wrap != "repeat":
            tile.wrap = "repeat"
        side = self.side * theme.scale
        across, down = self.width / side, self.height / side
        self._tiles.texture = tile
        self._tiles.tex_coords = (0, down, across, down, across, 0, 0, 0)
        self._floor.pos = self._tiles.pos = self.pos
        self._floor.size = self._tiles.size = self.size
        self.restyle()

    def restyle(self) -> None:
        """No pattern in high contrast."""
        self._ground.rgba = theme.colour(self.fill)
        self._paint.a = 0 if theme.contrast else self.strength


class Photo(Box):
    """The face of a card from its bytes. Its texture is let go with the page."""

    data = ObjectProperty(None, allownone=True)
    loaded = BooleanProperty(False)
    """Whether there is a picture."""
    wide = StringProperty("photo_w")
    tall = StringProperty("photo_h")

    def __init__(self, **values: object) -> None:
        self._texture: Texture | None = None
        super().__init__(**values)
        self._paint, self._shape = Color(1, 1, 1, 0), SmoothRoundedRectangle(size=(0, 0))
        self.canvas.add(self._paint)
        self.canvas.add(self._shape)
        self.fbind("data", self._load)
        self._load()

    def _load(self, *_: object) -> None:
        self._texture = None
        if isinstance(self.data, bytes):
            # nocache: Kivy would keep a copy under its name.
            ext = "jpg" if self.data[:2] == b"\xff\xd8" else "png"
            try:
                self._texture = CoreImage(BytesIO(self.data), ext=ext, nocache=True).texture
            except Exception:  # a picture from a chip is never worth a journey: the silhouette stands there instead
                self._texture = None
        self.loaded = self._texture is not None
        self.changed()

    def draw(self) -> None:
        """Cut to the frame, from the middle."""
        if self._texture is None:
            self._paint.a = 0
            self._shape.texture = None
            return
        self._paint.a = 1
        frame, picture = self.width / self.height, self._texture.width / self._texture.height
        wide = min(1.0, frame / picture)
        tall = min(1.0, picture / frame)
        left, top = (1 - wide) / 2, (1 - tall) / 2
        u, v, du, dv = left, 1 - top, wide, -tall
        self._shape.texture = self._texture
        self._shape.tex_coords = (u, v, u + du, v, u + du, v + dv, u, v + dv)
        self._shape.pos, self._shape.size = self.pos, self.size
        self._shape.radius = [theme.size("radius_l")]

    def wipe(self) -> None:
        """Let the picture go."""
        self.data = None
        self._texture = None
        self._shape.texture = None
        self._paint.a = 0
