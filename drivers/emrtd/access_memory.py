"""Which try of a key list opened the last document: for a card that is lifted and put back."""

from __future__ import annotations

import hashlib
import secrets

from drivers.emrtd.reading import AccessKeys


class AccessMemory:
    """Remembers which try opened a document, so that a re-read begins with it. Holds no key and nothing of a person."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._last: tuple[bytes, str] | None = None

    def remember(self, keys: AccessKeys, label: str) -> None:
        """`label` worked for these keys."""
        self._last = (self._digest(keys), label)

    def first_label(self, keys: AccessKeys) -> str | None:
        """What worked for these keys the last time, if they were the last."""
        return self._last[1] if self._last is not None and self._last[0] == self._digest(keys) else None

    def forget(self) -> None:
        """At the end of a session."""
        self._last = None

    def _digest(self, keys: AccessKeys) -> bytes:
        return hashlib.sha256(self._salt + repr((keys.can, keys.mrz_information)).encode()).digest()
