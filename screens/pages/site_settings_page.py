"""Settings that are safe to change on site."""

from __future__ import annotations

from typing import Any

from screens.parts.cards import Note
from screens.parts.technical import SettingLine, TechPage
from services.journeys.prompts import NextValue, Prompt, SettingsChoice, SiteSettingsPage


class SiteSettingsPagePage(TechPage):
    """A touch takes the next value; nothing else can be changed here."""

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
        undo = self.way(SettingsChoice.UNDO.value, "tech.undo", "arrow-left", SettingsChoice.UNDO)
        self._undo = undo
        self.way(SettingsChoice.RESTART.value, "tech.restart", "arrow-clockwise", SettingsChoice.RESTART)
        self.way(SettingsChoice.BACK.value, "tech.back", "check", SettingsChoice.BACK, "primary")
        self.top_bar.title.message = "tech.settings"
        self._build()

    def replace(self, prompt: Prompt[Any]) -> None:
        """A value changed."""
        if prompt != self.prompt:
            self.prompt = prompt
            self._build()
            self.changed()

    def _build(self) -> None:
        prompt: SiteSettingsPage = self.prompt
        self._undo.closed = not prompt.can_undo
        self.body.clear_widgets()
        note = prompt.note
        message, args = ("tech.settings.how", {}) if note is None else (note.message, dict(note.args))
        self.body.add_widget(Note(kind="info", icon="info", message=message, args=args, role="tech", pad_y="inner"))
        for row in prompt.rows:
            line = SettingLine(row)
            line.bind(on_act=self.answers(NextValue(row.name)))
            self.body.add_widget(line)
