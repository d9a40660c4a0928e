"""Hardening of the window: Kivy configured from code before its first import, every escape hatch closed.

Facts: reference measurements of Kivy 2.3.1; break-outs 17-24 and 32-36 of the kiosk practice notes.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

DESIGN_WIDTH, DESIGN_HEIGHT = 1080, 1920
FRAMES_PER_SECOND = 45
"""At most; a still screen draws none. At 30 the slowest touches waited for 122 ms (docs/evidence.md); at 60 an idle
screen works more for nothing that is seen."""


def configure(home: Path, *, width: int = 0, height: int = 0) -> None:
    """Set Kivy's environment and configuration. Must run before `kivy` is imported anywhere.

    `home`: a writable folder for Kivy's own files. `width` and `height` 0 mean the whole screen.
    Raises RuntimeError when Kivy was imported already: then nothing here would count.
    """
    if "kivy" in sys.modules:
        raise RuntimeError("Kivy was imported before its window was hardened")
    home.mkdir(parents=True, exist_ok=True)
    # Kivy reads configuration from KCFG_* variables too; a stranger's shell must not.
    for name in [name for name in os.environ if name.startswith(("KCFG_", "KIVY_"))]:
        del os.environ[name]
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_NO_ENV_CONFIG="1",
        KIVY_LOG_MODE="PYTHON",
        KIVY_HOME=str(home),
        # SDL would turn SIGTERM into a close request, which we refuse from the keyboard (Alt+F4).
        SDL_NO_SIGNAL_HANDLERS="1",
        KIVY_AUDIO="",
        KIVY_CLIPBOARD="dummy",
        KIVY_VIDEO="",
        KIVY_CAMERA="",
        KIVY_SPELLING="",
    )
    # Kivy's own chatter about the graphics card would drown what matters.
    logging.getLogger("kivy").addFilter(lambda record: record.levelno >= logging.WARNING)
    from kivy.config import Config

    settings = {
        "graphics": {
            "fullscreen": "0" if width else "auto",
            "borderless": "1",
            "position": "custom",
            "left": "0",
            "top": "0",
            "width": str(width or DESIGN_WIDTH),
            "height": str(height or DESIGN_HEIGHT),
            "resizable": "0",
            "show_cursor": "0",
            "maxfps": str(FRAMES_PER_SECOND),
            "multisamples": "0",
            "allow_screensaver": "0",
        },
        "kivy": {"exit_on_escape": "0", "pause_on_minimize": "0", "log_level": "warning", "window_icon": ""},
    }
    for section, values in settings.items():
        for key, value in values.items():
            Config.set(section, key, value)
    # The default `probesysfs` provider would deliver each touch twice beside SDL's mouse.
    for section in ("input", "modules"):
        for key in dict(Config.items(section)):
            Config.remove_option(section, key)
    Config.set("input", "mouse", "mouse,disable_multitouch")


def swallow_keys() -> None:
    """Take ESC, F1 and every other key from the window: nobody types here. The listening mode's keys are heard before
    (kiosk.listening_place) and swallowed too."""
    from kivy.core.window import Window

    def swallow(*_: object) -> bool:
        return True

    Window.bind(on_keyboard=swallow, on_key_down=swallow, on_request_close=swallow)


def on_terminate(stop: Callable[[], None]) -> None:
    """Call `stop` on SIGTERM and SIGINT: systemd and the demo end the kiosk this way."""

    def handler(_number: int, _frame: FrameType | None) -> None:
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)
