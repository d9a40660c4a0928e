"""Bank notifications of the Casso kind and its list of transactions (payment.md section 2.3).

Webhook v2: `X-Casso-Signature: t=<milliseconds>,v1=<hex>`, HMAC-SHA512 over `t "." ` and the compact JSON of `data`
with its keys sorted at every level. With `scheme = "token"` the older kind: `secure-token: …`, and `data` is a list of
movements, each counted. Whether a slash is escaped in the signed text differs between languages: both are tried.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from gateway.clock import PLACE
from gateway.payments.opening import line_to, read_secret
from gateway.payments.provider import BankUnavailable, Forged, Money, Unreadable
from gateway.payments.reading import dong, moment, plain_text, transaction_id
from gateway.payments.sepay import check_token, check_window, fetch
from gateway.settings import Bank

log = logging.getLogger(__name__)

NAME = "casso"
LIST_PATH = "/v2/transactions"
PAGE = 100
PAGES = 50
_ACCOUNTS = ("accountNumber", "bankSubAccId", "bank_sub_acc_id", "subAccId")
"""How webhook v2, the list and the older webhook name the account."""
_HEADER = re.compile(r"t=(\d{1,15}),v1=([0-9a-f]{128})", re.ASCII)


class Casso:
    """Notifications of one account."""

    def __init__(self, settings: Bank) -> None:
        self._account = settings.account
        self._secret = read_secret(settings.webhook_secret).encode()
        self._by_token = settings.scheme == "token"
        self._client = line_to(settings, {"Authorization": f"Apikey {read_secret(settings.api_token)}"})

    @property
    def name(self) -> str:
        return NAME

    @property
    def orders(self) -> None:
        return None

    @property
    def lists(self) -> bool:
        return True

    async def close(self) -> None:
        await self._client.aclose()

    def read_notification(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[Money, ...]:
        if self._by_token:
            check_token(self._secret, headers.get("secure-token", ""))
        try:
            content = cast("dict[str, Any]", json.loads(body))
            data: Any = content["data"]
        except (ValueError, KeyError, TypeError) as error:
            if self._by_token:
                raise Unreadable(f"notification: {type(error).__name__}") from error
            raise Forged("nothing that is signed") from error
        if not self._by_token:
            self._check(headers.get("x-casso-signature", ""), data, now)
        return tuple(self._readable(cast("list[Any]", data) if isinstance(data, list) else [data]))

    async def movements_since(self, moment: datetime) -> list[Money]:
        since = moment.astimezone(PLACE)
        found: list[Money] = []
        for page in range(1, PAGES + 1):
            query = {"fromDate": f"{since:%Y-%m-%d}", "page": str(page), "pageSize": str(PAGE), "sort": "DESC"}
            answer: Any = await fetch(self._client, LIST_PATH, query)
            try:
                rows = list(cast("list[Any]", answer["data"]["records"]))
                read = self._readable(rows)
            except (Unreadable, KeyError, TypeError) as error:
                raise BankUnavailable(f"list of transactions: unreadable ({type(error).__name__})") from error
            found += [money for money in read if money.at >= since]
            if len(rows) < PAGE or read[-1].at < since:
                return found
        raise BankUnavailable("list of transactions: too long")

    def _check(self, header: str, data: object, now: datetime) -> None:
        match = _HEADER.fullmatch(header)
        if match is None:
            raise Forged("no signature")
        stamp, signature = match[1], match[2]
        text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        expected = [self._signed(stamp, each) for each in (text, text.replace("/", "\\/"))]
        if not any([hmac.compare_digest(each, signature) for each in expected]):
            raise Forged("the signature does not hold")
        check_window(stamp, now, seconds=0.001)

    def _signed(self, stamp: str, text: str) -> str:
        signed = f"{stamp}.{text}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, signed, hashlib.sha512).hexdigest()

    def _readable(self, rows: list[Any]) -> list[Money]:
        """Those that can be read: one that cannot holds back nobody else's money. Unreadable when there is none."""
        found: list[Money] = []
        for row in rows:
            try:
                found.append(self._read(row))
            except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
                log.error("a movement of %d cannot be read: %s", len(rows), type(error).__name__)
        if rows and not found:
            raise Unreadable("none of the movements")
        return found

    def _read(self, row: dict[str, Any]) -> Money:
        amount = Decimal(str(row["amount"]))
        return Money(
            provider=NAME,
            id=transaction_id(row["id"]),
            account=str(next((row[name] for name in _ACCOUNTS if row.get(name)), "")),
            amount=dong(abs(amount)),
            incoming=amount > 0,
            content=plain_text(row.get("description")),
            reference=plain_text(row.get("reference") or row.get("tid"))[:64],
            at=moment(row.get("transactionDateTime") or row["when"]),
        )
