""" "Cách dùng": four pictures, then back."""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from screens.parts.cards import Card
from screens.shell.page import Page


class HowToCard(Card):
    """One of the four."""

    number = NumericProperty(1)
    source = StringProperty("")
    message = StringProperty("")


class HowToPage(Page):
    """Two by two; a list without pictures where there is no room."""
