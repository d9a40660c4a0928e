"""Facts of the place that stand in the bars and on some pages: given by the wiring, never fetched by a screen."""

from __future__ import annotations

from dataclasses import dataclass, fields

from services.messages import tr


@dataclass
class SiteFacts:
    """Names in both languages, and where emergencies go. One sheet for all bars and pages of a window."""

    place: str
    place_en: str
    kiosk: str
    """E.g. "Trạm tự phục vụ số 3 · Sảnh A"."""
    kiosk_en: str
    emergency_door: str = ""
    """Where emergencies go, e.g. "cửa A bên phải"; empty: the words of the locale."""
    emergency_door_en: str = ""
    one_stop: bool = False
    """A one-stop administrative centre instead of a hospital."""
    privacy_contact: str = ""
    privacy_contact_en: str = ""

    def become(self, other: SiteFacts) -> bool:
        """Take over what the gateway tells now; whether anything changed."""
        if self == other:
            return False
        for field in fields(self):
            setattr(self, field.name, getattr(other, field.name))
        return True

    def name(self, language: str) -> str:
        """The place."""
        return self.place_en if language == "en" else self.place

    def kiosk_name(self, language: str) -> str:
        """This kiosk."""
        return self.kiosk_en if language == "en" else self.kiosk

    def door(self, language: str) -> str:
        """Where emergencies go."""
        own = self.emergency_door_en if language == "en" else self.emergency_door
        return own or tr("home.door", language)
