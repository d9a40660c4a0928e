"""Bank notifications of the SePay kind (developer.sepay.vn/en/sepay-webhooks) and its list of transactions.

A notification is signed: `X-SePay-Signature: sha256=HMAC-SHA256(secret, timestamp "." raw body)` in lower-case
hexadecimal, `X-SePay-Timestamp` in seconds; older than five minutes is a replay.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, cast

import httpx

from gateway.authorities import authorities
from gateway.clock import PLACE
from gateway.payments.provider import BankUnavailable, Forged, Money, Unreadable
from gateway.settings import Bank

NAME = "sepay"
WINDOW = timedelta(minutes=5)
LIST_PATH = "/userapi/transactions/list"
LIMIT = 5000


class SePay:
    """Notifications of one account."""

    def __init__(self, settings: Bank) -> None:
        self._account = settings.account
        self._secret = settings.webhook_secret.read().encode()
        self._client = httpx.AsyncClient(
            base_url=settings.api_url,
            timeout=settings.timeout_seconds,
            verify=authorities(),
            headers={"Authorization": f"Bearer {settings.api_token.read()}"},
        )

    @property
    def name(self) -> str:
        return NAME

    async def close(self) -> None:
        await self._client.aclose()

    def read_notification(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Money:
        self._check(headers, body, now)
        try:
            fields = json.loads(body)
            return Money(
                provider=NAME,
                id=_id(fields["id"]),
                account=str(fields["accountNumber"]),
                amount=_dong(fields["transferAmount"]),
                incoming=fields["transferType"] == "in",
                content=_text(fields.get("content")),
                reference=_text(fields.get("referenceCode"))[:64],
                at=_moment(fields["transactionDate"]),
            )
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise Unreadable(f"notification: {type(error).__name__}") from error

    async def movements_since(self, moment: datetime) -> list[Money]:
        since = moment.astimezone(PLACE).strftime("%Y-%m-%d %H:%M:%S")
        try:
            response = await self._client.get(
                LIST_PATH,
                params={"account_number": self._account, "transaction_date_min": since, "limit": str(LIMIT)},
            )
            response.raise_for_status()
            answer: Any = response.json()
            rows = cast("list[Any]", answer["transactions"])
            return [self._listed(cast("dict[str, Any]", row)) for row in rows]
        except httpx.HTTPStatusError as error:
            raise BankUnavailable(f"list of transactions: HTTP {error.response.status_code}") from error
        except (httpx.HTTPError, OSError) as error:
            raise BankUnavailable(f"list of transactions: {type(error).__name__}") from error
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise BankUnavailable(f"list of transactions: unreadable ({type(error).__name__})") from error

    def _check(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        timestamp = headers.get("x-sepay-timestamp", "")
        signature = headers.get("x-sepay-signature", "")
        signed = timestamp.encode("ascii", "replace") + b"." + body
        expected = "sha256=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            raise Forged("the signature does not hold")
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            raise Forged("no readable time")
        if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
            raise Forged("signed too long ago, or in the future")

    def _listed(self, row: dict[str, Any]) -> Money:
        received = _dong(row["amount_in"])
        return Money(
            provider=NAME,
            id=_id(row["id"]),
            account=str(row["account_number"]),
            amount=received or _dong(row["amount_out"]),
            incoming=received > 0,
            content=_text(row.get("transaction_content")),
            reference=_text(row.get("reference_number"))[:64],
            at=_moment(row["transaction_date"]),
        )


def _id(value: object) -> str:
    text = str(value)
    if not text or len(text) > 64 or isinstance(value, bool) or text != _text(text):
        raise ValueError("no id")
    return text


def _text(value: object) -> str:
    """Text that every database takes: without halves of characters (JSON can hold them) and without NUL."""
    return str(value or "").encode("utf-8", "replace").decode().replace("\0", "")


def _dong(value: object) -> int:
    """Whole đồng, written as a number or as text with decimals ("122500.00")."""
    amount = Decimal(str(value))
    if amount != amount.to_integral_value() or not 0 <= amount < 10**15:
        raise ValueError("not whole đồng")
    return int(amount)


def _moment(value: object) -> datetime:
    return datetime.strptime(str(value), "%Y-%m-%d %H:%M:%S").replace(tzinfo=PLACE)
