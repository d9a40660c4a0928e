"""Picture 27: an unhappy answer of the insurer, each in its own words, never a dead end."""

from __future__ import annotations

from screens.shell.page import Page
from services.journeys.prompts import InsuranceUnhappy, UnhappyInsurance


class InsuranceUnhappyPage(Page):
    """What it means, and the ways on."""

    def said(self, prompt: InsuranceUnhappy) -> dict[str, str | int]:
        """Arguments of the sentence."""
        return {"date": prompt.date or "", "percent": prompt.percent or 0, "desk": prompt.desk}

    def help(self, prompt: InsuranceUnhappy) -> str:
        """What to bring to the desk."""
        expired = prompt.result in {UnhappyInsurance.EXPIRED, UnhappyInsurance.NOT_YET, UnhappyInsurance.NOT_FOUND}
        return "ins.newcard" if expired else "ins.referral"
