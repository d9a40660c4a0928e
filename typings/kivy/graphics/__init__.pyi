from collections.abc import Sequence
from typing import Any

from kivy.graphics.texture import Texture

class Instruction:
    def __init__(self, **kwargs: Any) -> None: ...

class InstructionGroup(Instruction):
    children: list[Instruction]
    def add(self, c: Instruction) -> None: ...
    def insert(self, index: int, c: Instruction) -> None: ...
    def remove(self, c: Instruction) -> None: ...
    def clear(self) -> None: ...

class CanvasBase(InstructionGroup): ...

class Canvas(CanvasBase):
    before: CanvasBase
    after: CanvasBase
    def ask_update(self) -> None: ...

class ContextInstruction(Instruction): ...

class Color(ContextInstruction):
    rgba: Sequence[float]
    rgb: Sequence[float]
    r: float
    g: float
    b: float
    a: float
    def __init__(self, *args: float, **kwargs: Any) -> None: ...

class PushMatrix(ContextInstruction): ...
class PopMatrix(ContextInstruction): ...

class Translate(ContextInstruction):
    x: float
    y: float
    def __init__(self, *args: float, **kwargs: Any) -> None: ...

class VertexInstruction(Instruction):
    texture: Texture | None
    source: str | None
    tex_coords: Sequence[float]

class Rectangle(VertexInstruction):
    pos: Sequence[float]
    size: Sequence[float]

class BorderImage(Rectangle):
    border: Sequence[float]

class RoundedRectangle(Rectangle):
    radius: Sequence[Any]
    segments: Any

class SmoothRoundedRectangle(RoundedRectangle): ...

class Ellipse(Rectangle):
    angle_start: float
    angle_end: float
    segments: int

class SmoothEllipse(Ellipse): ...

class Line(VertexInstruction):
    points: Sequence[float]
    width: float
    cap: str
    joint: str
    close: bool
    circle: Sequence[float]
    ellipse: Sequence[float]
    rounded_rectangle: Sequence[float]

class SmoothLine(Line): ...
