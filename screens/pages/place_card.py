"""Picture 25: the card on the reader."""

from __future__ import annotations

from screens.pages.scan_code import CardSide
from screens.shell.page import Page

NEEDS = CardSide


class PlaceCardPage(Page):
    """Side and place in words and pictures."""
