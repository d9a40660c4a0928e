"""`python -m simulators.desk --world FILE`: the desk as a process; prints its address when ready."""

from __future__ import annotations

import argparse
import socket
import threading
from pathlib import Path

import uvicorn

from simulators.control import announce, wait_for_end
from simulators.desk.app import create
from simulators.desk.world import WorldFacts


def main() -> None:
    """Serve until the end."""
    parser = argparse.ArgumentParser(prog="python -m simulators.desk", description=__doc__)
    parser.add_argument("--world", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    listener = socket.create_server(("127.0.0.1", arguments.port))
    server = uvicorn.Server(
        uvicorn.Config(create(WorldFacts.read(arguments.world)), log_level="warning", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="desk")
    thread.start()
    announce("desk", url=f"http://127.0.0.1:{listener.getsockname()[1]}")
    wait_for_end()
    server.should_exit = True
    # An open picture stream never ends by itself.
    server.force_exit = True
    thread.join(5)


main()
