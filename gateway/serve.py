"""Serving one house over HTTP until a signal, or until who started it is gone."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading

import uvicorn

from gateway.app import build, open_house
from gateway.house import House
from gateway.lifeline import Lifeline
from gateway.privacy.notice import keep_notice, load_notice
from gateway.settings import Settings
from gateway.store.migrate import is_current, migrate

log = logging.getLogger(__name__)


def serve(settings: Settings, *, migrate_first: bool, announce: bool) -> int:
    """Serve. Returns the exit code. Raises SettingsError for a notice that is missing, or was shown in other words."""
    house = open_house(settings)
    if migrate_first or house.store.alone:
        migrate(house.store)
    elif not is_current(house.store):
        log.error("the database is not current: run `python -m gateway migrate` first")
        return 1
    with house.store.write() as transaction:
        keep_notice(house, transaction, load_notice(house))
    family = socket.AF_INET6 if ":" in settings.server.host else socket.AF_INET
    # With the protocol named: asyncio switches TCP_NODELAY on only then, else every answer waits 40 ms for an ACK.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((settings.server.host, settings.server.port))
    host, port = listening.getsockname()[:2]
    url = settings.server.public_url or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    config = uvicorn.Config(
        build(house),  # pyright: ignore[reportArgumentType] - our own ASGI types
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # nothing here depends on whom a proxy names
        timeout_graceful_shutdown=3,
        timeout_keep_alive=75,  # a kiosk asks at least every 15 s: its line stays
    )
    server = _Server(config, house, url, announce)
    if announce:
        threading.Thread(target=_end_with_stdin, args=(server,), name="stdin", daemon=True).start()
    server.run(sockets=[listening])
    return 0


class _Server(uvicorn.Server):
    """Tells when it answers, and ends open streams before it ends."""

    def __init__(self, config: uvicorn.Config, house: House, url: str, announce: bool) -> None:
        super().__init__(config)
        self._house = house
        self._url = url
        self._announce = announce
        self._lifeline = Lifeline()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        log.info("listening on %s", self._url)
        self._lifeline.ready()
        if self._announce:
            print(json.dumps({"name": "gateway", "url": self._url}), flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._lifeline.stopping()
        self._house.bus.close()
        await super().shutdown(sockets)


def _end_with_stdin(server: uvicorn.Server) -> None:
    # Not through sys.stdin: a thread that waits inside its lock makes the interpreter's end a fatal error.
    while os.read(0, 4096):
        pass
    server.should_exit = True
