""" "Đăng ký không dùng thẻ": what the person can show instead."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.lists import Choice
from screens.shell.page import Page
from services.journeys.prompts import WithoutCard, WithoutCardAnswer

ICONS = {
    WithoutCardAnswer.BY_HAND: "identification-card",
    WithoutCardAnswer.PASSPORT: "globe",
    WithoutCardAnswer.TYPE_NUMBER: "keyboard",
    WithoutCardAnswer.INSURANCE_CODE: "cardholder",
    WithoutCardAnswer.FINGER: "fingerprint",
    WithoutCardAnswer.VNEID: "device-mobile",
    WithoutCardAnswer.BIRTH_PAPER: "baby",
    WithoutCardAnswer.NO_PAPER: "user",
}


class WithoutCardPage(Page):
    """Only the ways the journey offers."""

    rows = ObjectProperty(None)

    def on_rows(self, _page: object, rows: object) -> None:
        """Rows come with the prompt."""
        prompt: WithoutCard = self.prompt
        made = list[Choice]()
        for way in prompt.choices:
            row = Choice(
                name=way.value,
                message=f"nocard.{way.value}",
                hint=f"nocard.{way.value}.hint",
                icon=ICONS[way],
                tile="tile_icon",
                icon_size="icon",
                heading="h3",
                tall="row_slim",
            )
            row.bind(on_act=self.answers(way))
            made.append(row)
        self.rows.fill(made)
