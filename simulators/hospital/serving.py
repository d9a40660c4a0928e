"""Serving one stand-in over HTTP until the end of who started it."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any

import uvicorn

from simulators.control import ControlServer, announce, wait_for_end
from simulators.hospital.faults import App, Play, with_faults


def serve(
    name: str,
    app: App,
    play: Play,
    state: Callable[[], dict[str, Any]],
    verbs: Mapping[str, Callable[[dict[str, Any]], dict[str, Any] | None]],
    *,
    port: int,
    base: str = "",
    detach: bool = False,
) -> None:
    """Announce `url` (with the path `base`) and `control`, and serve."""
    # An answer that is lost on purpose is no error of the server's.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    config = uvicorn.Config(
        with_faults(app, play),  # pyright: ignore[reportArgumentType] - our own ASGI types
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name=name)
    thread.start()
    control = ControlServer(
        lambda: {"delay": play.delay, "outage": play.outage, "calls": play.calls, **state()}, {**play.verbs(), **verbs}
    )
    address = f"http://127.0.0.1:{listener.getsockname()[1]}{base}"
    announce(name, control=control.url, url=address)
    wait_for_end(detach)
    server.should_exit = True
    server.force_exit = True
    thread.join(5)
