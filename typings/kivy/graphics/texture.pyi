from collections.abc import Sequence
from typing import Any

class Texture:
    width: int
    height: int
    size: tuple[int, int]
    tex_coords: Sequence[float]
    uvsize: tuple[float, float]
    uvpos: tuple[float, float]
    wrap: str
    mag_filter: str
    min_filter: str
    @staticmethod
    def create(size: tuple[int, int] = ..., colorfmt: str = ..., **kwargs: Any) -> Texture: ...
    def blit_buffer(
        self,
        pbuffer: bytes,
        size: tuple[int, int] | None = ...,
        colorfmt: str = ...,
        bufferfmt: str = ...,
        **kwargs: Any,
    ) -> None: ...
    def flip_vertical(self) -> None: ...
    def get_region(self, x: float, y: float, width: float, height: float) -> Texture: ...
