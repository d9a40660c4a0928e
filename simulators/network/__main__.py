"""`python -m simulators.network --upstream HOST:PORT`: the relay as a process (simulators.control)."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import threading

from simulators.control import ControlServer, Json, announce, wait_for_end
from simulators.network.relay import Faults, Relay


def main() -> None:
    """Verbs: cut, restore, set {silent, delay, lose_answers, lose_path, lose_requests}."""
    parser = argparse.ArgumentParser(prog="python -m simulators.network", description=__doc__)
    parser.add_argument("--upstream", required=True, metavar="HOST:PORT")
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    host, port = arguments.upstream.rsplit(":", 1)
    relay = Relay(host, int(port))
    loop = asyncio.new_event_loop()
    loop.run_until_complete(relay.start(arguments.port))
    threading.Thread(target=loop.run_forever, name="relay", daemon=True).start()

    def on_loop(change: Json) -> None:
        if change.get("cut"):
            relay.cut()
        relay.faults = dataclasses.replace(relay.faults, **change)

    def set_faults(body: Json) -> Json:
        unknown = set(body) - {field.name for field in dataclasses.fields(Faults)}
        if unknown:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        loop.call_soon_threadsafe(on_loop, body)
        return {}

    control = ControlServer(
        lambda: {**dataclasses.asdict(relay.faults), "lost": relay.lost},
        {
            "cut": lambda _: set_faults({"cut": True}),
            "restore": lambda _: set_faults(dataclasses.asdict(Faults())),
            "set": set_faults,
        },
    )
    announce("network", control=control.url, url=f"http://127.0.0.1:{relay.port}", port=relay.port)
    wait_for_end()
    control.close()


main()
