"""The window and what it needs before anything else is imported: names of the place, a voice that comes later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

import trio
from kivy.core.window import Window

from kiosk.journal import Journal
from kiosk.settings import Settings
from kiosk.technician.bundle import LogTail
from screens.app import TramWindow
from screens.site import SiteFacts
from screens.theme import theme
from services.journeys.prompts import BARS, HOSPITAL, ONE_STOP, Home, OneStopHome, Say
from services.messages import tr

NAME = "Trạm"
"""The window's title: the product's own name, the same in every language."""
REMEMBERED_SITE = "site.json"
"""Kept by services.gateway_client.memory; only the names are read here, before that room is imported."""


class Voice(Protocol):
    """What the loudspeaker does once it is there (screens.speech: Speaker and Controls)."""

    @property
    def headphones(self) -> bool:
        """Whether headphones are in."""
        ...

    def say(self, sentences: Sequence[Say], language: str) -> None:
        """Speak."""
        ...

    def stop(self) -> None:
        """Be silent."""
        ...

    def tick(self) -> None:
        """A touch."""
        ...

    def set_volume(self, percent: int) -> None:
        """0 to 100."""
        ...


class LateVoice:
    """Silent until `become` is called: sound is not worth waiting for with the first picture."""

    def __init__(self) -> None:
        self._voice: Voice | None = None

    def become(self, voice: Voice) -> None:
        """From now on this one speaks."""
        self._voice = voice

    @property
    def headphones(self) -> bool:
        """Whether headphones are in."""
        return self._voice is not None and self._voice.headphones

    def say(self, sentences: Sequence[Say], language: str) -> None:
        """Speak."""
        if self._voice is not None:
            self._voice.say(sentences, language)

    def stop(self) -> None:
        """Be silent."""
        if self._voice is not None:
            self._voice.stop()

    def tick(self) -> None:
        """A touch."""
        if self._voice is not None:
            self._voice.tick()

    def set_volume(self, percent: int) -> None:
        """0 to 100."""
        if self._voice is not None:
            self._voice.set_volume(percent)


class Glass:
    """The window's size, and when somebody touched it last: for the technician's board."""

    def __init__(self) -> None:
        self._last: float | None = None

    def watch(self) -> None:
        """Hear touches from now on; the window must exist."""
        Window.bind(on_touch_down=self._touched)

    def _touched(self, *_: object) -> None:
        self._last = monotonic()

    @property
    def size(self) -> tuple[int, int]:
        """In its own pixels."""
        return int(Window.width), int(Window.height)

    def last_touch(self) -> float | None:
        """By the monotonic clock; None since the start: nobody."""
        return self._last


@dataclass
class Face:
    """The window with its voice and, in the demo, its journal; the tail of the log for the technician."""

    window: TramWindow
    voice: LateVoice
    journal: Journal | None
    tail: LogTail = field(default_factory=LogTail)
    glass: Glass = field(default_factory=Glass)
    again: bool = False
    """The window was closed to be opened anew."""

    def restart(self) -> None:
        """End, and start anew."""
        self.again = True
        self.window.stop()


def make_face(settings: Settings) -> Face:
    """The window with what is known of the place from the last run."""
    voice = LateVoice()
    window = TramWindow(
        remembered_site(settings),
        speaker=voice,
        controls=voice,
        volume=settings.site.volume,
        language=settings.site.language,
    )
    window.title = NAME
    theme.larger = settings.site.text == "large"
    theme.contrast = settings.site.contrast == "high"
    theme.low = settings.site.reach == "low"
    journal = Journal(settings.journal, window.stage) if settings.journal is not None else None
    return Face(window, voice, journal)


def remembered_site(settings: Settings) -> SiteFacts:
    """Names as the gateway told them last time; before the first answer, words that are true at every place."""
    try:
        site: dict[str, Any] = json.loads((settings.state_directory / REMEMBERED_SITE).read_text("utf-8"))
        return SiteFacts(
            site["place"],
            site["place_en"],
            site["kiosk_name"],
            site["kiosk_name_en"],
            one_stop=site.get("one_stop") is not None,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return SiteFacts(tr("site.place", "vi"), tr("site.place", "en"), tr("site.kiosk", "vi"), tr("site.kiosk", "en"))


async def first_picture(face: Face) -> None:
    """Show the start page, not yet asked, and wait until it was drawn."""
    drawn = trio.Event()

    def flipped(*_: object) -> None:
        Window.unbind(on_flip=flipped)
        drawn.set()

    # The window exists only after the application's loop has started.
    await trio.sleep(0)
    Window.bind(on_flip=flipped)
    face.glass.watch()
    one_stop = bool(theme.one_stop)
    face.window.stage.begin(OneStopHome(choices=(*ONE_STOP, *BARS)) if one_stop else Home(choices=HOSPITAL))
    await drawn.wait()
