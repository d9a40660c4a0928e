"""The procedure's page on the person's own phone: a code that says nothing about them."""

from __future__ import annotations

from screens.shell.page import Page


class OnPhonePage(Page):
    """A code to scan and where it leads."""
