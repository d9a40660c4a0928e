"""`kiosk worker libfprint`: a reader that libfprint knows, in a process of its own that can be killed.

Questions: `{"do": "open"}`, `{"do": "capture"}`. Answers: `{"is": "open", "model": …}`, `{"is": "picture", "width",
"height", "dpi"}` with the pixels, `{"is": "refused", "hint"}`, `{"is": "error", "reason", "detail"}`.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from typing import Any

from drivers.child import answer, next_frame, own_pipes
from drivers.fingerprint.errors import FingerError, FingerRefused
from drivers.fingerprint.libfprint import ImageDevice


def main(argv: Sequence[str] = ()) -> int:
    """Serve until standard input ends."""
    del argv
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = own_pipes()
    device: ImageDevice | None = None
    while (question := next_frame(source)) is not None:
        facts: dict[str, Any]
        pixels = b""
        try:
            if device is None:
                device = ImageDevice()
            else:
                device.check()
            facts = {"is": "open", "model": device.name}
            if question[0].get("do") == "capture":
                picture = device.capture()
                pixels = picture.pixels
                facts = {"is": "picture", "width": picture.width, "height": picture.height, "dpi": picture.dpi}
        except FingerRefused as refused:
            facts = {"is": "refused", "hint": refused.hint.value}
        except FingerError as error:
            facts = {"is": "error", "reason": error.reason.value, "detail": error.detail}
        try:
            answer(sink, facts, pixels)
        except OSError:
            break
    os._exit(0)  # a driver's threads may hang; the process must end all the same
