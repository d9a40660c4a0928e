"""The relay does to a cable what hospitals' networks do."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from simulators.network.relay import Faults, Relay


class Counting(BaseHTTPRequestHandler):
    """Counts the requests that arrived."""

    arrived = 0

    def do_POST(self) -> None:
        Counting.arrived += 1
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def upstream() -> Iterator[int]:
    Counting.arrived = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def relay(upstream: int) -> Iterator[Relay]:
    loop = asyncio.new_event_loop()
    relay = Relay("127.0.0.1", upstream)
    loop.run_until_complete(relay.start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield relay
    asyncio.run_coroutine_threadsafe(relay.close(), loop).result(5)

    async def settle() -> None:
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.05)

    asyncio.run_coroutine_threadsafe(settle(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def post(relay: Relay, path: str = "/x") -> str:
    return requests.post(f"http://127.0.0.1:{relay.port}{path}", data=b"body", timeout=5).text


def test_a_whole_cable_passes_requests_and_answers(relay: Relay) -> None:
    assert post(relay) == "ok"
    assert Counting.arrived == 1


def test_a_cut_cable_refuses(relay: Relay) -> None:
    relay.faults.cut = True
    with pytest.raises(requests.ConnectionError):
        post(relay)
    assert Counting.arrived == 0


def test_a_lost_answer_still_carries_the_request(relay: Relay) -> None:
    relay.faults = Faults(lose_answers=1, lose_path="/x")
    with pytest.raises(requests.ConnectionError):
        post(relay)
    assert Counting.arrived == 1
    assert post(relay) == "ok"


def test_a_lost_request_never_arrives(relay: Relay) -> None:
    relay.faults = Faults(lose_requests=1)
    with pytest.raises(requests.ConnectionError):
        post(relay)
    assert Counting.arrived == 0


def test_only_the_named_path_loses_its_answer(relay: Relay) -> None:
    relay.faults = Faults(lose_answers=1, lose_path="/other")
    assert post(relay) == "ok"


def test_a_free_port_is_taken_on_loopback_only(relay: Relay) -> None:
    with socket.create_connection(("127.0.0.1", relay.port), 10) as line:
        line.shutdown(socket.SHUT_WR)
        assert line.recv(1) == b"", "the relay hangs up when we do"
