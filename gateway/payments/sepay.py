"""Bank notifications of the SePay kind (developer.sepay.vn/en/sepay-webhooks) and its list of transactions.

A notification is signed: `X-SePay-Signature: sha256=HMAC-SHA256(secret, timestamp "." raw body)` in lower-case
hexadecimal, `X-SePay-Timestamp` in seconds; older than five minutes is a replay. With `scheme = "token"` it carries
`Authorization: Apikey …` instead.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import InvalidOperation
from typing import Any, cast

import httpx

from gateway.clock import PLACE
from gateway.payments.opening import line_to, read_secret
from gateway.payments.provider import BankUnavailable, Forged, Money, Unreadable
from gateway.payments.reading import dong, moment, plain_text, transaction_id
from gateway.settings import Bank

NAME = "sepay"
WINDOW = timedelta(minutes=5)
LIST_PATH = "/userapi/transactions/list"
LIMIT = 5000


class SePay:
    """Notifications of one account."""

    def __init__(self, settings: Bank) -> None:
        self._account = settings.account
        self._secret = read_secret(settings.webhook_secret).encode()
        self._by_token = settings.scheme == "token"
        self._client = line_to(settings, {"Authorization": f"Bearer {read_secret(settings.api_token)}"})

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
            check_token(self._secret, headers.get("authorization", "").removeprefix("Apikey "))
        else:
            self._check(headers, body, now)
        try:
            fields = json.loads(body)
            money = Money(
                provider=NAME,
                id=transaction_id(fields["id"]),
                account=str(fields["accountNumber"]),
                amount=dong(fields["transferAmount"]),
                incoming=fields["transferType"] == "in",
                content=plain_text(fields.get("content")),
                reference=plain_text(fields.get("referenceCode"))[:64],
                at=moment(fields["transactionDate"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
            raise Unreadable(f"notification: {type(error).__name__}") from error
        return (money,)

    async def movements_since(self, moment: datetime) -> list[Money]:
        since = moment.astimezone(PLACE).strftime("%Y-%m-%d %H:%M:%S")
        query = {"account_number": self._account, "transaction_date_min": since, "limit": str(LIMIT)}
        answer: Any = await fetch(self._client, LIST_PATH, query)
        try:
            rows = cast("list[Any]", answer["transactions"])
            return [self._listed(cast("dict[str, Any]", row)) for row in rows]
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
            raise BankUnavailable(f"list of transactions: unreadable ({type(error).__name__})") from error

    def _check(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        timestamp = headers.get("x-sepay-timestamp", "")
        signature = headers.get("x-sepay-signature", "")
        signed = timestamp.encode("ascii", "replace") + b"." + body
        expected = "sha256=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            raise Forged("the signature does not hold")
        check_window(timestamp, now, seconds=1)

    def _listed(self, row: dict[str, Any]) -> Money:
        received = dong(row["amount_in"])
        return Money(
            provider=NAME,
            id=transaction_id(row["id"]),
            account=str(row["account_number"]),
            amount=received or dong(row["amount_out"]),
            incoming=received > 0,
            content=plain_text(row.get("transaction_content")),
            reference=plain_text(row.get("reference_number"))[:64],
            at=moment(row["transaction_date"]),
        )


def check_token(secret: bytes, token: str) -> None:
    """Compare a header's token without telling by time how much of it was right. Raises Forged."""
    if not hmac.compare_digest(secret, token.encode("utf-8", "replace")):
        raise Forged("the token does not hold")


def check_window(timestamp: str, now: datetime, *, seconds: float) -> None:
    """Refuse what was signed too long ago. `seconds`: how long the timestamp's unit is. Raises Forged."""
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 15:
        raise Forged("no readable time")
    if abs(now.timestamp() - int(timestamp) * seconds) > WINDOW.total_seconds():
        raise Forged("signed too long ago, or in the future")


async def fetch(client: httpx.AsyncClient, path: str, query: Mapping[str, str]) -> object:
    """A provider's JSON answer to a question. Raises BankUnavailable; addresses and secrets are never told."""
    try:
        response = await client.get(path, params=dict(query))
        response.raise_for_status()
        return response.json()
    except httpx.HTTPStatusError as error:
        raise BankUnavailable(f"list of transactions: HTTP {error.response.status_code}") from error
    except (httpx.HTTPError, OSError) as error:
        raise BankUnavailable(f"list of transactions: {type(error).__name__}") from error
    except ValueError as error:
        raise BankUnavailable(f"list of transactions: unreadable ({type(error).__name__})") from error
