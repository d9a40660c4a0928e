"""One server-sent event stream (WHATWG HTML §9.2), read line by line on a thread and ended from another one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from services.gateway_client.channel import Channel
from services.gateway_client.errors import GatewayError, GatewayReason
from services.gateway_client.http import Call, Place

if TYPE_CHECKING:
    import requests

SILENCE_SECONDS = 40.0
"""The gateway's streams say something (a comment at least) every 15 s; longer silence is a dead line."""


class EventStream:
    """Calls `told` (on the reading thread) for each event's data."""

    def __init__(self, channel: Channel, path: str, told: Callable[[], None]) -> None:
        self._channel = channel
        self._path = path
        self._told = told
        self._lock = threading.Lock()
        self._response: requests.Response | None = None
        self._closed = False

    def follow(self) -> None:
        """Read until the stream ends or is closed (blocking). Raises GatewayError when it cannot be opened."""
        token = self._channel.token(Place.EVENTS)
        with self._channel.http.stream(Call("GET", self._path, seconds=SILENCE_SECONDS), token) as response:
            with self._lock:
                if self._closed:
                    return
                self._response = response
            try:
                self._read(response)
            finally:
                with self._lock:
                    self._response = None

    def _read(self, response: requests.Response) -> None:
        import requests

        try:
            for line in response.iter_lines(chunk_size=1):
                if line.startswith(b"data:"):
                    self._told()
        except (requests.exceptions.RequestException, OSError) as error:
            if not self._closed:
                raise GatewayError(
                    GatewayReason.NO_NETWORK, f"the event stream broke: {type(error).__name__}"
                ) from None

    def close(self) -> None:
        """End `follow` at once, from any thread."""
        with self._lock:
            self._closed = True
            if self._response is not None:
                self._response.raw.shutdown()
