""" "Đã có hẹn": today's appointments of the person whose chip was read."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.named import NamedRow
from screens.shell.page import Page
from screens.words import MessageId
from services.journeys.prompts import AppointmentChosen, ChooseAppointment


class ChooseAppointmentPage(Page):
    """A row for each appointment, and the way to a new visit."""

    rows = ObjectProperty(None)

    def on_rows(self, _page: object, rows: object) -> None:
        """Rows come with the prompt."""
        prompt: ChooseAppointment = self.prompt
        made = list[NamedRow]()
        for one in prompt.appointments:
            kind = MessageId("booked.revisit" if one.revisit else "booked.booked")
            row = NamedRow(
                name=one.id,
                icon="calendar-check",
                text=f"{one.time} · {one.clinic}",
                hint="booked.line",
                hint_args={"kind": kind, "room": one.room},
            )
            row.bind(on_act=self.answers(AppointmentChosen(one.id)))
            made.append(row)
        self.rows.fill(made)
