"""The Kivy application around the stage. Kivy's environment is set before this module is imported (`kiosk.window`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kivy.app import App
from kivy.core.window import Window
from kivy.uix.widget import Widget

from screens.site import SiteFacts
from screens.speech import Controls, Speaker
from screens.stage import KivyStage
from screens.theme import theme


class TramWindow(App):
    """`await app.async_run("trio")` draws until `app.stop()`; `stage` is ready from the start."""

    def __init__(
        self,
        site: SiteFacts,
        *,
        speaker: Speaker | None = None,
        controls: Controls | None = None,
        now: Callable[[], datetime] | None = None,
        volume: int = 60,
        language: str = "vi",
        reduced_motion: bool = False,
        prepare: bool = True,
    ) -> None:
        super().__init__()
        self._prepare = prepare
        self.stage = KivyStage(
            site,
            speaker=speaker,
            controls=controls,
            now=now,
            volume=volume,
            language=language,
            reduced_motion=reduced_motion,
            screen=Window.size,
        )

    def load_kv(self, filename: str | None = None) -> bool:
        """No kv is found by the name of this class: pages load their own, once."""
        return False

    def open_settings(self, *_: object) -> bool:
        """Kivy's settings panel does not exist here."""
        return False

    def build(self) -> Widget:
        """The frame."""
        # The paper behind everything is what a frame begins with: a layer less to draw.
        theme.fbind("contrast", self._paper)
        self._paper()
        Window.bind(size=self._resized)
        if self._prepare:
            self.stage.prepare()
        return self.stage.frame

    def _paper(self, *_: object) -> None:
        Window.clearcolor = theme.colour("paper")

    def _resized(self, _window: object, size: tuple[int, int]) -> None:
        self.stage.frame.resize(size)

    def on_stop(self) -> None:
        """Let go of the window, so that another application may follow in this process."""
        theme.funbind("contrast", self._paper)
        Window.unbind(size=self._resized)
        self.stage.close()
