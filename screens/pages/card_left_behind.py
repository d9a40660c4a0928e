""" "Thẻ căn cước vẫn còn trên đầu đọc": until it is taken."""

from __future__ import annotations

from screens.shell.page import Page


class CardLeftBehindPage(Page):
    """A sign to take the card; it goes by itself."""
