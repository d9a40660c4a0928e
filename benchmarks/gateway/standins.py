"""Insurer and bank of the benchmark, served by the load program itself: they answer everybody, and keep the time."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

from benchmarks.gateway.wire import StandIn, request

INSURER_SECONDS = 0.2
WEBHOOK_SECRET = "of-the-benchmark"  # noqa: S105 - an invented one
_PLACE = timezone(timedelta(hours=7))
_CARD = {
    "maKetQua": "000", "ghiChu": "Thông tin thẻ chính xác", "maThe": "DN4999912345678", "maDKBD": "99001",
    "tenDKBD": "Bệnh viện Đa khoa Hòa Giang", "gtTheTu": "01/01/2026", "gtTheDen": "31/12/2027",
    "dsLichSuKCB2018": None, "dsLichSuKT2018": None,
}  # fmt: skip


async def serve_insurer() -> str:
    """Answers a valid card to every question, 0.2 s after it came. Its address."""
    ends = datetime.now(UTC) + timedelta(hours=6)
    key = {"access_token": "a", "id_token": "b", "token_type": "Bearer", "username": "u"}
    token = json.dumps(
        {"maKetQua": "200", "APIKey": key | {"expires_in": f"{ends:%Y-%m-%dT%H:%M:%S}.0000000Z"}}
    ).encode()
    card = json.dumps(_CARD, ensure_ascii=False).encode()

    def answer(head: bytes, _body: bytes) -> bytes:
        return token if b"/token/" in head else card

    def delay(_head: bytes) -> float:
        return INSURER_SECONDS

    return await _serve(lambda: StandIn(answer, delay))


class Bank:
    """Lists what was paid to it, and tells the gateway of it by a signed notice."""

    def __init__(self) -> None:
        self._rows: deque[tuple[str, bytes]] = deque(maxlen=5000)
        self._last = 0

    async def serve(self) -> str:
        """Its address."""
        return await _serve(lambda: StandIn(self._list, lambda _head: 0.05))

    def pay(self, account: str, amount: int, content: str) -> bytes:
        """Somebody pays: the request that tells the gateway."""
        self._last += 1
        now = datetime.now(UTC)
        moment = now.astimezone(_PLACE).strftime("%Y-%m-%d %H:%M:%S")
        row = {
            "id": self._last, "account_number": account, "amount_in": f"{amount}.00", "amount_out": "0.00",
            "transaction_date": moment, "transaction_content": content, "reference_number": f"FT{self._last}",
        }  # fmt: skip
        self._rows.append((moment, json.dumps(row).encode()))
        notice = {
            "id": self._last, "gateway": "X", "transactionDate": moment, "accountNumber": account, "code": None,
            "content": content, "transferType": "in", "transferAmount": amount, "referenceCode": f"FT{self._last}",
        }  # fmt: skip
        body = json.dumps(notice).encode()
        stamp = str(int(now.timestamp())).encode()
        signature = hmac.new(WEBHOOK_SECRET.encode(), stamp + b"." + body, hashlib.sha256).hexdigest().encode()
        headers = b"X-SePay-Timestamp: %s\r\nX-SePay-Signature: sha256=%s\r\n" % (stamp, signature)
        return request("POST", "/v1/webhooks/bank", headers + b"Content-Type: application/json\r\n", body)

    def _list(self, head: bytes, _body: bytes) -> bytes:
        query = parse_qs(urlsplit(head.split(b" ", 2)[1].decode()).query)
        since = query.get("transaction_date_min", [""])[0]
        return b'{"transactions":[%s]}' % b",".join(row for moment, row in self._rows if moment >= since)


async def _serve(make: Callable[[], StandIn]) -> str:
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
