"""Picture 15: the appointment, what is asked of the person now, and the timeline. It turns pages where it is long."""

from __future__ import annotations

from screens.layout import Box
from screens.parts.cards import Ground
from screens.parts.rows import IconRow
from screens.parts.timeline import TimelineRow
from screens.shell.list_page import ListPage
from screens.words import MessageId
from services.journeys.prompts import DossierAnswer, DossierPace, Mark, Moment, PartState, ShowDossier, TimelineStep
from services.messages import money

HANDED_OVER = 10
FINISHED = "dossier.status.9"
SIGNS = {
    "dossier.money": "wallet",
    "dossier.money.until": "wallet",
    "dossier.paid": "check-circle",
    "dossier.ready": "map-pin",
    "dossier.posted": "check-circle",
    "dossier.extended": "clock",
    "dossier.counted": "clock",
    "dossier.kept": "clock",
    "dossier.late": "clock",
}


class PaperAsked(Ground):
    """A paper that is missing, or a part of a group."""

    def __init__(self, **values: object) -> None:
        super().__init__(fill="surface", radius="radius_m", pad_x="block")
        self.add_widget(IconRow(pad_y="hair", **values))


class ShowDossierPage(ListPage):
    """What is asked of the person stands above what came and what comes."""

    def made(self) -> list[Box]:
        """What is asked, the parts, the steps."""
        prompt: ShowDossier = self.prompt
        made: list[Box] = [PaperAsked(icon="file-text", text=name) for name in prompt.missing]
        made += [_part(part) for part in prompt.parts]
        steps = prompt.steps
        for number, step in enumerate(steps):
            after = steps[number + 1] if number + 1 < len(steps) else None
            made.append(_step(step, first=number == 0, after=after, posted=prompt.posted))
        return made

    def alone(self, prompt: ShowDossier) -> bool:
        """Nothing but print and done: as in picture 15."""
        return set(prompt.offers) <= {DossierAnswer.PRINT, DossierAnswer.DONE}

    def day(self, moment: Moment | None) -> dict[str, object]:
        """Weekday and day."""
        return {} if moment is None else _day(moment)

    def halves(self, prompt: ShowDossier) -> dict[str, str]:
        """Half days of the return desk."""
        return dict(zip("abcd", (time for half in prompt.hours for time in half), strict=False))

    def pace(self, prompt: ShowDossier) -> str:
        """Its word."""
        return "" if prompt.pace is None else prompt.pace.value

    def busy(self, prompt: ShowDossier) -> bool:
        """Whether something is asked of the person."""
        return bool(self.told(prompt))

    def told(self, prompt: ShowDossier) -> str:
        """The one thing to know now."""
        if prompt.headline.startswith("dossier.state."):
            return prompt.headline.replace(".state.", ".")
        if prompt.missing:
            return "dossier.missing.until" if prompt.missing_until else "dossier.missing"
        if prompt.money:
            return "dossier.money.until" if prompt.money_until else "dossier.money"
        if prompt.money_paid:
            return "dossier.paid"
        if prompt.ready_at:
            return "dossier.ready"
        if prompt.posted and prompt.headline == FINISHED:
            return "dossier.posted"
        if prompt.kept_until:
            return "dossier.kept"
        return self.delay(prompt)

    def delay(self, prompt: ShowDossier) -> str:
        """What there is to say of a day that is not the one first promised."""
        if prompt.pace is DossierPace.LATE:
            return "dossier.late"
        if prompt.extended:
            return "dossier.extended"
        return "dossier.counted" if prompt.counted_on else ""

    def way(self, prompt: ShowDossier) -> str:
        """How the result is got: when the counter is open, or by post where that is not said already."""
        if prompt.posted:
            return "" if self.told(prompt) == "dossier.posted" else "dossier.posted"
        return f"dossier.hours.{len(prompt.hours)}" if prompt.hours else ""

    def told_args(self, prompt: ShowDossier) -> dict[str, object]:
        """Its arguments."""
        said = self.told(prompt)
        moment = prompt.missing_until or prompt.money_until
        if said.endswith(".until") and moment is not None:
            return {**_day(moment), "amount": money(prompt.money)}
        if said == "dossier.kept" and prompt.kept_until is not None:
            return {**_day(prompt.kept_until), "time": prompt.kept_until.time}
        if said == "dossier.extended":
            return self.day(prompt.due)
        facts = {"money": {"amount": money(prompt.money)}, "ready": {"room": prompt.ready_at, "way": prompt.ready_way}}
        desk = {"late": {"desk": prompt.desk}, "not-filed": {"desk": prompt.desk}}
        return {**facts, **desk}.get(said.removeprefix("dossier."), {})  # type: ignore[return-value]

    def kind(self, prompt: ShowDossier) -> str:
        """What is asked of the person is marked; good news is green."""
        return "ok" if self.told(prompt) in {"dossier.ready", "dossier.paid", "dossier.posted"} else "warn"

    def sign(self, prompt: ShowDossier) -> str:
        """Its icon."""
        return SIGNS.get(self.told(prompt), "info")

    def pay(self, prompt: ShowDossier) -> dict[str, str]:
        """What is paid here."""
        return {"amount": money(prompt.money)}

    def more(self, prompt: ShowDossier) -> str:
        """How, or where."""
        if prompt.money:
            return "dossier.money.here" if DossierAnswer.PAY in prompt.offers else "dossier.money.where"
        delay = self.delay(prompt)
        return "" if delay == self.told(prompt) else delay

    def more_args(self, prompt: ShowDossier) -> dict[str, object]:
        """Its arguments."""
        if self.more(prompt) == "dossier.extended":
            return self.day(prompt.due)
        return {"desk": prompt.cashier if prompt.money else prompt.desk}


def _day(moment: Moment) -> dict[str, object]:
    return {"weekday": MessageId(f"weekday.{moment.weekday}"), "day": moment.day}


def _part(part: PartState) -> PaperAsked:
    status = {"status": MessageId(f"status.{part.status}")}
    if part.outcome:
        told = {**status, "outcome": part.outcome}
        return PaperAsked(icon=part.icon, text=part.name, hint="dossier.part.outcome", hint_args=told)
    if part.due is None:
        return PaperAsked(icon=part.icon, text=part.name, hint="dossier.part.undated", hint_args=status)
    return PaperAsked(icon=part.icon, text=part.name, hint="dossier.part", hint_args={**status, **_day(part.due)})


def _step(step: TimelineStep, *, first: bool, after: TimelineStep | None, posted: bool) -> TimelineRow:
    hint, args = "", {}
    if step.at is not None and step.mark is Mark.NEXT:
        hint, args = "dossier.about", _day(step.at)
    elif step.at is not None:
        args = {**_day(step.at), "time": step.at.time, "unit": step.unit}
        hint = "dossier.at.unit" if step.unit else "dossier.at"
    elif step.status == HANDED_OVER and not posted:
        hint = "dossier.bring"
    return TimelineRow(
        mark=step.mark.value,
        message=f"status.{step.status}",
        hint=hint,
        hint_args=args,
        first=first,
        last=after is None,
        came=after is not None and after.mark is not Mark.NEXT,
    )
