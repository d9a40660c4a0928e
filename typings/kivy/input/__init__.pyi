from typing import Any

class MotionEvent:
    x: float
    y: float
    pos: tuple[float, float]
    grab_current: Any
    ud: dict[str, Any]
    def grab(self, class_instance: object, exclusive: bool = ...) -> None: ...
    def ungrab(self, class_instance: object) -> None: ...
