"""Why somebody pays at the cashier: one touch, no person in the answer."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.lists import Choice
from screens.shell.page import Page
from services.journeys.prompts import NotByCode

ICONS = {
    NotByCode.NO_APP: "device-mobile",
    NotByCode.PREFER_CASH: "coins",
    NotByCode.FAILED: "qr-code",
    NotByCode.NOT_SURE: "question",
    NotByCode.NO_ANSWER: "x",
}


class WhyNotByCodePage(Page):
    """A row for each reason; the last one says nothing."""

    rows = ObjectProperty(None)

    def on_rows(self, _page: object, rows: object) -> None:
        """The same rows for everybody."""
        items = list[Choice]()
        for reason, icon in ICONS.items():
            row = Choice(
                name=reason.value,
                message=f"whynot.{reason.value}",
                icon=icon,
                tile="tile_icon",
                icon_size="icon",
                tall="row_touch",
            )
            row.bind(on_act=self.answers(reason))
            items.append(row)
        self.rows.fill(items)
