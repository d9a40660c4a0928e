"""With what somebody was helped: six topics, counted and nothing else."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.named import NamedTile
from screens.shell.page import Page
from services.journeys.prompts import HelpTopic

ICONS = {
    HelpTopic.LEVEL_1: "device-mobile",
    HelpTopic.LEVEL_2: "identification-card",
    HelpTopic.VNEID: "qr-code",
    HelpTopic.HEALTH_BOOK: "heartbeat",
    HelpTopic.FILING: "files",
    HelpTopic.OTHER: "question",
}


class ChooseHelpPage(Page):
    """A tile for each topic."""

    tiles = ObjectProperty(None)

    def on_tiles(self, _page: object, tiles: object) -> None:
        """Six of them."""
        for topic in HelpTopic:
            tile = NamedTile(name=topic.value, icon=ICONS[topic], message=f"help.{topic.value}")
            tile.bind(on_act=self.answers(topic))
            self.tiles.add_widget(tile)
