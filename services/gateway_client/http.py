"""Bytes to and from the gateway: blocking calls over `requests`, one session for each place that calls.

A place is a line of its own (a citizen's call, the outbox, an event stream), so that a slow one holds up no other.
`requests` is imported at the first call: the first frame does not wait for it.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from services.contract.models import Problem
from services.gateway_client.errors import GatewayError, GatewayReason

if TYPE_CHECKING:
    import requests

JSON = "application/json"


class Place(Enum):
    """Lines to the gateway; also the device names for Offload (one call at a time on each)."""

    CITIZEN = "gateway"
    LATER = "gateway-later"
    WATCH = "gateway-watch"
    EVENTS = "gateway-events"
    CARD = "gateway-card"


@dataclass(frozen=True)
class Call:
    """One request. `seconds` bounds the silence before an answer."""

    method: str
    path: str
    body: bytes = b""
    kind: str = JSON
    key: str | None = None
    seconds: float = 4.0
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Answer:
    """A 2xx answer. `date` is the server's Date header as it was sent."""

    status: int
    body: bytes
    date: str = ""


class Http:
    """Calls to one gateway. Raises GatewayError for everything that is no 2xx answer."""

    def __init__(self, url: str, ca: Path | None, connect_seconds: float) -> None:
        self.url = url
        self._ca = ca
        self._connect_seconds = connect_seconds
        self._sessions: dict[Place, requests.Session] = {}
        self._lock = threading.Lock()

    def send(self, place: Place, call: Call, token: str | None) -> Answer:
        """One exchange, never repeated here."""
        import requests

        try:
            response = self._request(place, call, token, stream=False)
            content = response.content
        except requests.exceptions.ConnectTimeout as error:
            raise GatewayError(GatewayReason.NO_NETWORK, "no connection in time") from error
        except requests.exceptions.SSLError as error:
            raise GatewayError(GatewayReason.NO_NETWORK, f"the certificate is not trusted{_why(error)}") from error
        except requests.exceptions.Timeout as error:
            raise GatewayError(GatewayReason.TIMEOUT, "no answer in time", sent=True) from error
        except requests.exceptions.ConnectionError as error:
            raise _broken(error) from error
        except (requests.exceptions.RequestException, OSError) as error:
            raise GatewayError(GatewayReason.SERVER, type(error).__name__, sent=True) from error
        if 200 <= response.status_code < 300:
            return Answer(response.status_code, content, response.headers.get("Date", ""))
        raise _refusal(response.status_code, content, response.headers.get("Date", ""))

    @contextmanager
    def stream(self, call: Call, token: str | None) -> Generator[requests.Response]:
        """An event stream that is open while the block runs; closing the response from elsewhere ends it."""
        import requests

        try:
            response = self._request(Place.EVENTS, call, token, stream=True)
        except (requests.exceptions.RequestException, OSError) as error:
            raise GatewayError(GatewayReason.NO_NETWORK, type(error).__name__) from error
        with response:
            if response.status_code != 200:
                raise _refusal(response.status_code, b"", response.headers.get("Date", ""))
            yield response

    def close(self) -> None:
        """Close every line."""
        with self._lock:
            for session in self._sessions.values():
                session.close()
            self._sessions.clear()

    def _request(self, place: Place, call: Call, token: str | None, *, stream: bool) -> requests.Response:
        headers = {"Accept": "text/event-stream" if stream else JSON, **call.headers}
        if call.body:
            headers["Content-Type"] = call.kind
        if call.key:
            headers["Idempotency-Key"] = call.key
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return self._session(place).request(
            call.method,
            self.url + call.path,
            params=dict(call.query) or None,
            data=call.body or None,
            headers=headers,
            timeout=(self._connect_seconds, call.seconds),
            allow_redirects=False,
            stream=stream,
        )

    def _session(self, place: Place) -> requests.Session:
        import requests

        with self._lock:
            session = self._sessions.get(place)
            if session is None:
                session = requests.Session()
                session.trust_env = False
                """No proxy, netrc or certificate bundle from somebody's environment."""
                session.verify = str(self._ca) if self._ca else True
                self._sessions[place] = session
        return session


def _broken(error: Exception) -> GatewayError:
    """A connection that failed: before it stood nothing was sent, afterwards nobody knows."""
    from urllib3.exceptions import MaxRetryError, NewConnectionError, ReadTimeoutError

    cause = error.args[0] if error.args else error
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, ReadTimeoutError):
        return GatewayError(GatewayReason.TIMEOUT, "no answer in time", sent=True)
    if isinstance(reason, NewConnectionError):
        return GatewayError(GatewayReason.NO_NETWORK, "no connection")
    return GatewayError(GatewayReason.NO_NETWORK, "the connection broke", sent=True)


def _why(error: BaseException | None) -> str:
    """OpenSSL's own word on a certificate (`: certificate is not yet valid` where a clock is wrong); empty without."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return f": {error.verify_message}"
        error = error.__cause__ or error.__context__
    return ""


def _refusal(status: int, content: bytes, date: str) -> GatewayError:
    """What an answer that is no 2xx means. A problem's own code goes before ours."""
    code = told = None
    title = f"status {status}"
    try:
        problem = Problem.model_validate_json(content)
        code, told, title = problem.code, problem.detail, f"status {status}, {problem.title}"
    except ValueError:
        pass
    if status in {401, 403}:
        return GatewayError(GatewayReason.REFUSED, title, status=status, code=code, told=told, date=date)
    if 400 <= status < 500:
        # 409: the first send of this key is still being worked on.
        sent = status == 409
        return GatewayError(GatewayReason.CONFLICT, title, status=status, code=code, told=told, sent=sent, date=date)
    return GatewayError(GatewayReason.SERVER, title, status=status, code=code, sent=True, date=date)
