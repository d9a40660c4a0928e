"""The provider's notifications: proven, repeated until they are taken, and on demand late, doubled, forged, altered on
the way, replayed from an hour ago, out of order, or lost."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from simulators.bank.envelopes import Envelope, Letter, now, sepay

MINUTES = (0, 1, 2, 4, 7, 12, 20, 33)
"""When the real provider tries, in minutes; here a minute is `minute` seconds long."""
MODES = ("now", "late", "repeated", "forged", "altered", "replayed", "reordered", "lost")
_ONCE = {"forged", "altered", "replayed"}
"""An attacker tries once."""


@dataclass
class Notifier:
    """Sends notifications to one address; to another one those of accounts that have their own."""

    url: str
    secret: str
    minute: float = 1.0
    envelope: Envelope = sepay
    urls: dict[str, str] = field(default_factory=dict[str, str])
    """By account number."""
    attempts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    _held: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, notice: dict[str, Any], mode: str, delay: float) -> None:
        """Send a notice by itself, in the background. `reordered`: it waits until a later one was sent."""
        if mode == "lost":
            return
        if mode == "reordered":
            with self._lock:
                self._held.append(notice)
            return
        threading.Thread(target=self._deliver, args=(notice, mode, delay), name="notice", daemon=True).start()

    def _deliver(self, notice: dict[str, Any], mode: str, delay: float) -> None:
        if mode == "late":
            time.sleep(delay)
        started = time.monotonic()
        for minutes in MINUTES:
            time.sleep(max(0.0, started + minutes * self.minute - time.monotonic()))
            if self._send(notice, self._letter(notice, mode)) == 200 or mode in _ONCE:
                break
        if mode == "repeated":
            for _again in range(2):
                self._send(notice, self._letter(notice, "now"))
        with self._lock:
            held, self._held = self._held[::-1], []
        for earlier in held:
            self._send(earlier, self._letter(earlier, "now"))

    def _letter(self, notice: dict[str, Any], mode: str) -> Letter:
        if mode == "forged":
            return self.envelope(notice, "not-the-secret", now())
        if mode == "replayed":
            return self.envelope(notice, self.secret, now() - 3600)
        body, headers = self.envelope(notice, self.secret, now())
        if mode == "altered":
            amount = str(notice["transferAmount"]).encode()
            body = body.replace(amount, b"9" + amount)
        return body, headers

    def _send(self, notice: dict[str, Any], letter: Letter) -> int:
        body, headers = letter
        status = 0
        url = self.urls.get(str(notice.get("accountNumber")), self.url)
        if url:
            all_headers = {"Content-Type": "application/json", **headers}
            request = urllib.request.Request(url, body, all_headers)  # noqa: S310 - the address is an option of ours
            try:
                with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
                    status = response.status
            except urllib.error.HTTPError as error:
                status = error.code
            except OSError:
                status = 0
        with self._lock:
            self.attempts.append({"id": notice["id"], "status": status})
        return status
