"""`python -m simulators.hospital_fhir`: serves at the announced `url`; state counts what it holds.

POST /delay {"seconds": 2}                 every answer takes longer
POST /outage {"kind": "error"}             none | error | rubbish | closed
POST /lose {"begins": "POST /fhir/Encounter", "when": "after", "count": 1}    answers that never arrive
POST /book {"citizen": "hoa", "service": "tim-mach", "at": "09:30"}           an appointment of today
POST /take {"service": "tim-mach", "at": "13:30"}    a place of that time is given at the hospital's own counter
POST /settle {"check_in": "…"}             the hospital's own cashier is paid for a check-in
POST /examine {"check_in": "…"}            the examination begins
POST /bill {"citizen": "khang", "kind": "charge", "lines": [["Siêu âm ổ bụng", 49300, 0]]}
                                           an Invoice of somebody (or an advance): name, price, what the fund pays
POST /pay_bill {"bill": "…"}               paid at the hospital's own cashier
POST /manners {"hasty": true}              conditional creates that look and write in two steps
POST /manners {"invoices": false}          e-invoices come later than the payment
POST /issue {}                             they come now
"""

from __future__ import annotations

import argparse
import os
from datetime import datetime, time
from typing import Any

from simulators import citizens
from simulators.hospital.catalogue import load
from simulators.hospital.faults import Play
from simulators.hospital.serving import serve
from simulators.hospital_fhir.app import BASE, Manners, create
from simulators.hospital_fhir.billing import Line, become, charge, issue
from simulators.hospital_fhir.search import KINDS, search
from simulators.hospital_fhir.seed import PLACE, book, seed, take
from simulators.hospital_fhir.store import Json, Store

CHECK_IN = "urn:tram:sid:check-in"
NEWEST = 5
USUAL = [["Xét nghiệm công thức máu", 46200, 0], ["Siêu âm ổ bụng", 49300, 0]]


def main() -> None:
    """Serve until ended."""
    options = _options()
    store, catalogue, manners = Store(options.store), load(), Manners()
    seed(store, catalogue, datetime.now(PLACE).date())

    def booking(body: dict[str, Any]) -> dict[str, Any]:
        citizen, code = citizens.load(str(body["citizen"])), str(body["service"])
        start = datetime.combine(datetime.now(PLACE).date(), time.fromisoformat(str(body["at"])), PLACE)
        return {"id": book(store, citizen, code, catalogue.named(code), start)["id"]}

    def taking(body: dict[str, Any]) -> None:
        start = datetime.combine(datetime.now(PLACE).date(), time.fromisoformat(str(body["at"])), PLACE)
        take(store, str(body["service"]), start)

    def settle(body: dict[str, Any]) -> None:
        _become(store, "Invoice", str(body["check_in"]), "balanced")

    def examine(body: dict[str, Any]) -> None:
        _become(store, "Encounter", str(body["check_in"]), "in-progress")

    def behave(body: dict[str, Any]) -> None:
        manners.hasty = bool(body.get("hasty", manners.hasty))
        manners.bare = bool(body.get("bare", manners.bare))
        manners.invoices = bool(body.get("invoices", manners.invoices))

    def state() -> dict[str, Any]:
        newest = list(store.all("Encounter"))[-NEWEST:]
        return {
            "kind": "fhir",
            "counts": {kind: store.count(kind) for kind in KINDS},
            "visits": [_line(store, encounter) for encounter in reversed(newest)],
        }

    def bill(body: dict[str, Any]) -> dict[str, Any]:
        lines = [Line(str(name), int(price), int(fund)) for name, price, fund in body.get("lines") or USUAL]
        made = charge(store, citizens.load(str(body["citizen"])), lines, str(body.get("kind", "charge")))
        return {"id": made["id"], "number": made["identifier"][0]["value"]}

    def pay_bill(body: dict[str, Any]) -> None:
        become(store, str(body["bill"]), "balanced")

    def issue_all(_body: dict[str, Any]) -> None:
        issue(store)

    verbs = {"book": booking, "take": taking, "settle": settle, "examine": examine, "bill": bill, "pay_bill": pay_bill,
             "manners": behave, "issue": issue_all}  # fmt: skip
    app = create(store, options.token, manners)
    serve("hospital", app, Play(), state, verbs, port=options.port, base=BASE, detach=options.detach)


def _become(store: Store, kind: str, check_in: str, status: str) -> None:
    found = search(store, kind, [("identifier", f"{CHECK_IN}|{check_in}")])
    if not found:
        raise ValueError(f"no {kind} of that check-in")
    store.update({**found[0], "status": status}, None)


def _line(store: Store, encounter: Json) -> Json:
    """One visit in a few words, for the desk."""
    numbers = {row["system"]: row["value"] for row in encounter["identifier"]}
    task = search(store, "Task", [("identifier", f"{CHECK_IN}|{numbers.get(CHECK_IN, '')}")])
    return {
        "id": next((value for system, value in numbers.items() if system.endswith("ma-lk")), encounter["id"]),
        "check_in": numbers.get(CHECK_IN, ""),
        "status": encounter["status"],
        "service": encounter.get("serviceType", {}).get("text", ""),
        "number": task[0].get("description", "") if task else "",
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m simulators.hospital_fhir")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--store", default=":memory:", help="file of its own database")
    parser.add_argument("--token", default=os.environ.get("HOSPITAL_SECRET", "demo-hospital-token"))
    parser.add_argument("--detach", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
