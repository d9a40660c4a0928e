"""Failure codes: one registry from an error to a code, its texts in each language, and what a technician does.

Use: `code_of(error)` where an error was caught; a literal such as "CR-05" where a failure is decided and there is no
error. A code stands in the sources exactly once (in `mapping`, or at the place that decides it); a test holds that.
"""

from services.failures.mapping import CRASH, JACK_LOST, KEYPAD_LOST, SCANNER_LOST, TOUCH_MISSED, code_of
from services.failures.registry import REGISTRY, Area, Failure, UnknownCode, desks_named, failure

__all__ = [
    "CRASH",
    "JACK_LOST",
    "KEYPAD_LOST",
    "REGISTRY",
    "SCANNER_LOST",
    "TOUCH_MISSED",
    "Area",
    "Failure",
    "UnknownCode",
    "code_of",
    "desks_named",
    "failure",
]
