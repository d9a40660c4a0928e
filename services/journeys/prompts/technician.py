"""What the technician is asked and shown (picture 19). Nobody but the technician ever sees one of these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Prompt, Say

Args = tuple[tuple[str, str | int], ...]


class Lamp(Enum):
    """Three states, worst first."""

    FAULT = "fault"
    NOTICE = "notice"
    GOOD = "good"


class BoardChoice(Enum):
    """What can be touched below the list of devices."""

    TEST_ALL = "test-all"
    EXPORT = "export"
    RESTART = "restart"
    SETTINGS = "settings"
    LEAVE = "leave"


class DeviceAction(Enum):
    """The second button of a device's row."""

    REOPEN = "reopen"
    PRINT = "print"
    PLAY = "play"
    GRID = "grid"
    SEND = "send"
    CLEAR = "clear"


@dataclass(frozen=True)
class CheckDevice:
    """ "Kiểm tra" of one row."""

    device: str


@dataclass(frozen=True)
class ActOnDevice:
    """The second button of one row."""

    device: str
    action: DeviceAction


BoardAnswer = BoardChoice | CheckDevice | ActOnDevice


@dataclass(frozen=True)
class Told:
    """A message id with its arguments; `text` is words of a machine (a path, a version) instead."""

    message: str = ""
    args: Args = ()
    text: str = ""


@dataclass(frozen=True)
class DeviceRow:
    """One device: its lamp, what it is, since when, and its last failure with its code."""

    device: str
    icon: str
    lamp: Lamp
    state: str
    """Message id of the pill."""
    detail: Told
    last: Told
    action: DeviceAction


@dataclass(frozen=True, kw_only=True)
class TechnicianPin(Prompt[str | None]):
    """The PIN; None goes back to the start page. `wait` seconds are left before the next try is looked at."""

    wrong: bool = False
    wait: int = 0
    known: bool = True
    back: bool = False
    seconds: ClassVar[float | None] = None
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class TechnicianBoard(Prompt[BoardAnswer]):
    """Picture 19."""

    kiosk: str
    version: str
    running: Told
    clock: str
    rows: tuple[DeviceRow, ...]
    waiting: int
    served: int
    note: Told | None = None
    """What the last touch led to."""
    back: bool = False
    seconds: ClassVar[float | None] = None
    home: ClassVar[bool] = False

    @property
    def faults(self) -> int:
        """How many devices do not work."""
        return sum(row.lamp is Lamp.FAULT for row in self.rows)

    @property
    def notices(self) -> int:
        """How many want to be looked at."""
        return sum(row.lamp is Lamp.NOTICE for row in self.rows)

    def spoken(self) -> tuple[Say, ...]:
        return ()


class ResultChoice(Enum):
    """What can be touched below the results."""

    AGAIN = "again"
    LINES = "lines"
    BACK = "back"


@dataclass(frozen=True)
class ResultRow:
    """One test: None while it has not ended. `lines` are a machine's words: codes, lengths, times; no content."""

    name: str
    lamp: Lamp | None
    told: Told
    cure: str = ""
    """What to do, from the registry of failure codes, in the technician's language."""
    lines: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    """What fills a page of its own: each command of a chip without its content, row by row."""


@dataclass(frozen=True)
class DeviceHistory:
    """What became of one device: `counts` since the start, and its failures of a week, the newest first."""

    counts: Told
    failures: tuple[ResultRow, ...] = ()
    """Without a lamp: `name` is the code, `told` when and how often."""


@dataclass(frozen=True, kw_only=True)
class CheckResults(Prompt[ResultChoice]):
    """The tests that ran, and the one that runs: `running` is its name and what hands must do now."""

    rows: tuple[ResultRow, ...]
    running: str | None = None
    history: DeviceHistory | None = None
    """Of the one device that was tested."""
    back: bool = False
    seconds: ClassVar[float | None] = None
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class TechnicianLines(Prompt[ResultChoice]):
    """The table of one test, with what its columns are; it turns its own pages."""

    name: str
    heads: tuple[str, ...]
    """Message ids."""
    rows: tuple[tuple[str, ...], ...]
    back: bool = False
    seconds: ClassVar[float | None] = None
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class TouchGrid(Prompt[int]):
    """Fields over the whole glass; the answer is how many were not touched. Ends by itself after `patience` seconds."""

    columns: int = 6
    lines: int = 10
    patience: float = 30.0
    back: bool = False
    seconds: ClassVar[float | None] = None
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return ()


class SettingsChoice(Enum):
    """What can be touched below the settings."""

    UNDO = "undo"
    RESTART = "restart"
    BACK = "back"


@dataclass(frozen=True)
class SettingRow:
    """One setting and its value; touching it takes the next value that is allowed on site."""

    name: str
    value: Told


@dataclass(frozen=True)
class NextValue:
    """A setting was touched."""

    name: str


@dataclass(frozen=True, kw_only=True)
class SiteSettingsPage(Prompt[SettingsChoice | NextValue]):
    """What is safe to change on site."""

    rows: tuple[SettingRow, ...]
    can_undo: bool
    note: Told | None = None
    back: bool = False
    seconds: ClassVar[float | None] = None
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return ()
