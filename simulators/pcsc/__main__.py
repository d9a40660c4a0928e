"""`python -m simulators.pcsc [--port N]`: a private pcscd under the simulators' control convention.

Verbs: stop, start, restart, kill (as a crash), unplug (no reader is left), plug (it comes back). The ready line gives
`socket` (for PCSCLITE_CSOCK_NAME), `port` of the first slot, `ports`, `readers`, and says that vpcd listens on all
addresses.
"""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable

from simulators.control import ControlServer, Json, Verb, announce, wait_for_end
from simulators.pcsc import READERS, PrivatePcscd


def main() -> None:
    """Run until ended."""
    options = argparse.ArgumentParser(prog="simulators.pcsc", description="A private pcscd with virtual readers.")
    options.add_argument("--port", type=int, help="vpcd's first port; the next one is the second slot's")
    options.add_argument("--detach", action="store_true", help="outlive standard input")
    chosen = options.parse_args()
    with PrivatePcscd(chosen.port) as pcsc:
        turn = threading.Lock()

        def state() -> Json:
            return {"running": pcsc.running, "pid": pcsc.pid, "port": pcsc.port, "socket": str(pcsc.socket_path)}

        verbs = {
            "stop": pcsc.stop,
            "start": pcsc.start,
            "restart": pcsc.restart,
            "kill": pcsc.kill,
            "unplug": pcsc.unplug,
            "plug": pcsc.plug,
        }

        def verb(act: Callable[[], None]) -> Verb:
            def answer(_: Json) -> Json:
                with turn:
                    act()
                return state()

            return answer

        control = ControlServer(state, {name: verb(act) for name, act in verbs.items()})
        announce(
            "pcsc",
            control=control.url,
            socket=str(pcsc.socket_path),
            port=pcsc.port,
            ports=[pcsc.port, pcsc.port + 1],
            readers=READERS,
            listens="vpcd listens on all addresses of this machine",
        )
        wait_for_end(chosen.detach)
        control.close()


if __name__ == "__main__":
    main()
