"""`python -m simulators.card_terminal [--port N] [--journal FILE]`: a card terminal with its acquirer.

POST /play    {"card": "approve|decline|wrong-pin|pull-early|none|no-host", "lost": "nothing|request|answer|late|
               status|stages", "delay": s, "step": s, "card_seconds": s, "by_hand": true, "leak": true,
               "lost_statuses": n, "lost_reversals": n}    how the next purchases go; what is not named stays
POST /present {}                      the payer shows a card (where `by_hand`)
POST /power   {"on": false}           the plug is pulled; with true it is back and knows what it charged
GET  /state                           attempts, what was taken, requests by category
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from simulators.card_terminal.acquirer import Acquirer
from simulators.card_terminal.wire import CARDS, LOSSES, Play, Terminal
from simulators.control import ControlServer, announce, wait_for_end

POI_ID = "SimPOS-00000001"


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser("python -m simulators.card_terminal")
    parser.add_argument("--port", type=int, default=0, help="TCP port on loopback (default: a free one)")
    parser.add_argument("--journal", type=Path, help="file that outlives the process")
    parser.add_argument("--step", type=float, default=0.3, help="seconds from stage to stage")
    parser.add_argument("--detach", action="store_true")
    options = parser.parse_args()
    acquirer = Acquirer(options.journal)
    terminal = Terminal(acquirer, POI_ID, options.port)
    terminal.play.step = options.step
    known = {field.name for field in fields(Play)}

    def play(body: dict[str, Any]) -> None:
        changed = replace(terminal.play, **{name: value for name, value in body.items() if name in known})
        if body.keys() - known or changed.card not in CARDS or changed.lost not in LOSSES:
            raise ValueError(f"card is one of {', '.join(CARDS)}; lost is one of {', '.join(LOSSES)}")
        if body.get("lost") == "status":
            changed.lost_statuses = int(body.get("lost_statuses", 1))
        terminal.play = changed

    def present(_body: dict[str, Any]) -> None:
        terminal.present()

    def power(body: dict[str, Any]) -> None:
        (terminal.switch_on if body["on"] else terminal.switch_off)()

    def state() -> dict[str, Any]:
        return {
            "attempts": acquirer.rows(),
            "taken": acquirer.taken,
            "requests": list(terminal.requests),
            "busy": terminal.running is not None,
            "play": asdict(terminal.play),
        }

    control = ControlServer(state, {"play": play, "present": present, "power": power})
    announce("card_terminal", control=control.url, host="127.0.0.1", port=terminal.port, poi_id=POI_ID)
    wait_for_end(options.detach)


if __name__ == "__main__":
    main()
