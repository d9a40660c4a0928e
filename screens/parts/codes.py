"""QR codes on the screen: whole pixels for each module, four modules of quiet zone, black on white in every theme."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import NumericProperty, StringProperty

from screens.layout import Box
from screens.parts.panel import Panel
from screens.theme import theme

QUIET_MODULES = 4


def modules(text: str) -> list[list[bool]]:
    """The code's modules, without a quiet zone."""
    # Imported here: the first frame needs no code, and the library is slow to load.
    import qrcode
    from qrcode.constants import ERROR_CORRECT_M

    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


class QrCode(Box):
    """A text as a QR code. `border` in design pixels, in the primary colour."""

    text = StringProperty("")
    across = StringProperty("qr_pay")
    border = NumericProperty(6)

    def __init__(self, **values: object) -> None:
        self._made: object = None
        self._rows: list[list[bool]] = []
        super().__init__(**values)
        self._panel = Panel()
        self._marks = InstructionGroup()
        self.canvas.add(self._panel.group)
        self.canvas.add(self._marks)
        self.fbind("text", self._encode)
        self._encode()

    def _encode(self, *_: object) -> None:
        self._rows = modules(self.text) if self.text else []
        self.changed()

    def natural(self, room: float) -> float:
        """Square."""
        return theme.size(self.across)

    def fit(self, width: float) -> float:
        """Square."""
        return theme.size(self.across)

    def draw(self) -> None:
        """One texture of a pixel for each module, scaled by a whole number."""
        self._panel.move(*self.pos, *self.size, [theme.size("gap")] * 4, self.border * theme.scale)
        self.restyle()
        key = (self.text, *self.pos, *self.size)
        if key == self._made:
            return
        self._made = key
        self._marks.clear()
        if not self.text:
            return
        rows = self._rows
        count = len(rows)
        pixel = int((self.width - 2 * self.border * theme.scale) // (count + 2 * QUIET_MODULES)) or 1
        side = pixel * count
        picture = Texture.create(size=(count, count), colorfmt="luminance")
        picture.mag_filter = picture.min_filter = "nearest"
        picture.blit_buffer(
            bytes(0 if dark else 255 for row in reversed(rows) for dark in row), colorfmt="luminance", bufferfmt="ubyte"
        )
        self._marks.add(Color(1, 1, 1, 1))
        self._marks.add(
            Rectangle(
                texture=picture,
                pos=(round(self.center_x - side / 2), round(self.center_y - side / 2)),
                size=(side, side),
            )
        )

    def restyle(self) -> None:
        """White ground in every theme."""
        self._panel.paint(theme.colour("primary" if self.border > 3 else "line"), theme.colour("qr_ground"))
