"""The wire to the insurer: one POST with one deadline, an answer of bounded size, and no address in any log.

Token, id token and the hash of the password travel in the query string of the card call, so the loggers of the HTTP
library stay silent and no error carries the library's own text.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from gateway.authorities import authorities
from gateway.clock import Clock
from gateway.insurance.exchanges import Exchange
from gateway.insurance.failures import InsurerFault, InsurerUnavailable

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

LARGEST = 1 << 20
"""Bytes of an answer; visit history once made answers long, a megabyte never."""

_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip, deflate"}

REFUSED = frozenset({401, 403, 501})
"""HTTP statuses by which the insurer refuses a token."""


@dataclass(frozen=True)
class Answer:
    """Bytes as they came. `server_now` is the insurer's own clock (header Date), where it tells."""

    status: int
    body: bytes
    server_now: datetime | None
    exchange: Exchange


class Channel:
    """Asks one base address. A question is never sent twice: whether to ask again is the caller's decision."""

    def __init__(
        self, url: str, timeout_seconds: float, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._url = url.rstrip("/")
        self._seconds = timeout_seconds
        self._clock = clock
        # No client above it: there is nothing to redirect, to log in to or to keep between two questions, and it costs
        # as much as the wire itself.
        self._transport = transport or httpx.AsyncHTTPTransport(verify=authorities(), proxy=_proxy(url))
        self._extensions = {"timeout": httpx.Timeout(timeout_seconds).as_dict()}

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def post(self, path: str, *, headers: Mapping[str, str] | None = None, **content: Any) -> Answer:
        """The answer of status 200, 401, 403 or 501 (`content` as `httpx.Request` takes it).

        Raises InsurerUnavailable for anything else, with its evidence.
        """
        asked_at = self._clock.now()
        try:
            request = httpx.Request(
                "POST", self._url + path, headers=_HEADERS | dict(headers or {}), extensions=self._extensions, **content
            )
            async with asyncio.timeout(self._seconds):
                response = await self._transport.handle_async_request(request)
                response.request = request
                try:
                    body = await _read(response)
                finally:
                    await response.aclose()
        except (TimeoutError, httpx.TimeoutException):
            raise self._no_answer(path, asked_at, InsurerFault.TOO_SLOW, "no answer in time") from None
        except httpx.DecodingError:
            raise self._no_answer(path, asked_at, InsurerFault.ERROR, "the answer cannot be decoded") from None
        except (httpx.HTTPError, OSError) as error:
            raise self._no_answer(path, asked_at, InsurerFault.NO_NETWORK, type(error).__name__) from None
        exchange = Exchange.answered(path, asked_at, self._clock.now(), response.status_code, body)
        if response.status_code != 200 and response.status_code not in REFUSED:
            detail = f"{path}: HTTP {response.status_code}"
            raise InsurerUnavailable(InsurerFault.ERROR, detail, (exchange,))
        return Answer(response.status_code, body, _date(response), exchange)

    def _no_answer(self, path: str, asked_at: datetime, fault: InsurerFault, detail: str) -> InsurerUnavailable:
        exchange = Exchange.failed(path, asked_at, self._clock.now(), fault, detail)
        return InsurerUnavailable(fault, f"{path}: {detail}", (exchange,))


def _proxy(url: str) -> str | None:
    """The way out that the machine's environment names for this address."""
    parts = urlsplit(url)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)


async def _read(response: httpx.Response) -> bytes:
    """At most LARGEST bytes; what is longer is cut and will not parse."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > LARGEST:
            break
    return bytes(body[:LARGEST])


def _date(response: httpx.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(response.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError, TypeError):
        return None
