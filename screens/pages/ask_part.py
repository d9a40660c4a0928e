"""An optional part of an interlinked group: with the rest, or not."""

from __future__ import annotations

from screens.shell.page import Page


class AskPartPage(Page):
    """Two buttons of the same weight."""
