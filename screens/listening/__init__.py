"""The kiosk by ear (LOOK.md section 13): a focus that four keys move, what is said at each stop, a ring around it."""

from screens.listening.mode import Listening

__all__ = ["Listening"]
