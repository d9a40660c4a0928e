from collections.abc import Callable, Sequence
from typing import Any

from kivy.event import EventDispatcher
from kivy.uix.widget import Widget

class WindowBase(EventDispatcher):
    size: tuple[int, int]
    width: int
    height: int
    clearcolor: Sequence[float]
    children: list[Widget]
    def add_widget(self, widget: Widget) -> None: ...
    def remove_widget(self, widget: Widget) -> None: ...
    def screenshot(self, name: str = ...) -> str: ...
    def bind(self, **kwargs: Callable[..., Any]) -> None: ...
    def close(self) -> None: ...

Window: WindowBase
