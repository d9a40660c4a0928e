"""The demo's journal: which screen takes touches since when, and where. Names of elements only, no text of a person."""

from __future__ import annotations

import json
import re
from pathlib import Path
from time import monotonic
from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window

from screens.parts.touch import Touch
from screens.stage import KivyStage
from screens.theme import theme
from services.journeys.prompts import (
    CheckResults,
    CompareFinger,
    FingerKept,
    Home,
    InsuranceUnhappy,
    NothingFound,
    PayByCard,
    PayByVietQR,
    PaymentDone,
    PlaceCard,
    Problem,
    Prompt,
    ScanCode,
    ShowDossier,
    StaffCall,
    TechnicianBoard,
    TicketReady,
    TypeDigits,
    TypeField,
    Working,
)

_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
SWITCHES = ("language", "larger", "contrast", "low")


class Journal:
    """Appends one JSON line for each page that stands still, and again when a switch changed it."""

    def __init__(self, path: Path, stage: KivyStage) -> None:
        self._path = path
        self._stage = stage
        self._told: tuple[object, ...] = ()
        stage.watchers.append(self._settled)
        self._again = Clock.create_trigger(lambda _seconds: self._switched())
        for switch in SWITCHES:
            theme.fbind(switch, self._again)

    def close(self) -> None:
        """Stop listening."""
        for switch in SWITCHES:
            theme.funbind(switch, self._again)

    def _switched(self) -> None:
        prompt = self._stage.current
        if prompt is not None:
            self._settled(prompt)

    def _settled(self, _prompt: Prompt[Any]) -> None:
        """It takes touches already; people know it when the picture was drawn."""
        Window.bind(on_flip=self._drawn)
        self._stage.frame.canvas.ask_update()

    def _drawn(self, *_: object) -> None:
        Window.unbind(on_flip=self._drawn)
        # Kivy tells before it swaps the buffers: the line is written when the picture is really out.
        since, drawn = monotonic(), self._state()
        Clock.schedule_once(lambda _seconds: self._write(since, drawn), 0)

    def _state(self) -> tuple[object, ...]:
        """What somebody may wait for: percents and seconds change all the time."""
        prompt = self._stage.current
        switches = theme.language, theme.larger, theme.contrast, theme.low
        if prompt is None:
            return ()
        # Tiles of the start page come when the place tells them.
        tiles = prompt.choices if isinstance(prompt, Home) else ()
        return (self._stage.turn, screen_name(prompt), mark(prompt), *switches, *tiles)

    def _write(self, since: float, drawn: tuple[object, ...]) -> None:
        prompt = self._stage.current
        if prompt is None or not self._stage.accepting:
            return
        if isinstance(prompt, Home) and not self._stage.asked:
            # The first picture, before anything behind it was built.
            return
        if drawn == self._told or drawn != self._state():
            # Told already, or a newer state is on its way: it is drawn and told next.
            return
        self._told = drawn
        line = {"t": since, "screen": screen_name(prompt), "mark": mark(prompt), "touchables": self._touchables()}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def _touchables(self) -> list[dict[str, object]]:
        frame = self._stage.frame
        height = frame.height
        found: list[dict[str, object]] = []
        for box in frame.walk():
            if isinstance(box, Touch) and box.name and _seen(box):
                # Kivy counts from the bottom, X from the top.
                top = height - box.top
                place = {"x": box.x, "y": top, "w": box.width, "h": box.height}
                found.append({"name": box.name, **place, "closed": box.closed})
        return found


def _seen(box: Touch) -> bool:
    """Whether it and everything around it is shown."""
    around: Any = box
    while around is not None and hasattr(around, "shown"):
        if not around.shown:
            return False
        around = around.parent
    return box.width > 0


def mark(prompt: Prompt[Any]) -> str:
    """What a screen is about beyond its name: a failure code, a hint, a state. Never a text of a person."""
    match prompt:
        case Home():
            return "offline" if prompt.offline_since else ""
        case Problem():
            return prompt.code
        case ScanCode() | PlaceCard():
            return prompt.hint or ""
        case InsuranceUnhappy():
            return prompt.result.value
        case StaffCall() | PayByVietQR():
            return prompt.state.value
        case PayByCard():
            return prompt.step.value
        case TypeField():
            return prompt.field
        case TypeDigits():
            return prompt.what.value
        case CompareFinger() if prompt.percent is not None:
            return "reading"
        case CompareFinger():
            return prompt.hint or f"{prompt.finger.value} {prompt.number}"
        case FingerKept():
            return "kept" if prompt.kept else "not-kept"
        case TicketReady() | PaymentDone():
            if prompt.printing:
                return "printing"
            return "printed" if prompt.printed else prompt.problem or "not-printed"
        case Working():
            return prompt.message
        case CheckResults():
            return prompt.running or "done"
        case TechnicianBoard() if prompt.note is not None:
            return prompt.note.message
        case ShowDossier():
            return prompt.headline
        case NothingFound():
            return prompt.what.value
        case _:
            return ""


def screen_name(prompt: Prompt[Any]) -> str:
    """The prompt's type as people write it: ChoosePatient -> choose-patient."""
    return _CAPITAL.sub("-", type(prompt).__name__).lower()
