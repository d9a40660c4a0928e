"""Upload sessions in memory: one link, one phone, a short time, and nothing kept after it."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256


@dataclass(frozen=True)
class Limits:
    """What one session may hold."""

    file_bytes: int
    total_bytes: int
    pages: int


@dataclass(frozen=True)
class Wanted:
    """A paper that may be sent."""

    component: str
    name: str
    name_en: str = ""


@dataclass(frozen=True)
class Page:
    """A file as it was cleaned, before it is sent on."""

    id: str
    pdf: bytes
    pages: int
    preview: bytes


@dataclass(frozen=True)
class Document:
    """What was sent on: the gateway may fetch it."""

    id: str
    component: str
    name: str
    pdf: bytes
    pages: int
    preview: bytes


@dataclass
class Session:
    """One link."""

    id: str
    token_hash: str
    expires_at: float
    """Of `Sessions.now`."""
    language: str
    wanted: tuple[Wanted, ...]
    limits: Limits
    phone: str | None = None
    """Hash of the cookie of the phone that opened the link."""
    pages: dict[str, Page] = field(default_factory=dict[str, Page])
    documents: dict[str, Document] = field(default_factory=dict[str, Document])
    busy: int = 0
    """Files that are read at the moment."""
    version: int = 1
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def bytes(self) -> int:
        """Everything it holds."""
        held = [*self.pages.values(), *self.documents.values()]
        return sum(len(one.pdf) + len(one.preview) for one in held)

    @property
    def page_count(self) -> int:
        """Pages of everything it holds."""
        return sum(one.pages for one in [*self.pages.values(), *self.documents.values()])

    def touch(self) -> None:
        """Something changed: whoever waits is told."""
        self.version += 1
        self.changed.set()
        self.changed = asyncio.Event()


class TooMany(Exception):
    """No more sessions fit into the memory."""


class Sessions:
    """Every session of this process."""

    def __init__(self, most: int, now: Callable[[], float]) -> None:
        self.now = now
        self._most = most
        self._by_id: dict[str, Session] = {}

    def open(self, session: Session) -> None:
        """Begin one; the same id again changes nothing. Raises TooMany."""
        self.sweep()
        if session.id in self._by_id:
            return
        if len(self._by_id) >= self._most:
            raise TooMany
        self._by_id[session.id] = session

    def close(self, id: str) -> None:
        """End one and forget everything of it."""
        session = self._by_id.pop(id, None)
        if session is not None:
            session.pages.clear()
            session.documents.clear()
            session.touch()

    def by_id(self, id: str) -> Session | None:
        """A session that is not over."""
        self.sweep()
        return self._by_id.get(id)

    def by_token(self, token: str) -> Session | None:
        """The session of a link that no phone has opened yet."""
        self.sweep()
        wanted = hash_of(token)
        found = [one for one in self._by_id.values() if hmac.compare_digest(one.token_hash, wanted)]
        return found[0] if found and found[0].phone is None else None

    def by_phone(self, cookie: str) -> Session | None:
        """The session of the phone with this cookie."""
        self.sweep()
        wanted = hash_of(cookie)
        return next((one for one in self._by_id.values() if one.phone and hmac.compare_digest(one.phone, wanted)), None)

    def claim(self, session: Session) -> str:
        """The link is used: this phone's cookie, and nobody else's from now on."""
        cookie = secrets.token_urlsafe(32)
        session.phone = hash_of(cookie)
        session.touch()
        return cookie

    def sweep(self) -> None:
        """Forget what is over."""
        now = self.now()
        for id in [id for id, one in self._by_id.items() if one.expires_at <= now]:
            self.close(id)

    @property
    def held(self) -> Mapping[str, int]:
        """How many sessions there are, and how many bytes they hold."""
        return {"sessions": len(self._by_id), "bytes": sum(one.bytes for one in self._by_id.values())}


def hash_of(secret: str) -> str:
    """What is kept of a token or cookie."""
    return sha256(secret.encode()).hexdigest()


def new_id() -> str:
    """A name for a page or document."""
    return secrets.token_hex(12)
