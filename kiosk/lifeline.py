"""Tells systemd that the kiosk is there, and goes on telling it (sd_notify(3), WatchdogSec= of systemd.service(5)).

It is told from the window's own loop: whatever keeps that loop from turning (a drawing that hangs, a call that never
comes back) makes it silent, and systemd starts the kiosk anew. Without systemd nothing is told to anybody.
"""

from __future__ import annotations

import os

import sdnotify
import trio


async def hold(*, interval: float | None = None) -> None:
    """Tell READY=1, then WATCHDOG=1 for ever, at half the interval systemd asks for; STOPPING=1 when cancelled."""
    systemd = sdnotify.SystemdNotifier()
    if systemd.socket is not None:
        systemd.socket.setblocking(False)  # a listener that does not listen must not stop the window
    systemd.notify("READY=1")
    every = watchdog_seconds() if interval is None else interval
    try:
        while every:
            systemd.notify("WATCHDOG=1")
            await trio.sleep(every / 2)
        await trio.sleep_forever()
    finally:
        systemd.notify("STOPPING=1")
        if systemd.socket is not None:
            systemd.socket.close()


def watchdog_seconds() -> float | None:
    """After how long without a word systemd acts; None when it does not watch this very process."""
    asked, of = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not asked.isdecimal() or (of and of != str(os.getpid())):
        return None
    return int(asked) / 1_000_000 or None
