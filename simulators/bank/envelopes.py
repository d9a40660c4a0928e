"""How a provider wraps and proves a notification: SePay's signature or key, Casso's signature or token. By this bank's
own code: a mistake in the gateway's must show here."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Letter = tuple[bytes, dict[str, str]]
"""Body and headers."""
Envelope = Callable[[Json, str, float], Letter]
"""Wraps a notice with a secret as of a moment (seconds since the epoch)."""


def sepay(notice: Json, secret: str, moment: float) -> Letter:
    """`sha256=` over timestamp "." body."""
    body = json.dumps(notice, ensure_ascii=False).encode()
    stamp = str(int(moment))
    digest = hmac.digest(secret.encode(), stamp.encode() + b"." + body, "sha256").hex()
    return body, {"X-SePay-Timestamp": stamp, "X-SePay-Signature": f"sha256={digest}"}


def sepay_key(notice: Json, secret: str, moment: float) -> Letter:
    """The key in a header."""
    return json.dumps(notice, ensure_ascii=False).encode(), {"Authorization": f"Apikey {secret}"}


def _casso_data(notice: Json) -> Json:
    return {
        "id": notice["id"],
        "reference": notice["referenceCode"],
        "description": notice["content"],
        "amount": notice["transferAmount"] * (1 if notice["transferType"] == "in" else -1),
        "runningBalance": notice["accumulated"],
        "transactionDateTime": notice["transactionDate"],
        "accountNumber": notice["accountNumber"],
        "bankName": "StandInBank",
        "bankAbbreviation": "SIB",
        "virtualAccountNumber": "",
        "virtualAccountName": "",
        "counterAccountName": "",
        "counterAccountNumber": "",
        "counterAccountBankId": "",
        "counterAccountBankName": "",
    }


def casso(notice: Json, secret: str, moment: float) -> Letter:
    """`t=…,v1=…`: SHA-512 over t "." the sorted compact JSON of `data`."""
    data = _casso_data(notice)
    stamp = str(int(moment * 1000))
    canonical = json.dumps(dict(sorted(data.items())), separators=(",", ":"), ensure_ascii=False)
    digest = hmac.new(secret.encode(), f"{stamp}.{canonical}".encode(), hashlib.sha512).hexdigest()
    body = json.dumps({"error": 0, "data": data}, ensure_ascii=False).encode()
    return body, {"X-Casso-Signature": f"t={stamp},v1={digest}"}


def casso_token(notice: Json, secret: str, moment: float) -> Letter:
    """The older kind: a token, and a list."""
    data = _casso_data(notice)
    row = {"id": data["id"], "tid": data["reference"], "description": data["description"], "amount": data["amount"],
           "cusum_balance": data["runningBalance"], "when": data["transactionDateTime"],
           "bank_sub_acc_id": data["accountNumber"], "subAccId": data["accountNumber"]}  # fmt: skip
    return json.dumps({"error": 0, "data": [row]}, ensure_ascii=False).encode(), {"secure-token": secret}


ENVELOPES: dict[str, Envelope] = {
    "sepay": sepay,
    "sepay-key": sepay_key,
    "casso": casso,
    "casso-token": casso_token,
}


def now() -> float:
    """Seconds since the epoch."""
    return time.time()
