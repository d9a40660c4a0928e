""" "Dữ liệu cá nhân": who, what, why, how long, rights, contact."""

from __future__ import annotations

from kivy.properties import DictProperty, StringProperty

from screens.layout import Row
from screens.shell.page import Page
from screens.theme import theme
from services.journeys.prompts import PrivacyNotice


class NoticeRow(Row):
    """One part of the notice: an icon, what it is about, a sentence."""

    icon = StringProperty("")
    label = StringProperty("")
    message = StringProperty("")
    text = StringProperty("")
    args = DictProperty({})


class PrivacyNoticePage(Page):
    """The notice in five rows."""

    def contact(self, language: str) -> str:
        """Whom to ask, when the notice or the site says so."""
        prompt: PrivacyNotice = self.prompt
        if prompt.words is not None:
            return prompt.words.contact
        site = self.site
        return (site.privacy_contact_en if language == "en" else site.privacy_contact) or ""

    theme = theme
