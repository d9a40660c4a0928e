"""Picture 12: a finger on the reader; another finger or another way is always there."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.parts.steps import Bars
from screens.shell.page import Page
from services.journeys.prompts import CompareFinger, FingerReference


class TryBars(Bars):
    """Which of the tries it is."""

    wide = StringProperty("tries")


class CompareFingerPage(Page):
    """Which finger, which try, and truthfully what becomes of the print."""

    slides = False

    def state(self, prompt: CompareFinger) -> str:
        """What the reader is at."""
        return "finger.waiting" if prompt.percent is None else "finger.reading"

    def why(self, prompt: CompareFinger) -> str:
        """What the other ways are for."""
        return "finger.why.new" if prompt.reference is FingerReference.NEW else "finger.why"

    def way(self, prompt: CompareFinger) -> str:
        """Another way, or not storing anything after all."""
        return "finger.stop" if prompt.reference is FingerReference.NEW else "finger.way"
