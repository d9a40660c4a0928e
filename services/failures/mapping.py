"""From (error type, reason) to a code: the one place that names the code of an error which a device or a wire raises.

An error is anything with a `reason` enum, known here by its class name: so this room imports no driver. What is no
error of a device (three readings that failed, a check that did not pass) names its code where it is decided.
"""

from __future__ import annotations

from enum import Enum

MAPPING: dict[tuple[str, str], str] = {
    ("CardError", "no-reader"): "CR-01",
    ("CardError", "no-service"): "CR-02",
    ("CardError", "not-emrtd"): "CR-03",
    ("CardError", "removed"): "CR-04",
    ("CardError", "mute"): "CR-08",
    ("CardError", "protocol"): "CR-09",
    ("CardError", "worker"): "CR-10",
    ("CardError", "access-denied"): "QR-13",
    ("TerminalError", "absent"): "TT-311",
    ("TerminalError", "lost"): "TT-312",
    ("TerminalError", "silent"): "TT-313",
    ("TerminalError", "busy"): "TT-314",
    ("TerminalError", "protocol"): "TT-315",
    ("TerminalError", "refused"): "TT-316",
    ("FingerError", "absent"): "FP-01",
    ("FingerError", "silent"): "FP-02",
    ("FingerError", "protocol"): "FP-03",
    ("FingerError", "password"): "FP-04",
    ("FingerError", "size"): "FP-05",
    ("FingerError", "unsupported"): "FP-06",
    ("FingerError", "lost"): "FP-07",
    ("FingerError", "worker"): "FP-08",
    ("ScanError", "absent"): "DS-01",
    ("ScanError", "access"): "DS-02",
    ("ScanError", "lost"): "DS-03",
    ("ScanError", "silent"): "DS-04",
    ("ScanError", "busy"): "DS-05",
    ("ScanError", "jammed"): "DS-06",
    ("ScanError", "no-documents"): "DS-07",
    ("ScanError", "cover-open"): "DS-08",
    ("ScanError", "locked"): "DS-09",
    ("ScanError", "cancelled"): "DS-10",
    ("ScanError", "unsupported"): "DS-11",
    ("ScanError", "too-large"): "DS-12",
    ("ScanError", "worker"): "DS-13",
    ("ScanError", "unknown"): "DS-14",
    ("GatewayError", "no-network"): "GW-201",
    ("GatewayError", "server"): "GW-202",
    ("GatewayError", "timeout"): "GW-203",
    ("GatewayError", "refused"): "GW-204",
    ("GatewayError", "conflict"): "GW-205",
    ("GatewayError", "not-kept"): "KI-902",
}

SCANNER_LOST = "QR-10"
"""A scanner has no errors, only a state (drivers.scanner): who sees it lost names this."""

KEYPAD_LOST = "AU-03"
"""Of the listening mode's keypad; who watches it names this."""

JACK_LOST = "AU-02"
"""Of the switch in the headphone socket, the same."""

TOUCH_MISSED = "KI-905"
"""Fields of the technician's touch grid took no touch."""

CRASH = "KI-901"
"""Of every error that nobody foresaw: a journey crashed."""


def code_of(error: BaseException) -> str:
    """The code of an error: what it carries itself (`code`), else that of its type and reason, else CRASH.

    A gateway's problem names its own code (BH-101 …), which goes before the code of the wire.
    """
    own = getattr(error, "code", None)
    if isinstance(own, str) and own:
        return own
    reason = getattr(error, "reason", None)
    word = reason.value if isinstance(reason, Enum) else ""
    for kind in type(error).__mro__:
        if code := MAPPING.get((kind.__name__, word)):
            return code
    return CRASH
