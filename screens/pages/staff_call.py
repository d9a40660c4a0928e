"""Picture 28: how far the call for staff has come."""

from __future__ import annotations

from kivy.properties import DictProperty, StringProperty

from screens.layout import Column, Row
from screens.parts.cards import Badge, Ground
from screens.shell.page import Page
from screens.words import Words
from services.journeys.prompts import StaffCall, StaffCallState

MINUTE = 60
HEADS = {
    StaffCallState.CALLING: "call.calling",
    StaffCallState.HEARD: "call.sent",
    StaffCallState.COMING: "call.coming",
    StaffCallState.UNANSWERED: "call.unanswered",
    StaffCallState.OFFLINE: "call.offline",
}
DONE, NOW, LATER = "done", "now", "later"
STATES = {
    StaffCallState.CALLING: (NOW, LATER, LATER),
    StaffCallState.HEARD: (DONE, NOW, LATER),
    StaffCallState.COMING: (DONE, DONE, DONE),
    StaffCallState.UNANSWERED: (DONE, NOW, LATER),
    StaffCallState.OFFLINE: (NOW, LATER, LATER),
}


class CallStep(Row):
    """One step of the call: a disc, a heading, a line below."""

    state = StringProperty(LATER)
    heading = StringProperty("")
    hint = StringProperty("")
    hint_args = DictProperty({})
    gap = StringProperty("block")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._disc = Badge(across="check", icon_size="bar", round=True)
        self._heading, self._hint = Words(role="h3"), Words(role="note", ink="ink2")
        self._panel = Ground(flex=1, radius="radius_m", pad_x="gap", pad_y="inner")
        column = Column()
        column.add_widget(self._heading)
        column.add_widget(self._hint)
        self._panel.add_widget(column)
        self.add_widget(self._disc)
        self.add_widget(self._panel)
        for kind in ("state", "heading", "hint", "hint_args"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        disc = self._disc
        disc.icon = {DONE: "check", NOW: "hourglass-medium", LATER: ""}[self.state]
        disc.fill = {DONE: "primary", NOW: "nghe", LATER: "surface"}[self.state]
        disc.edge, disc.ringed = ("edge" if self.state == LATER else "ink"), self.state != DONE
        disc.ink = {DONE: "on_primary", NOW: "on_nghe", LATER: "ink"}[self.state]
        self._panel.fill = "nghe_soft" if self.state == NOW else "surface"
        self._panel.edge = "line" if self.state == NOW else "surface"
        self._heading.message = self.heading
        self._heading.weight = "medium" if self.state == LATER else "bold"
        self._heading.ink = "ink2" if self.state == LATER else "ink"
        self._hint.message, self._hint.args, self._hint.hidden = self.hint, self.hint_args, not self.hint
        self.changed()


class StaffCallPage(Page):
    """Personal data is covered: nothing of the open question stands here."""

    def head_of(self, prompt: StaffCall) -> str:
        """What is the case."""
        return HEADS[prompt.state]

    def state(self, prompt: StaffCall, step: int) -> str:
        """Of a step."""
        return STATES[prompt.state][step]

    def first(self, prompt: StaffCall) -> str:
        """Heading of the first step."""
        if prompt.state is StaffCallState.OFFLINE:
            return "call.step1.not"
        return "call.step1.now" if prompt.state is StaffCallState.CALLING else "call.step1"

    def second(self, prompt: StaffCall) -> str:
        """Heading of the second step."""
        return "call.step2.done" if prompt.state is StaffCallState.COMING else "call.step2"

    def waited(self, prompt: StaffCall) -> str:
        """The line below it, while somebody is waited for."""
        if self.state(prompt, 1) != NOW:
            return ""
        return "call.waited" if prompt.waited < MINUTE else "call.waited.long"

    def waiting(self, prompt: StaffCall) -> dict[str, str | int]:
        """Its arguments."""
        if prompt.waited < MINUTE:
            return {"seconds": prompt.waited}
        return {"minutes": prompt.waited // MINUTE}

    def third(self, prompt: StaffCall) -> str:
        """The line below the third step."""
        return "call.step3.now" if prompt.state is StaffCallState.COMING else "call.step3.hint"

    def desk(self, prompt: StaffCall) -> str:
        """The nearest desk: at once when nobody comes, else after 60 s."""
        alone = {StaffCallState.UNANSWERED, StaffCallState.OFFLINE}
        return "call.desk.now" if prompt.state in alone else "call.desk.later"
