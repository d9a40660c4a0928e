"""Picture 14: what to bring for this case, what the desk looks up itself, when it is ready, what it costs."""

from __future__ import annotations

from collections.abc import Iterator

from kivy.properties import ObjectProperty

from screens.layout import Column
from screens.parts.cards import Fact, Ground
from screens.parts.rows import IconRow
from screens.shell.page import Page
from screens.theme import theme
from screens.words import Words
from services.journeys.prompts import ChecklistAnswer, DueRow, PaperRow, ShowChecklist
from services.messages import tr


class PaperLine(Ground):
    """A paper with how many pieces; on green where the desk may find it by itself."""

    def __init__(self, row: PaperRow, *, held: bool, first: bool = False) -> None:
        super().__init__(
            fill="ok_soft" if held else "surface", edge="line", border="border_card", radius="radius_m", pad_x="block"
        )
        pieces = tr(row.pieces.message, theme.language, **dict(row.pieces.args))
        hint = row.note if held else f"{pieces}, {row.note}" if row.note else pieces
        line = IconRow(
            icon="check-circle" if held else "file-text", filled=held, icon_fill="ok_soft" if held else "soft",
            icon_ink="ok" if held else "primary", text=row.name, pad_y="hair",
        )  # fmt: skip
        if held and first:
            self.add_widget(Words(message="list.have", role="tiny", weight="semibold", ink="ok"))
            self.pad_y, self.pad_bottom = "hair", "zero"
        if hint:
            line.hint, line.hint_args, line.hint_role = "plain", {"text": hint}, "tiny"
        self.add_widget(line)


class ShowChecklistPage(Page):
    """The list turns pages where it is long; nothing of it is left out."""

    papers = ObjectProperty(None)
    facts = ObjectProperty(None)

    def on_papers(self, _page: object, papers: object) -> None:
        """Papers come with the prompt."""
        self._fill()

    def on_facts(self, _page: object, facts: object) -> None:
        """So do times and the fee."""
        self._fill()

    def replace(self, prompt: object) -> None:
        """Names follow the language."""
        super().replace(prompt)  # type: ignore[arg-type]
        self._fill()

    def _fill(self) -> None:
        prompt: ShowChecklist = self.prompt
        if self.papers is None or self.facts is None:
            return
        rows: list[Column] = [PaperLine(row, held=False) for row in prompt.bring]
        rows += [PaperLine(row, held=True, first=row is prompt.held[0]) for row in prompt.held]
        self.papers.empty()
        self.papers.fill(rows)
        self.facts.clear_widgets()
        for row in prompt.due:
            self.facts.add_widget(_fact(row))
        for name, value in prompt.conditions:
            self.facts.add_widget(Fact(label_text=name, value=value, pad_y="zero", value_role="note"))

    def has(self, answer: ChecklistAnswer) -> bool:
        """Whether a way works here and now."""
        prompt: ShowChecklist = self.prompt
        return answer in prompt.offers

    def title(self) -> str:
        """ "Mang theo 2 giấy tờ"."""
        prompt: ShowChecklist = self.prompt
        return "list.bring" if len(prompt.bring) > 1 else "list.bring.one" if prompt.bring else "list.bring.none"

    def under(self, prompt: ShowChecklist, language: str, low: bool) -> str:
        """The procedure; with low reach where it is handed in, too: below everything is what is touched."""
        where = tr("list.where", language, where=prompt.where) if low and prompt.where else ""
        return f"{prompt.procedure}. {where[:1].upper()}{where[1:]}" if where else prompt.procedure

    def small(self, prompt: ShowChecklist, language: str, short: bool) -> str:
        """Where it is handed in; where there is room its code and how old the data are."""
        text = " · ".join(_small(prompt, language, short))
        return text[:1].upper() + text[1:]


def _small(prompt: ShowChecklist, language: str, short: bool) -> Iterator[str]:
    if prompt.where:
        yield tr("list.where", language, where=prompt.where)
    if not short or not prompt.where:
        yield tr("list.code", language, code=prompt.code)
        yield tr("list.sample" if prompt.sample else "list.data", language, date=prompt.updated)


def _fact(row: DueRow) -> Fact:
    label = {"label_text": row.name} if row.name else {"label": "list.time"}
    return Fact(message=row.due.message, args=dict(row.due.args), pad_y="zero", value_role="note", **label)
