"""The last-resort handler: a fault in a page ends the open session, not the kiosk (OWASP ASVS 16.5.4).

A page that fails in a touch or a drawing callback would otherwise end Kivy's loop and leave people before a desktop.
The session hears of it as of any crash of a step: failure code, tail, start page. Faults in quick succession are
another matter: then the process ends with EX_SOFTWARE and its supervisor starts it anew.
"""

from __future__ import annotations

from collections import deque
from time import monotonic

from kivy.base import ExceptionHandler, ExceptionManager

from screens.stage import KivyStage
from services.journeys.crash import log_crash

FAULTS, SECONDS = 5, 10.0
"""So many faults within so many seconds cannot be survived by going home."""


class LastResort(ExceptionHandler):
    """Kivy asks it about every exception of its callbacks."""

    def __init__(self, stage: KivyStage) -> None:
        super().__init__()
        self._stage = stage
        self._times: deque[float] = deque(maxlen=FAULTS)

    def handle_exception(self, exception: BaseException) -> int:
        """PASS after telling the session; RAISE for what is no fault of a page, and for a storm of faults."""
        if not isinstance(exception, Exception):
            return ExceptionManager.RAISE
        log_crash("page", exception)
        now = monotonic()
        self._times.append(now)
        if len(self._times) == FAULTS and now - self._times[0] < SECONDS:
            return ExceptionManager.RAISE
        self._stage.broken(exception)
        return ExceptionManager.PASS


def install(stage: KivyStage) -> LastResort:
    """From now on."""
    handler = LastResort(stage)
    ExceptionManager.add_handler(handler)
    return handler
