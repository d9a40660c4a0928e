"""`python -m simulators.hospital_rest`: serves at the announced `url`; state counts what it holds.

POST /delay {"seconds": 2}                 every answer takes longer
POST /outage {"kind": "error"}             none | error | rubbish | closed
POST /lose {"begins": "POST /dangky-kcb", "when": "after", "count": 1}    answers that never arrive
POST /book {"citizen": "hoa", "service": "tim-mach", "at": "09:30"}       an appointment of today
POST /take {"service": "tim-mach", "at": "13:30"}    a place of that time is given at the hospital's own counter
POST /settle {"check_in": "…"}             the hospital's own cashier is paid for a check-in
POST /examine {"check_in": "…"}            the examination begins
POST /bill {"citizen": "khang", "kind": "THU", "title": "…", "lines": [{"TEN": "…", "THANH_TIEN": 50000}]}
                                           a bill (or TAM_UNG, an advance) of somebody; without lines a usual one
POST /change_bill {"bill": 1, "amount": 70000}    it asks for another sum now
POST /pay_bill {"bill": 1}                 paid at the hospital's own cashier; /cancel_bill cancels it
POST /invoices {"with_payment": false}     e-invoices come later; /issue issues those that miss
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from datetime import datetime, time, timedelta, timezone
from typing import Any

from simulators import citizens
from simulators.hospital.catalogue import load
from simulators.hospital.faults import Play
from simulators.hospital.serving import serve
from simulators.hospital_rest.app import create
from simulators.hospital_rest.bills import Till
from simulators.hospital_rest.bookings import book
from simulators.hospital_rest.desk import Desk
from simulators.hospital_rest.store import Row, Store

PLACE = timezone(timedelta(hours=7))
NEWEST = 5
USUAL = [
    {"TEN": "Xét nghiệm công thức máu", "DON_GIA": 46200, "QUY_BHYT": 0, "THANH_TIEN": 46200},
    {"TEN": "Siêu âm ổ bụng", "DON_GIA": 49300, "QUY_BHYT": 0, "THANH_TIEN": 49300},
]


def main() -> None:
    """Serve until ended."""
    options = _options()
    desk = Desk(Store(options.store), load())

    def booking(body: dict[str, Any]) -> dict[str, Any]:
        start = datetime.combine(datetime.now(PLACE).date(), time.fromisoformat(str(body["at"])), PLACE)
        return {"id": book(desk, citizens.load(str(body["citizen"])), str(body["service"]), start)}

    def take(body: dict[str, Any]) -> None:
        with desk.store.lock:
            day = datetime.now(PLACE).date()
            desk.take(str(body["service"]), str(body["at"]).replace(":", ""), f"{day:%Y%m%d}")

    def settle(body: dict[str, Any]) -> None:
        desk.become(str(body["check_in"]), "THU")

    def examine(body: dict[str, Any]) -> None:
        desk.become(str(body["check_in"]), "KHAM")

    def state() -> dict[str, Any]:
        store = desk.store
        with store.lock:
            newest = store.all("SELECT * FROM registrations ORDER BY id DESC LIMIT ?", NEWEST)
            counts = {name: len(store.all(f"SELECT id FROM {name}")) for name in ("patients", "registrations")}  # noqa: S608
        return {"kind": "rest", "counts": counts, "visits": [_line(desk, row) for row in newest]}

    till = Till(desk)
    verbs = {"book": booking, "take": take, "settle": settle, "examine": examine, **_till_verbs(till)}
    app = create(desk, options.merchant, options.secret, till=till)
    serve("hospital", app, Play(), state, verbs, port=options.port, detach=options.detach)


def _till_verbs(till: Till) -> dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]]:
    def bill(body: dict[str, Any]) -> dict[str, Any]:
        lines = body.get("lines") or USUAL
        kind, title = str(body.get("kind", "THU")), str(body.get("title", "Xét nghiệm và chẩn đoán hình ảnh"))
        with till.store.lock:
            made = till.charge(citizens.load(str(body["citizen"])), lines, kind, title)
            return {"id": made, "number": (till.store.one("SELECT * FROM bills WHERE id = ?", made) or {})["SO_PHIEU"]}

    def change(body: dict[str, Any]) -> None:
        till.change(int(body["bill"]), int(body["amount"]))

    def pay(body: dict[str, Any]) -> None:
        till.become(int(body["bill"]), 1)

    def cancel(body: dict[str, Any]) -> None:
        till.become(int(body["bill"]), 2)

    def invoices(body: dict[str, Any]) -> None:
        till.invoices = bool(body["with_payment"])

    def issue(_body: dict[str, Any]) -> None:
        till.issue()

    return {
        "bill": bill,
        "change_bill": change,
        "pay_bill": pay,
        "cancel_bill": cancel,
        "invoices": invoices,
        "issue": issue,
    }


def _line(desk: Desk, row: Row) -> Row:
    """One visit in a few words, for the staff of the demo."""
    return {
        "id": f"LK{row['id']:08}",
        "check_in": row["asked"],
        "status": row["state"],
        "service": desk.catalogue.named(str(row.get("room") or "")),
        "number": row.get("SO_THU_TU", ""),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m simulators.hospital_rest")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--store", default=":memory:", help="file of its own database")
    parser.add_argument("--merchant", default="tram-demo")
    parser.add_argument("--secret", default=os.environ.get("HOSPITAL_SECRET", "demo-hospital-secret"))
    parser.add_argument("--detach", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
