"""Helpers of the tests of the virtual card."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from simulators.pcsc import PrivatePcscd

VECTORS = Path(__file__).parent.parent / "vectors"


@pytest.fixture(scope="session")
def emrtd_vectors() -> dict[str, Any]:
    """The worked examples of ICAO 9303-11 and the project's own, by name."""
    files = VECTORS / "emrtd.json", VECTORS / "icao_9303_11_h2_i1.json"
    return {name: value for file in files for name, value in json.loads(file.read_text(encoding="utf-8")).items()}


@pytest.fixture(scope="session")
def pcsc() -> Iterator[PrivatePcscd]:
    """One private pcscd for all tests that leave it running."""
    with PrivatePcscd() as daemon:
        yield daemon


ROOT = Path(__file__).parent.parent.parent
PCSC_CLIENT = Path(__file__).parent / "pcsc_client.py"


class PcscClient:
    """A process of its own that speaks raw PC/SC, because the library reads its socket's name once."""

    def __init__(self, daemon: PrivatePcscd) -> None:
        self._process = subprocess.Popen(
            [sys.executable, PCSC_CLIENT],
            env={**os.environ, **daemon.env, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def send(self, *words: object) -> None:
        """Start a command without waiting for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(str(word) for word in words) + "\n")
        self._process.stdin.flush()

    def receive(self) -> Any:
        """The answer to the oldest command that has none yet."""
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def ask(self, *words: object) -> Any:
        """A command and its answer."""
        self.send(*words)
        return self.receive()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture
def pcsc_client() -> Iterator[Callable[[PrivatePcscd], PcscClient]]:
    """Starts clients and ends them."""
    clients: list[PcscClient] = []

    def start(daemon: PrivatePcscd) -> PcscClient:
        clients.append(PcscClient(daemon))
        return clients[-1]

    yield start
    for client in clients:
        client.close()
