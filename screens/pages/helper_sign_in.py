"""Somebody of the community digital team signs in: by card, or by name and PIN."""

from screens.shell.page import Page


class HelperSignInPage(Page):
    """Two rows, and what was wrong with the last try."""
