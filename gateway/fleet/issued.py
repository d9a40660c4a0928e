"""Nonces that this process gave out a moment ago."""

from __future__ import annotations

REMEMBERED = 10_000


class IssuedHere:
    """Values of the newest nonces that this process gave out: mostly it is asked for them, and need not read them."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], bytes] = {}

    def note(self, kiosk_id: str, nonce_id: str, value: bytes) -> None:
        """Remember one; the oldest are forgotten."""
        if len(self._values) >= REMEMBERED:
            del self._values[next(iter(self._values))]
        self._values[kiosk_id, nonce_id] = value

    def value(self, kiosk_id: str, nonce_id: str) -> bytes | None:
        """The bytes of one given to that kiosk here; whether it may still be used only `spend` knows."""
        return self._values.get((kiosk_id, nonce_id))
