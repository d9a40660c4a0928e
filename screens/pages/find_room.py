""" "Tìm phòng": places in pages, never more than eight at a time."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.named import NamedTile
from screens.shell.page import Page
from services.journeys.prompts import FindRoom, RoomChosen


class FindRoomPage(Page):
    """A tile for each place."""

    tiles = ObjectProperty(None)

    def on_tiles(self, _page: object, tiles: object) -> None:
        """Tiles come with the prompt."""
        prompt: FindRoom = self.prompt
        made = list[NamedTile]()
        for room in prompt.rooms:
            hint = {"hint": "plain", "hint_args": {"text": room.place}} if room.place else {}
            tile = NamedTile(name=room.id, icon=room.icon, text=room.name, **hint)
            tile.bind(on_act=self.answers(RoomChosen(room.id)))
            made.append(tile)
        self.tiles.fill(made)
