"""Picture 02: the start page of a one-stop centre, with only those tiles that have a working journey behind them."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.pages.home import HomeTile, StartPage
from screens.parts.touch import Slim
from services.journeys.prompts import HomeChoice, OneStopHome, ProcedureChosen

NEEDS = HomeTile


class OneStopHomePage(StartPage):
    """The two big cards lap over the hero; the most wanted procedures have tiles of their own."""

    favourites = ObjectProperty(None)

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
        # What stands last is touched: its gap to the tools below never gets tighter.
        self.body.pad_bottom = "clear"

    def on_favourites(self, _page: object, favourites: object) -> None:
        """Tiles come with the prompt."""
        self._fill()

    def replace(self, prompt: object) -> None:
        """Names follow the language."""
        super().replace(prompt)  # type: ignore[arg-type]
        self._fill()

    def _fill(self) -> None:
        prompt: OneStopHome = self.prompt
        self.favourites.clear_widgets()
        for one in prompt.favourites:
            tile = Slim(name=one.code, message="plain", args={"text": one.name}, icon=one.icon, flex=1, two_lines=True)
            tile.style = "plain"
            tile.bind(on_act=self.answers(ProcedureChosen(one.code)))
            self.favourites.add_widget(tile)
        self.changed()

    def notice(self, prompt: OneStopHome) -> str:
        """The title of the first one."""
        return prompt.notices[0] if prompt.notices else ""

    def has(self, choice: str) -> bool:
        """Whether a tile is shown."""
        prompt: OneStopHome = self.prompt
        return HomeChoice(choice) in prompt.choices
