"""Pictures 05 and 23: is this you, is this the child."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.shell.page import Page
from services.journeys.prompts import CardHolder, CardWording, ConfirmIdentity, PhotoPlace

WORDS = {CardHolder.CHILD: "child", CardHolder.OTHER: "other"}
NO_PHOTO = {
    PhotoPlace.READ: "me.nophoto",
    PhotoPlace.COMING: "me.photo.coming",
    PhotoPlace.MISSED: "me.photo.missed",
}


class ConfirmIdentityPage(Page):
    """What the chip says, with the number masked."""

    confirm: ConfirmIdentity
    child = BooleanProperty(False)
    seal = BooleanProperty(False)
    words = StringProperty("me")
    photo = ObjectProperty(None)
    no_photo = StringProperty("me.nophoto")
    """The word in its place."""
    awaited = BooleanProperty(False)
    """A photo was or is on its way: its place has its size, so that nothing moves when it comes."""

    def on_prompt(self, _page: object, prompt: ConfirmIdentity) -> None:
        """Whose card it is, and what it proves."""
        self.child = prompt.holder is CardHolder.CHILD
        self.seal = prompt.wording is CardWording.GENUINE_CHIP
        self.words = WORDS.get(prompt.holder, "me")
        self.no_photo = NO_PHOTO[prompt.photo_place]
        self.awaited = prompt.photo_place is not PhotoPlace.READ

    def leave(self) -> None:
        """The face goes with the page."""
        self.photo.wipe()
