"""A process that dies at the n-th step that reaches outside: before or after a commit, before or after a call."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import httpx

from gateway.store.bus import Bus
from gateway.store.database import Store, Transaction
from simulators.hospital.faults import Play, with_faults


class Killed(Exception):
    """The process is gone: nothing it would still have done happens."""


class Faults:
    """Counts steps; dies at one of them. Until it is alive again every further step dies too."""

    def __init__(self) -> None:
        self.dead = False
        self.steps = 0
        self.labels: list[str] = []
        self._at: int | None = None
        self._fail = False

    def kill_in(self, steps: int) -> None:
        """Die at the `steps`-th step from now."""
        self._at, self._fail = self.steps + steps, False

    def fail_in(self, steps: int) -> None:
        """That step fails, and the process lives on."""
        self._at, self._fail = self.steps + steps, True

    def live(self) -> None:
        """A new process."""
        self.dead, self._at = False, None

    def hit(self, label: str) -> None:
        """A step. Raises Killed."""
        if self.dead:
            raise Killed(label)
        self.steps += 1
        self.labels.append(label)
        if self._at == self.steps:
            self.dead = not self._fail
            self._at = None
            raise Killed(label)


class FragileStore(Store):
    """A store whose process may die before or after a commit."""

    def __init__(self, url: str, bus: Bus, faults: Faults) -> None:
        super().__init__(url, bus)
        self._faults = faults

    @contextmanager
    def write(self) -> Generator[Transaction]:
        if self._faults.dead:
            raise Killed("write")
        with super().write() as transaction:
            yield transaction
            self._faults.hit("before commit")
        self._faults.hit("after commit")

    @contextmanager
    def read(self) -> Generator[Transaction]:
        if self._faults.dead:
            raise Killed("read")
        with super().read() as transaction:
            yield transaction


class FragileLine(httpx.AsyncBaseTransport):
    """The way to a stand-in: the process may die before or after a call; answers may be lost on it."""

    def __init__(self, app: Any, play: Play, faults: Faults, name: str) -> None:
        self._inner = httpx.ASGITransport(with_faults(app, play))
        self._faults = faults
        self._name = name

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._faults.hit(f"before {self._name} {request.method}")
        response = await self._inner.handle_async_request(request)
        body = await response.aread()
        self._faults.hit(f"after {self._name} {request.method}")
        promised = response.headers.get("content-length")
        if promised is not None and int(promised) != len(body):
            raise httpx.ReadError("the answer was lost", request=request)
        return response
