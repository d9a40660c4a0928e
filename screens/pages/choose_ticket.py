"""Which of several numbers of today is printed again."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.named import NamedRow
from screens.shell.page import Page
from services.journeys.prompts import ChooseTicket, TicketChosen


class ChooseTicketPage(Page):
    """A row for each number."""

    rows = ObjectProperty(None)

    def on_rows(self, _page: object, rows: object) -> None:
        """Rows come with the prompt."""
        prompt: ChooseTicket = self.prompt
        made = list[NamedRow]()
        for ticket in prompt.tickets:
            row = NamedRow(
                name=ticket.id,
                icon="ticket",
                text=f"{ticket.number} · {ticket.clinic}",
                hint="tickets.taken",
                hint_args={"time": ticket.time},
            )
            row.bind(on_act=self.answers(TicketChosen(ticket.id)))
            made.append(row)
        self.rows.fill(made)
