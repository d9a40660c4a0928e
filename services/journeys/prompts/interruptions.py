"""What covers a question for a while: the idle warning, a staff call, a failure, a machine at work."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Element, Prompt, Say


class IdleAnswer(Enum):
    """Picture 17."""

    STAY = "stay"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class IdleWarning(Prompt[IdleAnswer]):
    """Picture 17: covers all personal data for 20 s; warns about a card left on the reader."""

    card_on_reader: bool = False
    code_live: bool = False
    """A payment code is live: it will be hidden and cancelled."""
    back: bool = False
    seconds: ClassVar[float | None] = 20.0
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.idle"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(answer.value, Say(f"spoken.idle.{answer.value}")) for answer in IdleAnswer)


class StaffCallState(Enum):
    """How far the call has come."""

    CALLING = "calling"
    """Not yet taken by the gateway."""
    HEARD = "heard"
    """The gateway took it; the staff page rings."""
    COMING = "coming"
    """Somebody acknowledged it."""
    UNANSWERED = "unanswered"
    """60 s without an answer: the nearest desk is named, the call stays open."""
    OFFLINE = "offline"
    """Not reached: the nearest desk is named."""


class StaffCallAnswer(Enum):
    """Picture 28."""

    CONTINUE = "continue"
    CANCEL = "cancel"


@dataclass(frozen=True, kw_only=True)
class StaffCall(Prompt[StaffCallAnswer]):
    """Picture 28: personal data covered, the idle clock stopped for 5 minutes."""

    state: StaffCallState
    called_at: str
    waited: int
    """Seconds since the call."""
    desk: str
    """The nearest desk with its way, from the site settings."""
    place: str
    back: bool = False
    seconds: ClassVar[float | None] = 300.0
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say(f"spoken.staff.{self.state.value}"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(answer.value, Say(f"spoken.staff.{answer.value}")) for answer in StaffCallAnswer)


class ProblemChoice(Enum):
    """Ways on from an error; the message ids are `problem.<value>`."""

    GO_ON = "go-on"
    RETRY = "retry"
    WITHOUT_CARD = "without-card"
    BY_HAND = "by-hand"
    """The code cannot be scanned: type what is printed on the card."""
    CALL_STAFF = "call-staff"
    """The same mistake twice: somebody comes to help. The walk calls them, and the same choice is there again."""
    ASK_DESK = "ask-desk"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class Problem(Prompt[ProblemChoice]):
    """Picture 18: what happened, what to do, who helps; the first choice is the primary button.

    The three sentences come from the registry of failure codes (`failures.toml`, ids `<code>.what/.next/.who`).
    """

    code: str
    choices: tuple[ProblemChoice, ...]
    args: tuple[tuple[str, str | int], ...] = ()

    def spoken(self) -> tuple[Say, ...]:
        return (
            Say(f"{self.code}.what", self.args),
            Say(f"{self.code}.next", self.args),
            Say(f"{self.code}.who", self.args),
        )

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(choice.value, Say(f"spoken.problem.{choice.value}")) for choice in self.choices)


class WorkingAnswer(Enum):
    """What can be touched while a machine works."""

    STOP = "stop"


@dataclass(frozen=True, kw_only=True)
class Working(Prompt[WorkingAnswer]):
    """A machine works for more than a moment: `message` says what, in plain words (ids `working.*`)."""

    message: str
    seconds_left: int | None = None
    can_stop: bool = True
    back: bool = False
    seconds: ClassVar[float | None] = None
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say(f"spoken.{self.message}"),)
