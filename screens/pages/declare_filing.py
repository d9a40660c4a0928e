"""What is declared and agreed to before a dossier is sent: whole words with their version, nothing chosen before."""

from __future__ import annotations

from screens.shell.page import Page
from services.journeys.prompts import DeclareFiling


class DeclareFilingPage(Page):
    """The words are the form's and the notice's; the page has none of its own for them."""

    def versions(self) -> dict[str, str]:
        """Which words these are."""
        prompt: DeclareFiling = self.prompt
        form = {"form": prompt.form_version}
        return {**form, "notice": prompt.notice_version} if prompt.notice_version else form
