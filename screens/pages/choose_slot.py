"""The time of day a number is for; full times stay visible."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.named import NamedTile
from screens.shell.page import Page
from services.journeys.prompts import ChooseSlot, SlotChosen


class ChooseSlotPage(Page):
    """A tile for each time."""

    tiles = ObjectProperty(None)

    def on_tiles(self, _page: object, tiles: object) -> None:
        """Tiles come with the prompt."""
        prompt: ChooseSlot = self.prompt
        made = list[NamedTile]()
        for slot in prompt.slots:
            tile = NamedTile(
                name=slot.id,
                message="slot.time",
                args={"start": slot.start, "end": slot.end},
                hint="slot.left" if slot.left else "slot.full",
                hint_args={"left": slot.left} if slot.left else {},
                closed=not slot.left,
            )
            tile.bind(on_act=self.answers(SlotChosen(slot.id)))
            made.append(tile)
        self.tiles.fill(made)
