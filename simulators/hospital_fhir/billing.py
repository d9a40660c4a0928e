"""The hospital's own bills as Invoices, and what it does with a PaymentNotice: balance it, issue the e-invoice."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, NamedTuple, cast

from simulators.citizens import Citizen
from simulators.hospital_fhir.checking import Invalid
from simulators.hospital_fhir.seed import PLACE, patient_of
from simulators.hospital_fhir.store import Json, Store

HIS_BILL = "urn:tram:sid:his-bill"
E_INVOICE = "urn:tram:sid:e-invoice"
E_INVOICE_CODE = "urn:tram:sid:e-invoice-code"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


ACCOUNT = "urn:tram:cs:account"


class Line(NamedTuple):
    """One line of a bill; `fund` is what the insurance pays of the price."""

    name: str
    price: int
    fund: int = 0
    account: str = ""
    account_name: str = ""


def charge(store: Store, citizen: Citizen, lines: list[Line], kind: str = "charge", title: str = "") -> Json:
    """A new Invoice of somebody."""
    now = datetime.now(PLACE)
    number = f"{'TU' if kind == 'advance' else 'HD'}{now:%y%m}-{store.count('Invoice') + 1:05}"
    return store.create(
        {
            "resourceType": "Invoice",
            "identifier": [{"system": HIS_BILL, "value": number}],
            "status": "issued",
            "type": {"text": kind},
            "subject": {"reference": f"Patient/{patient_of(store, citizen)['id']}"},
            "date": now.isoformat(),
            "note": [{"text": title or ("Tạm ứng viện phí" if kind == "advance" else "Viện phí")}],
            **_sums(lines),
        }
    )


def change(store: Store, bill: str, amount: int) -> None:
    """The bill asks for another sum now."""
    store.update({**_invoice(store, bill), **_sums([Line("Tổng mới", amount)])}, None)


def become(store: Store, bill: str, status: str) -> None:
    """Paid at the hospital's own cashier (`balanced`), or `cancelled`."""
    store.update({**_invoice(store, bill), "status": status}, None)


def refuse_payment(store: Store, notice: Json) -> None:
    """A bill of the hospital's takes one payment, of its sum; that of a check-in may be told as paid before.

    Raises Invalid.
    """
    invoice = _invoice(store, _bill_of(notice))
    if not any(row["system"] == HIS_BILL for row in invoice["identifier"]):
        return
    if invoice["status"] != "issued":
        raise Invalid("business-rule", "PaymentNotice.request", "the bill is not to be paid any more")
    if notice["amount"]["value"] != invoice["totalNet"]["value"]:
        raise Invalid("business-rule", "PaymentNotice.amount", "the bill is of another sum")


def take_payment(store: Store, notice: Json, *, issue_invoice: bool) -> None:
    """The Invoice is balanced, and carries its e-invoice where that is issued with the payment."""
    become(store, _bill_of(notice), "balanced")
    if issue_invoice:
        _issue(store, _bill_of(notice))


def issue(store: Store) -> None:
    """E-invoices of every payment that has none."""
    for notice in store.all("PaymentNotice"):
        if not any(row["system"] == E_INVOICE for row in _invoice(store, _bill_of(notice))["identifier"]):
            _issue(store, _bill_of(notice))


def _issue(store: Store, bill: str) -> None:
    invoice = _invoice(store, bill)
    code = "".join(secrets.choice(_LETTERS) for _ in range(10))
    numbers = [
        {"system": E_INVOICE, "value": f"1C26THG {store.count('PaymentNotice'):08}"},
        {"system": E_INVOICE_CODE, "value": code},
    ]
    store.update({**invoice, "identifier": [*invoice["identifier"], *numbers]}, None)


def _bill_of(notice: Json) -> str:
    return str(cast("dict[str, Any]", notice["request"])["reference"]).partition("/")[2]


def _invoice(store: Store, bill: str) -> Json:
    found = store.read("Invoice", bill)
    if found is None:
        raise ValueError("no such Invoice")
    return found


def _sums(lines: list[Line]) -> Json:
    items: list[Json] = []
    for sequence, line in enumerate(lines, 1):
        item: Json = {"text": line.name}
        if line.account:
            item["coding"] = [{"system": ACCOUNT, "code": line.account, "display": line.account_name}]
        prices = [{"type": "base", "amount": _money(line.price)}]
        if line.fund:
            prices.append({"type": "informational", "amount": _money(line.fund)})
        items.append({"sequence": sequence, "chargeItemCodeableConcept": item, "priceComponent": prices})
    return {
        "lineItem": items,
        "totalNet": _money(sum(line.price - line.fund for line in lines)),
        "totalGross": _money(sum(line.price for line in lines)),
    }


def _money(value: int) -> Json:
    return {"value": value, "currency": "VND"}
