"""The number, with paper (picture 10) and without (picture 11)."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Element, Prompt, Say


class TicketAnswer(Enum):
    """What can be touched on pictures 10 and 11."""

    DONE = "done"
    REPRINT = "reprint"


@dataclass(frozen=True, kw_only=True)
class TicketReady(Prompt[TicketAnswer]):
    """Pictures 10 (`printed`) and 11 (not printed: number and QR on the screen, 60 s).

    `code` is the opaque token of the slip's QR; `notes` are message ids of true marks
    (prio.slip, slip.insurance_pending, slip.unpaid, slip.unverified, slip.paid, slip.offline, slip.slot.moved, …).
    """

    number: str
    clinic: str
    place: str
    way: str
    waiting: int | None
    expected_at: str | None
    notes: tuple[str, ...]
    printed: bool
    code: str
    reprint_code: str
    desk: str
    held: bool = False
    """The person had this number before: it is shown, a copy is printed only when wished."""
    copy: bool = False
    """A copy was asked for and comes out: nothing was registered."""
    printing: bool = False
    """The slip is on its way: nothing to take yet. `printed` reads True until the printer says otherwise."""
    card_on_reader: bool = False
    problem: str | None = None
    """Failure code (PR-02 …) when nothing was printed."""
    back: bool = False
    seconds: ClassVar[float | None] = 30.0
    seconds_without_paper: ClassVar[float] = 60.0
    is_result: ClassVar[bool] = True
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        state = "spoken.ticket" if self.printed else "spoken.ticket.nopaper"
        if self.printed and (self.held or self.copy):
            state = "spoken.ticket.copy" if self.copy else "spoken.ticket.held"
        return (Say(state), Say("spoken.ticket.number", (("number", self.number),), private=True))

    def focus(self) -> tuple[Element, ...]:
        return (
            Element(TicketAnswer.DONE.value, Say("spoken.ticket.done")),
            Element(TicketAnswer.REPRINT.value, Say("spoken.ticket.reprint")),
        )
