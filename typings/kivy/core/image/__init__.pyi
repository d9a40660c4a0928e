from typing import Any, BinaryIO

from kivy.graphics.texture import Texture

class Image:
    texture: Texture
    width: int
    height: int
    size: tuple[int, int]
    def __init__(self, arg: str | BinaryIO, ext: str = ..., **kwargs: Any) -> None: ...
