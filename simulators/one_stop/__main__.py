"""`python -m simulators.one_stop`: serves at the announced `url`; state counts what it holds.

POST /delay {"seconds": 2}                 every answer takes longer
POST /outage {"kind": "error"}             none | error | rubbish | closed
POST /lose {"begins": "POST /TaoHoSo", "when": "after", "count": 1}       answers that never arrive
POST /move {"number": "…", "to": 4, "unit": "…", "note": "…"}             an officer sets a status
POST /money {"number": "…", "lines": [{"MaPhiLePhi": "…", "TenPhiLePhi": "…", "Gia": 20000}]}    status 6
POST /fees {"number": "…", "lines": […]}                                 the same, whatever the status
POST /result {"number": "…", "name": "Trích lục khai sinh"}               status 9
POST /advance {}                           every accepted dossier goes one step on
"""

from __future__ import annotations

import argparse
import json
import os
import threading
from pathlib import Path
from typing import Any

from simulators.hospital.faults import Play
from simulators.hospital.serving import serve
from simulators.one_stop.app import Accounts, create
from simulators.one_stop.desk import PROCEDURES, Desk
from simulators.one_stop.store import Store

NEWEST = 10


def main() -> None:
    """Serve until ended."""
    options = _options()
    desk = Desk(Store(options.store), vocabulary=options.vocabulary, procedures=_procedures(options.catalogue))
    accounts = Accounts(options.client_id, options.client_secret, options.username, options.password)
    lock = desk.store.lock

    def move(body: dict[str, Any]) -> None:
        with lock:
            desk.move(str(body["number"]), int(body["to"]), str(body.get("unit", "")), str(body.get("note", "")))

    def money(body: dict[str, Any]) -> None:
        with lock:
            desk.ask_money(str(body["number"]), list(body["lines"]))

    def fees(body: dict[str, Any]) -> None:
        with lock:
            desk.change_fees(str(body["number"]), list(body["lines"]))

    def result(body: dict[str, Any]) -> None:
        with lock:
            desk.result(str(body["number"]), str(body["name"]), str(body.get("unit", "")))

    def advance(_body: dict[str, Any]) -> dict[str, Any]:
        with lock:
            return {"moved": desk.advance()}

    held = ("dossiers", "files", "payments", "taken")

    def state() -> dict[str, Any]:
        with lock:
            counts = {name: len(desk.store.all(f"SELECT 1 FROM {name}")) for name in held}  # noqa: S608
            newest = desk.store.all("SELECT number, status FROM dossiers ORDER BY number DESC LIMIT ?", NEWEST)
        return {"counts": counts, "dossiers": newest}

    if options.pace:

        def pace() -> None:
            while True:
                threading.Event().wait(options.pace)
                advance({})

        threading.Thread(target=pace, name="pace", daemon=True).start()
    verbs = {"move": move, "money": money, "fees": fees, "result": result, "advance": advance}
    serve("one-stop", create(desk, accounts), Play(), state, verbs, port=options.port, detach=options.detach)


def _procedures(file: Path | None) -> dict[str, str]:
    """Of a catalogue file: every procedure, and every part of a group that is one itself."""
    if file is None:
        return PROCEDURES
    rows = json.loads(file.read_text(encoding="utf-8"))["procedures"]
    known = {row["code"]: row["name"] for row in rows}
    parts = {f"{row['code']}.{part['id']}": part["name"] for row in rows for part in row.get("parts", [])}
    return {**parts, **known}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m simulators.one_stop")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--store", default=":memory:", help="file of its own database")
    parser.add_argument("--vocabulary", choices=["national", "opencps"], default="national")
    parser.add_argument("--catalogue", type=Path, help="procedures it receives: a file of the import format")
    parser.add_argument(
        "--pace", type=float, default=0, help="seconds after which accepted dossiers go on by themselves"
    )
    parser.add_argument("--client-id", default="tram-demo")
    parser.add_argument("--client-secret", default=os.environ.get("TRAM_ONE_STOP_SECRET", "demo-one-stop-secret"))
    parser.add_argument("--username", default="tram")
    parser.add_argument("--password", default=os.environ.get("TRAM_ONE_STOP_PASSWORD", "demo-one-stop-password"))
    parser.add_argument("--detach", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
