"""How the desk and the tests play the world: a loopback HTTP control of one simulator.

Every simulator is `python -m simulators.NAME [--options]`, picks free ports on 127.0.0.1, and prints one JSON line
when it is ready: {"name": "printer", "control": "http://127.0.0.1:PORT", ...its own addresses}. It ends on SIGTERM,
SIGINT, or when standard input closes (so it never outlives who started it; `--detach` keeps it).

    GET  /state          -> JSON of what the simulator knows
    POST /VERB  {json}   -> JSON answer of that verb
    GET  /NAME.png       -> a picture, where a simulator offers one
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType
from typing import Any

Json = dict[str, Any]
Verb = Callable[[Json], Json | None]


class ControlServer:
    """Serves verbs on a thread of its own; `url` is known after construction."""

    def __init__(
        self, state: Callable[[], Json], verbs: Mapping[str, Verb], pictures: Mapping[str, Callable[[], bytes]] = {}
    ) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = self.path.split("?")[0].lstrip("/")
                if path == "state":
                    self.answer(200, json.dumps(state()).encode(), "application/json")
                elif path in pictures:
                    self.answer(200, pictures[path](), "image/png")
                else:
                    self.answer(404, b"{}", "application/json")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                verb = verbs.get(self.path.lstrip("/"))
                if verb is None:
                    self.answer(404, b"{}", "application/json")
                    return
                try:
                    result = verb(json.loads(body or b"{}"))
                except (KeyError, ValueError, TypeError) as error:
                    self.answer(422, json.dumps({"error": str(error)}).encode(), "application/json")
                    return
                self.answer(200, json.dumps(result or {}).encode(), "application/json")

            def answer(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet: the simulators' own log says what matters."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


def announce(name: str, **facts: object) -> None:
    """Print the ready line."""
    print(json.dumps({"name": name, **facts}), flush=True)


def wait_for_end(detach: bool = False) -> None:
    """Block until SIGTERM, SIGINT, or the end of standard input."""
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    if not detach:

        def watch() -> None:
            # Not through sys.stdin: a thread that waits inside its lock makes the interpreter's end a fatal error.
            while os.read(0, 4096):
                pass
            ended.set()

        threading.Thread(target=watch, name="stdin", daemon=True).start()
    while not ended.wait(3600):
        pass
