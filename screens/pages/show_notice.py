"""Something the place tells: its title, its picture, its words, and until when."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.shell.page import Page


class ShowNoticePage(Page):
    """Read, then back."""

    photo = ObjectProperty(None)

    def leave(self) -> None:
        """The picture goes with the page."""
        self.photo.wipe()
