"""payOS as a provider of orders and notifications, by our own code over the raw JSON.

Code 231 says that an order of this number exists: it is looked up, never made again under another number. An answer
counts only when its signature holds: money is decided by it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

import httpx

from gateway.payments.opening import line_to, read_secret
from gateway.payments.payos import signature
from gateway.payments.provider import (
    BankUnavailable,
    Forged,
    Made,
    Money,
    Order,
    OrderExists,
    OrderRefused,
    OrderStanding,
    OrderState,
    Unreadable,
)
from gateway.payments.reading import dong, moment, plain_text, transaction_id
from gateway.settings import Bank

NAME = "payos"
PATH = "/v2/payment-requests"
OK = "00"
EXISTS = "231"
UNKNOWN = {"101", "14"}
"""No such order."""
_STANDING = {
    "PENDING": OrderStanding.OPEN,
    "PROCESSING": OrderStanding.OPEN,
    "UNDERPAID": OrderStanding.OPEN,
    "PAID": OrderStanding.PAID,
    "CANCELLED": OrderStanding.CLOSED,
    "EXPIRED": OrderStanding.CLOSED,
    "FAILED": OrderStanding.CLOSED,
}
_TRIAL = (123, "TF230204212323")
"""The notification with which payOS tries an address that is registered: it stands for no money."""
_Json = dict[str, Any]


class PayOs:
    """One payment channel. Implements BankNotifications and Orders."""

    def __init__(self, settings: Bank, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._account = settings.account
        self._return_url = settings.return_url
        self._key = read_secret(settings.webhook_secret)
        proof = {"x-client-id": read_secret(settings.client_id), "x-api-key": read_secret(settings.api_token)}
        self._client = line_to(settings, proof, transport)

    @property
    def name(self) -> str:
        return NAME

    @property
    def orders(self) -> PayOs:
        return self

    @property
    def lists(self) -> bool:
        return False

    async def close(self) -> None:
        await self._client.aclose()

    # --- notifications

    def read_notification(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[Money, ...]:
        """Signed over `data` alone, without a time: a replay is known by its transaction's number."""
        try:
            content = cast(_Json, _loads(body))
            data: object = content["data"]
        except (ValueError, KeyError, TypeError) as error:
            raise Forged("nothing that is signed") from error
        if not isinstance(data, dict) or not signature.holds(self._key, cast(_Json, data), content.get("signature")):
            raise Forged("the signature does not hold")
        fields = cast(_Json, data)
        if str(fields.get("code", OK)) != OK or (fields.get("orderCode"), fields.get("reference")) == _TRIAL:
            return ()
        try:
            return (_money(fields, self._account, int(fields["orderCode"])),)
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise Unreadable(f"notification: {type(error).__name__}") from error

    async def movements_since(self, moment: datetime) -> list[Money]:
        """It keeps no list: every order is asked about by itself."""
        return []

    # --- orders

    async def create(self, order: Order) -> Made:
        fields: _Json = {
            "orderCode": order.code,
            "amount": order.amount,
            "description": order.purpose,
            "cancelUrl": self._return_url,
            "returnUrl": self._return_url,
            "expiredAt": int(order.expires_at.timestamp()),
        }
        answer = await self._call("POST", PATH, fields | {"signature": signature.of_create(self._key, fields)})
        code = str(answer.get("code"))
        if code == EXISTS:
            raise OrderExists
        if code != OK:
            raise OrderRefused(f"code {code[:8]}")
        data = self._signed(answer)
        if (data.get("orderCode"), data.get("amount")) != (order.code, order.amount):
            raise BankUnavailable("create: an answer about another order")
        return _made(data)

    async def look_up(self, code: int) -> OrderState | None:
        return self._state(code, await self._call("GET", f"{PATH}/{code}"))

    async def cancel(self, code: int) -> OrderState | None:
        """An order that was paid, or is closed, is refused to be closed: then it is looked up."""
        reason = {"cancellationReason": "Nobody pays it any more"}
        answer = await self._call("POST", f"{PATH}/{code}/cancel", reason)
        if str(answer.get("code")) == OK:
            return self._state(code, answer)
        return await self.look_up(code)

    def _state(self, code: int, answer: _Json) -> OrderState | None:
        said = str(answer.get("code"))
        if said in UNKNOWN:
            return None
        if said != OK:
            raise BankUnavailable(f"order: code {said[:8]}")
        data = self._signed(answer)
        try:
            if int(data["orderCode"]) != code:
                raise BankUnavailable("order: an answer about another order")
            rows = cast("list[_Json]", data.get("transactions") or [])
            return OrderState(
                code=code,
                standing=_STANDING[str(data["status"])],
                amount=dong(data["amount"]),
                money=tuple(_money(row, self._account, code) for row in rows),
                made=_made(data) if data.get("qrCode") else None,
            )
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
            raise BankUnavailable(f"order: unreadable ({type(error).__name__})") from error

    def _signed(self, answer: _Json) -> _Json:
        data: object = answer.get("data")
        if not isinstance(data, dict) or not signature.holds(self._key, cast(_Json, data), answer.get("signature")):
            raise BankUnavailable("an answer whose signature does not hold")
        return cast(_Json, data)

    async def _call(self, method: str, path: str, body: _Json | None = None) -> _Json:
        """One call. Nothing is repeated here: a repeat of create would be a second order."""
        try:
            response = await self._client.request(method, path, json=body)
            if response.status_code >= 500 or response.status_code == 429:
                raise BankUnavailable(f"{method}: HTTP {response.status_code}")
            content: object = _loads(response.content)
        except (httpx.HTTPError, OSError) as error:
            raise BankUnavailable(f"{method}: {type(error).__name__}") from error
        except ValueError as error:
            raise BankUnavailable(f"{method}: not JSON") from error
        if not isinstance(content, dict) or "code" not in content:
            raise BankUnavailable(f"{method}: HTTP {response.status_code} without a code")
        return cast(_Json, content)


def _loads(body: bytes) -> object:
    """JSON whose broken numbers stay as they were written: the signature covers their text."""
    return json.loads(body, parse_float=Decimal)


def _made(data: _Json) -> Made:
    try:
        made = Made(
            payload=str(data["qrCode"]),
            bin=str(data["bin"]),
            account=str(data["accountNumber"]),
            account_name=plain_text(data["accountName"]),
        )
    except KeyError as error:
        raise BankUnavailable("create: an answer without its code") from error
    if len(made.payload) > 500 or len(made.bin) != 6:
        raise BankUnavailable("create: an answer that is no code")
    return made


def _money(row: _Json, account: str, code: int) -> Money:
    return Money(
        provider=NAME,
        id=transaction_id(row["reference"]),
        account=account if _is_ours(row, account) else str(row.get("accountNumber")),
        amount=dong(row["amount"]),
        incoming=True,
        content=plain_text(row.get("description")),
        reference=plain_text(row["reference"])[:64],
        at=moment(row["transactionDateTime"]),
        order=code,
    )


def _is_ours(row: _Json, account: str) -> bool:
    return str(row.get("accountNumber") or account) == account
