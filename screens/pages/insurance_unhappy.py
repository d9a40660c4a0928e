"""Picture 27: an unhappy answer of the insurer, each in its own words, never a dead end."""

from __future__ import annotations

from screens.shell.page import Page
from services.journeys.prompts import InsuranceUnhappy, UnhappyInsurance
from services.messages import known, tr


class InsuranceUnhappyPage(Page):
    """What it means, and the ways on."""

    def said(self, prompt: InsuranceUnhappy) -> dict[str, str | int]:
        """Arguments of the sentence."""
        return {"date": prompt.date or "", "percent": prompt.percent or 0, "desk": prompt.desk}

    def sentence(self, prompt: InsuranceUnhappy) -> str:
        """The result's own words; without a day the insurer did not tell."""
        dated = prompt.result in {UnhappyInsurance.EXPIRED, UnhappyInsurance.NOT_YET}
        return f"ins.{prompt.result.value}" + (".undated" if dated and not prompt.date else "")

    def facts(self, prompt: InsuranceUnhappy) -> bool:
        """Whether the card itself is in order, and something of it is known."""
        return bool(prompt.valid_to or prompt.benefit_percent is not None)

    def route(self, message: str) -> str:
        """The route's words; one this kiosk has no words for is not shown."""
        return message if known(message) else ""

    def field(self, prompt: InsuranceUnhappy, language: str) -> str:
        """What does not match, in words; empty where nothing is named or this kiosk has no words for it."""
        return tr(prompt.field, language) if prompt.field and known(prompt.field) else ""

    def help(self, prompt: InsuranceUnhappy) -> str:
        """What to bring to the desk."""
        known = _BRING.get(prompt.result)
        return known or ("ins.referral.dated" if prompt.form_from else "ins.referral")


_BRING = {
    UnhappyInsurance.EXPIRED: "ins.newcard",
    UnhappyInsurance.NOT_YET: "ins.newcard",
    UnhappyInsurance.NOT_FOUND: "ins.notfound.bring",
    UnhappyInsurance.STOPPED: "ins.newcard",
    UnhappyInsurance.MOVED: "ins.newcard",
    UnhappyInsurance.CHILD: "ins.birthpaper",
    UnhappyInsurance.MISMATCH: "ins.papers",
    UnhappyInsurance.PAPER_CARD: "ins.papercard.bring",
    UnhappyInsurance.UNCLEAR: "ins.papers",
}
"""By result; else the transfer form."""
