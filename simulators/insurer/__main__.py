"""`python -m simulators.insurer`: verbs delay, outage, force, forget, expire, token-life; state counts the calls.

POST /delay {"seconds": 2}          every answer takes longer
POST /outage {"kind": "error"}      none | refuse | reset | error | rubbish | silent
POST /force {"number": "…", "code": "010", "fields": {…}}   what a number is answered
POST /forget {}                     no number is forced any more
POST /expire {}                     every token given so far is unknown from now on
POST /token-life {"seconds": 5}     how long new tokens live
"""

from __future__ import annotations

import argparse
import os
import threading
from typing import Any

from simulators.control import ControlServer, announce, wait_for_end
from simulators.insurer.cards import REMARKS
from simulators.insurer.server import OUTAGES, Account, InsurerServer, Play


def main() -> None:
    """Serve until ended."""
    options = _options()
    account = Account(options.username, options.password, options.operator_name, options.operator_number)
    play = Play()
    server = InsurerServer(account, play, options.port)

    def state() -> dict[str, Any]:
        return {
            "url": server.url,
            "delay": play.delay,
            "outage": play.outage,
            "token_calls": play.token_calls,
            "card_calls": play.card_calls,
            "last_code": play.last_code,
            "forced": sorted(play.forced),
        }

    def delay(body: dict[str, Any]) -> None:
        play.delay = float(body["seconds"])

    def outage(body: dict[str, Any]) -> None:
        kind = body["kind"]
        if kind not in OUTAGES:
            raise ValueError(f"kind is one of {', '.join(OUTAGES)}")
        play.outage = kind
        play.changed.set()
        play.changed = threading.Event()
        if kind == "refuse":
            server.stop_listening()
        else:
            server.listen()

    def force(body: dict[str, Any]) -> None:
        code = str(body["code"])
        fields: dict[str, Any] = body.get("fields") or {}
        play.forced[str(body["number"]).upper()] = {"maKetQua": code, "ghiChu": REMARKS.get(code, ""), **fields}

    def forget(_body: dict[str, Any]) -> None:
        play.forced.clear()

    def expire(_body: dict[str, Any]) -> None:
        play.tokens.clear()

    def token_life(body: dict[str, Any]) -> None:
        play.token_seconds = float(body["seconds"])

    verbs = {
        "delay": delay,
        "outage": outage,
        "force": force,
        "forget": forget,
        "expire": expire,
        "token-life": token_life,
    }
    control = ControlServer(state, verbs)
    announce("insurer", control=control.url, url=server.url)
    wait_for_end(options.detach)


def _options() -> argparse.Namespace:
    default = Account()
    parser = argparse.ArgumentParser("python -m simulators.insurer")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--username", default=default.username)
    parser.add_argument("--password", default=os.environ.get("INSURER_PASSWORD", default.password))
    parser.add_argument("--operator-name", default=os.environ.get("INSURER_OPERATOR_NAME", default.operator_name))
    parser.add_argument("--operator-number", default=os.environ.get("INSURER_OPERATOR_NUMBER", default.operator_number))
    parser.add_argument("--detach", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
