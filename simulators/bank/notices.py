"""The provider's notifications: signed, repeated until they are taken, and on demand late, doubled, forged or lost."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

MINUTES = (0, 1, 2, 4, 7, 12, 20, 33)
"""When the real provider tries, in minutes; here a minute is `minute` seconds long."""
MODES = ("now", "late", "repeated", "forged", "lost")


@dataclass
class Notifier:
    """Sends notifications to one address."""

    url: str
    secret: str
    minute: float = 1.0
    attempts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, notice: dict[str, Any], mode: str, delay: float) -> None:
        """Send a notice by itself, in the background."""
        if mode != "lost":
            threading.Thread(target=self._deliver, args=(notice, mode, delay), name="notice", daemon=True).start()

    def _deliver(self, notice: dict[str, Any], mode: str, delay: float) -> None:
        if mode == "late":
            time.sleep(delay)
        secret = "not-the-secret" if mode == "forged" else self.secret
        started = time.monotonic()
        for minutes in MINUTES:
            time.sleep(max(0.0, started + minutes * self.minute - time.monotonic()))
            if self._send(notice, secret) == 200 or mode == "forged":
                break
        if mode == "repeated":
            for _again in range(2):
                self._send(notice, self.secret)

    def _send(self, notice: dict[str, Any], secret: str) -> int:
        body = json.dumps(notice, ensure_ascii=False).encode()
        moment = str(int(time.time()))
        signature = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-SePay-Timestamp": moment,
            "X-SePay-Signature": f"sha256={signature}",
        }
        status = 0
        if self.url:
            request = urllib.request.Request(self.url, body, headers)  # noqa: S310 - the address is an option of ours
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
