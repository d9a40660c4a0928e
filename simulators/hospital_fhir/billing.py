"""The hospital's own bills as Invoices, and what it does with a PaymentNotice: balance it, issue the e-invoice."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, cast

from simulators.citizens import Citizen
from simulators.hospital_fhir.seed import PLACE, patient_of
from simulators.hospital_fhir.store import Json, Store

HIS_BILL = "urn:tram:sid:his-bill"
E_INVOICE = "urn:tram:sid:e-invoice"
E_INVOICE_CODE = "urn:tram:sid:e-invoice-code"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def charge(store: Store, citizen: Citizen, lines: list[tuple[str, int, int]], kind: str = "charge") -> Json:
    """A new Invoice of somebody. A line: name, price, what the fund pays of it."""
    now = datetime.now(PLACE)

    def money(value: int) -> Json:
        return {"value": value, "currency": "VND"}

    items: list[Json] = []
    for sequence, (name, price, fund) in enumerate(lines, 1):
        prices = [{"type": "base", "amount": money(price)}]
        if fund:
            prices.append({"type": "informational", "amount": money(fund)})
        items.append({"sequence": sequence, "chargeItemCodeableConcept": {"text": name}, "priceComponent": prices})
    number = f"{'TU' if kind == 'advance' else 'HD'}{now:%y%m}-{store.count('Invoice') + 1:05}"
    return store.create(
        {
            "resourceType": "Invoice",
            "identifier": [{"system": HIS_BILL, "value": number}],
            "status": "issued",
            "type": {"text": kind},
            "subject": {"reference": f"Patient/{patient_of(store, citizen)['id']}"},
            "date": now.isoformat(timespec="seconds"),
            "lineItem": items,
            "totalNet": money(sum(price - fund for _, price, fund in lines)),
            "totalGross": money(sum(price for _, price, _ in lines)),
            "note": [{"text": "Tạm ứng viện phí" if kind == "advance" else "Viện phí"}],
        }
    )


def take_payment(store: Store, notice: Json) -> None:
    """The Invoice is balanced, and carries its e-invoice."""
    invoice = store.read("Invoice", str(cast("dict[str, Any]", notice["request"])["reference"]).partition("/")[2])
    if invoice is None:
        return
    count = store.count("PaymentNotice")
    code = "".join(secrets.choice(_LETTERS) for _ in range(10))
    numbers = [
        {"system": E_INVOICE, "value": f"1C26THG {count:08}"},
        {"system": E_INVOICE_CODE, "value": code},
    ]
    store.update({**invoice, "status": "balanced", "identifier": [*invoice["identifier"], *numbers]}, None)
