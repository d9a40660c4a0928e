"""`python -m simulators.insurer`: every code, delay, expiry and outage on demand; state counts the calls.

POST /delay {"seconds": 2}             every answer takes longer
POST /outage {"kind": "error"}         none | refuse | reset | error | maintenance | forbidden | unauthorised |
                                       not-implemented | rubbish | empty | cut | huge | trickle | silent
POST /force {"number": "…", "code": "010", "fields": {…}}   what a number is answered
POST /next {"codes": ["060", "000"]}   what the next questions are answered, whoever they are about
POST /forget {}                        nothing is forced any more
POST /tells {"on": true}               a mismatch carries the insurer's own name and birth
POST /copayment {"number": "…", "total": 15180001, "since": "01/01/2020"}   the year's sum, five years without a gap
POST /expire {}                        every token given so far is unknown from now on
POST /bar {"on": true}                 the account gets no token
POST /token-life {"seconds": 5}        how long new tokens live
"""

from __future__ import annotations

import argparse
import os
import threading
from typing import Any

from simulators.control import ControlServer, announce, wait_for_end
from simulators.insurer.cards import REMARKS, Played
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
            "copayment_calls": play.copayment_calls,
            "last_code": play.last_code,
            "last_birth": play.last_birth,
            "forced": sorted(play.played.forced),
            "next": len(play.played.coming),
            "barred": play.barred,
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

    def told(code: str, fields: dict[str, Any]) -> dict[str, Any]:
        return {"maKetQua": code, "ghiChu": REMARKS.get(code, ""), **fields}

    def force(body: dict[str, Any]) -> None:
        play.played.forced[str(body["number"]).upper()] = told(str(body["code"]), body.get("fields") or {})

    def following(body: dict[str, Any]) -> None:
        codes: list[Any] = body["codes"]
        play.played.coming.extend(told(str(code), body.get("fields") or {}) for code in codes)

    def forget(_body: dict[str, Any]) -> None:
        play.played = Played()

    def tells(body: dict[str, Any]) -> None:
        play.played.tells = bool(body["on"])

    def copayment(body: dict[str, Any]) -> None:
        number = str(body["number"]).upper()
        play.played.copayments[number] = int(body["total"])
        play.played.five_years[number] = str(body.get("since") or "")

    def bar(body: dict[str, Any]) -> None:
        play.barred = bool(body["on"])

    def expire(_body: dict[str, Any]) -> None:
        play.tokens.clear()

    def token_life(body: dict[str, Any]) -> None:
        play.token_seconds = float(body["seconds"])

    verbs = {
        "delay": delay,
        "outage": outage,
        "force": force,
        "next": following,
        "forget": forget,
        "tells": tells,
        "copayment": copayment,
        "bar": bar,
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
