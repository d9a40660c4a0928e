"""`python -m gateway upload`: both applications in one process, until a signal or until who started it is gone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import threading
import time
import tomllib
from collections.abc import Generator, Sequence
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from gateway.settings import SettingsError, Uploads
from gateway.upload import internal, public
from gateway.upload.sessions import Sessions

log = logging.getLogger(__name__)

SHORTEST_SECRET = 32
SWEEP_SECONDS = 5.0


def serve(uploads: Uploads, *, announce: bool) -> int:
    """Serve. Returns the exit code. Raises SettingsError for a shared key that is too short."""
    secret = uploads.secret.read()
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(f"uploads.secret: at least {SHORTEST_SECRET} characters")
    sessions = Sessions(uploads.sessions, time.monotonic)
    outside, inside = _listen(uploads.host, uploads.port), _listen(uploads.internal_host, uploads.internal_port)
    servers = (
        _server(public.create(sessions, secure=uploads.secure_cookies)),
        _server(internal.create(sessions, secret)),
    )
    if announce:
        threading.Thread(target=_end_with_stdin, args=(servers,), name="stdin", daemon=True).start()
        print(json.dumps({"name": "upload", "url": _url(outside), "internal": _url(inside)}), flush=True)
    log.info("listening on %s for phones, on %s for the gateway", _url(outside), _url(inside))
    asyncio.run(_both(servers, (outside, inside), sessions))
    return 0


def from_files(files: Sequence[Path]) -> Uploads:
    """The table [uploads] alone: a host of its own needs no other setting of the gateway. Raises SettingsError."""
    table: dict[str, object] = {}
    for file in files:
        try:
            table |= tomllib.loads(file.read_text(encoding="utf-8")).get("uploads", {})
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"{file}: {error}") from error
    try:
        return Uploads.model_validate(table)
    except ValidationError as error:
        lines = [f"uploads.{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise SettingsError("\n".join(lines)) from error


async def _both(servers: Sequence[uvicorn.Server], sockets: Sequence[socket.socket], sessions: Sessions) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _end, servers)
    sweeping = asyncio.create_task(_sweep(sessions))
    try:
        await asyncio.gather(*(one.serve(sockets=[on]) for one, on in zip(servers, sockets, strict=True)))
    finally:
        sweeping.cancel()


async def _sweep(sessions: Sessions) -> None:
    """What is over is forgotten though nobody asks."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        sessions.sweep()


def _server(app: FastAPI) -> uvicorn.Server:
    config = uvicorn.Config(
        app, access_log=False, log_config=None, server_header=False, timeout_graceful_shutdown=2, timeout_keep_alive=30
    )
    return _Server(config)


class _Server(uvicorn.Server):
    """Leaves signals to the process: they end both servers."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named: asyncio switches TCP_NODELAY on only then.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    return listening


def _url(on: socket.socket) -> str:
    host, port = on.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _end_with_stdin(servers: Sequence[uvicorn.Server]) -> None:
    while os.read(0, 4096):
        pass
    _end(servers)


def _end(servers: Sequence[uvicorn.Server]) -> None:
    for server in servers:
        server.should_exit = True
