"""What the kiosk says and sounds: sentences from prompts, clips before synthesis, private words only in headphones."""

from services.announcements.announcer import Announcer

__all__ = ["Announcer"]
