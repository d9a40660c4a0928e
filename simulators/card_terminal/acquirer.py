"""What the bank and the terminal remember: every attempt by its ServiceID, every charge and reversal, one open batch.

Kept in a file where one is given, so that a terminal that lost its power still knows what it charged.
"""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

CARD_NUMBER = "9704361234567890120"
"""The payer's invented card: it passes the check of card numbers, and must never be seen outside of here."""


@dataclass
class Purchase:
    """One attempt. `response` is what was or would have been answered; None while it runs."""

    sale_id: str
    service_id: str
    transaction_id: str
    amount: int
    reference: str
    response: dict[str, Any] | None = None
    charged: bool = False
    reversed: bool = False
    closed: bool = False
    """Its batch was closed: no reversal any more."""


class Acquirer:
    """Thread-safe."""

    def __init__(self, journal: Path | None) -> None:
        self._lock = threading.Lock()
        self._journal = journal
        self.purchases: list[Purchase] = []
        self.reversals: dict[str, dict[str, Any]] = {}
        """Answers to reversals by their ServiceID, as far as the terminal's memory goes."""
        if journal is not None and journal.exists():
            self.purchases = [Purchase(**row) for row in json.loads(journal.read_text("utf-8"))]
            for one in self.purchases:
                if one.response is None:
                    # The power went in the middle: what was not charged by then never is.
                    one.response = failure("Aborted", "cancelled") if not one.charged else approval(one)

    def begin(self, sale_id: str, service_id: str, transaction_id: str, amount: int) -> Purchase | None:
        """A new attempt; None when this ServiceID was used before: it is never charged twice."""
        with self._lock:
            if self.find(sale_id, service_id) is not None:
                return None
            number = f"T{len(self.purchases) + 1:08}"
            purchase = Purchase(sale_id, service_id, transaction_id, amount, number)
            self.purchases.append(purchase)
            self._keep()
            return purchase

    def find(self, sale_id: str, service_id: str) -> Purchase | None:
        """By what the till called it."""
        return next((one for one in self.purchases if (one.sale_id, one.service_id) == (sale_id, service_id)), None)

    def charge(self, purchase: Purchase) -> None:
        """The bank takes the money."""
        with self._lock:
            purchase.charged = True
            self._keep()

    def end(self, purchase: Purchase, response: dict[str, Any]) -> None:
        """It is over, whatever becomes of the answer."""
        with self._lock:
            purchase.response = response
            self._keep()

    def reverse(self, reference: str, service_id: str = "") -> dict[str, Any]:
        """Give the money back; twice is once."""
        answer = self._reverse(reference)
        if service_id:
            self.reversals[service_id] = answer
        return answer

    def _reverse(self, reference: str) -> dict[str, Any]:
        with self._lock:
            found = next((one for one in self.purchases if one.reference == reference and one.charged), None)
            if found is None:
                return failure("NotFound")
            if found.closed:
                return failure("NotAllowed")
            found.reversed = True
            self._keep()
        return {"Response": {"Result": "Success"}, "POIData": _poi(f"R{reference[1:]}")}

    def status(self, reference: dict[str, Any]) -> dict[str, Any]:
        """What became of the purchase or reversal that a TransactionStatusRequest refers to."""
        if reference["MessageCategory"] == "Reversal":
            found, name = self.reversals.get(reference["ServiceID"]), "ReversalResponse"
        else:
            purchase, name = self.find(reference["SaleID"], reference["ServiceID"]), "PaymentResponse"
            if purchase is not None and purchase.response is None:
                return failure("InProgress")
            found = None if purchase is None else purchase.response
        if found is None:
            return failure("NotFound")
        header = {each: reference[each] for each in ("MessageCategory", "ServiceID", "SaleID")}
        repeated = {"MessageHeader": header, "RepeatedResponseMessageBody": {name: found}}
        return {"Response": {"Result": "Success"}, "MessageReference": reference, "RepeatedMessageResponse": repeated}

    def close(self) -> dict[str, Any]:
        """Totals of the batch, which is empty then."""
        with self._lock:
            batch = [one for one in self.purchases if one.charged and not one.closed]
            for one in batch:
                one.closed = True
            self._keep()
        back = [one for one in batch if one.reversed]
        totals = [_total("Debit", batch), _total("Reversal", back)]
        one = {"PaymentInstrumentType": "Card", "PaymentCurrency": "VND", "PaymentTotals": totals}
        return {
            "Response": {"Result": "Success"},
            "ReconciliationType": "SaleReconciliation",
            "TransactionTotals": [one],
        }

    @property
    def taken(self) -> int:
        """Đồng that left the payer's account and did not come back."""
        return sum(one.amount for one in self.purchases if one.charged and not one.reversed)

    def rows(self) -> list[dict[str, Any]]:
        """Everything, for the one who plays the world."""
        return [asdict(one) for one in self.purchases]

    def _keep(self) -> None:
        if self._journal is not None:
            beside = self._journal.with_suffix(".new")
            beside.write_text(json.dumps(self.rows()), "utf-8")
            beside.replace(self._journal)


def _total(kind: str, some: list[Purchase]) -> dict[str, Any]:
    return {
        "TransactionType": kind,
        "TransactionCount": len(some),
        "TransactionAmount": sum(one.amount for one in some),
    }


def failure(condition: str, reason: str = "") -> dict[str, Any]:
    """A body that says no."""
    response = {"Result": "Failure", "ErrorCondition": condition}
    return {"Response": {**response, "AdditionalResponse": f"reason={reason}"} if reason else response}


def approval(purchase: Purchase, *, leak: bool = False) -> dict[str, Any]:
    """A body that says yes. `leak`: a badly built terminal sends the card's number too."""
    card: dict[str, Any] = {"PaymentBrand": "napas", "EntryMode": ["ICC"], "MaskedPan": "970436XXXXXXXXX0120"}
    if leak:
        card |= {"MaskedPan": CARD_NUMBER, "SensitiveCardData": {"PAN": CARD_NUMBER, "ExpiryDate": "1230"}}
    return {
        "Response": {"Result": "Success"},
        "SaleData": {"SaleTransactionID": {"TransactionID": purchase.transaction_id}},
        "POIData": _poi(purchase.reference),
        "PaymentResult": {
            "AmountsResp": {"Currency": "VND", "AuthorizedAmount": purchase.amount},
            "PaymentAcquirerData": {
                "AcquirerTransactionID": {"TransactionID": f"RRN{purchase.reference[1:]}"},
                "ApprovalCode": f"{int(purchase.reference[1:]) * 7919 % 1_000_000:06}",
            },
            "PaymentInstrumentData": {"PaymentInstrumentType": "Card", "CardData": card},
        },
    }


def _poi(reference: str) -> dict[str, Any]:
    return {"POITransactionID": {"TransactionID": reference, "TimeStamp": "2026-11-23T03:42:17.000Z"}}
