from typing import Any

from kivy.graphics.texture import Texture

class LabelBase:
    texture: Texture
    text: str
    options: dict[str, Any]
    content_size: tuple[int, int]
    def __init__(self, text: str = ..., font_size: float = ..., font_name: str = ..., **kwargs: Any) -> None: ...
    def refresh(self) -> None: ...
    def get_extents(self, text: str) -> tuple[int, int]: ...
    @staticmethod
    def register(
        name: str,
        fn_regular: str,
        fn_italic: str | None = ...,
        fn_bold: str | None = ...,
        fn_bolditalic: str | None = ...,
    ) -> None: ...

class Label(LabelBase): ...
