"""The process for phones as the gateway calls it: sessions opened and closed, what came fetched (gateway/upload)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx

from gateway.problems import Refused
from gateway.settings import Uploads
from services.contract.one_stop import UploadedDocument, UploadRequest
from services.contract.problem_codes import UPLOAD_SILENT

log = logging.getLogger(__name__)

MEGABYTE = 1_000_000
WAIT_SECONDS = 15.0


@dataclass(frozen=True)
class SessionState:
    """What the process for phones says about a session."""

    opened: bool
    version: int
    documents: tuple[UploadedDocument, ...]


GONE = SessionState(False, 1_000_000_000, ())
"""It is over, there; whatever version was seen before, this is newer."""


class UploadPlace:
    """The process for phones, as the gateway calls it."""

    def __init__(self, settings: Uploads, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.settings = settings
        self._http = httpx.AsyncClient(
            base_url=settings.internal_url.rstrip("/"),
            timeout=httpx.Timeout(10.0, read=WAIT_SECONDS + 10.0),
            transport=transport,
            trust_env=False,
            headers={"Authorization": f"Bearer {settings.secret.read()}"},
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def open_session(self, id: str, token: str, request: UploadRequest) -> None:
        """Begin a session. Raises Refused 424."""
        body = {
            "token_hash": sha256(token.encode()).hexdigest(),
            "seconds": self.settings.minutes * 60,
            "language": request.language,
            "wanted": [[one.component, one.name, one.name_en] for one in request.wanted],
            "file_bytes": self.settings.max_file_mb * MEGABYTE,
            "total_bytes": self.settings.max_total_mb * MEGABYTE,
            "pages": self.settings.max_pages,
        }
        response = await self._sent("PUT", f"/sessions/{id}", json=body)
        if response.status_code != 204:
            raise _silent(f"HTTP {response.status_code}")

    async def state(self, id: str, after: int = 0, wait: float = 0.0) -> SessionState:
        """The session now, or when it changed from version `after`. Raises Refused 424."""
        response = await self._sent("GET", f"/sessions/{id}", params={"after": after, "wait": wait})
        if response.status_code == 404:
            return GONE
        if response.status_code != 200:
            raise _silent(f"HTTP {response.status_code}")
        body: dict[str, Any] = response.json()
        documents = tuple(UploadedDocument.model_validate(one) for one in body["documents"])
        return SessionState(bool(body["opened"]), int(body["version"]), documents)

    async def document(self, id: str, document: str) -> bytes | None:
        """A PDF that came; None when it is gone. Raises Refused 424."""
        return await self._content(f"/sessions/{id}/documents/{document}")

    async def preview(self, id: str, document: str) -> bytes | None:
        """A JPEG of the first page; None when there is none. Raises Refused 424."""
        return await self._content(f"/sessions/{id}/documents/{document}/preview")

    async def end(self, id: str) -> None:
        """End it: everything of it is forgotten there. Silent when the process is not reached: it ends by itself."""
        try:
            await self._http.delete(f"/sessions/{id}")
        except (httpx.HTTPError, OSError) as error:
            log.warning("an upload session could not be closed: %s", type(error).__name__)

    async def _content(self, path: str) -> bytes | None:
        response = await self._sent("GET", path)
        return response.content if response.status_code == 200 else None

    async def _sent(self, method: str, path: str, **content: Any) -> httpx.Response:
        try:
            response = await self._http.request(method, path, **content)
        except (httpx.HTTPError, OSError) as error:
            raise _silent(type(error).__name__) from error
        if response.status_code in {401, 403} or response.status_code >= 500:
            raise _silent(f"HTTP {response.status_code}")
        return response


def _silent(detail: str) -> Refused:
    log.error("the process for phones: %s", detail)
    return Refused(424, "The page for phones cannot be reached", code=UPLOAD_SILENT)
