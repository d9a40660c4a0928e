"""One payment channel: orders, the money they got, and the signatures of everything it says. By its own code."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

PLACE = timezone(timedelta(hours=7))
Json = dict[str, Any]
_SIGNED = ("amount", "cancelUrl", "description", "orderCode", "returnUrl")


@dataclass
class Order:
    """An order with its virtual account."""

    code: int
    amount: int
    text: str
    id: str
    virtual: str
    expires: int | None
    cancelled: str | None = None
    money: list[Json] = field(default_factory=list[Json])

    @property
    def paid(self) -> int:
        """What came."""
        return sum(each["amount"] for each in self.money)


class Channel:
    """All orders. `now`: seconds since the epoch."""

    def __init__(self, key: str, account: str, name: str, bin: str, now: Callable[[], float]) -> None:
        self.key = key
        self.account = account
        self.name = name
        self.bin = bin
        self.now = now
        self.lock = threading.RLock()
        self.orders: dict[int, Order] = {}
        self.repeats_code = False
        """Whether GET repeats the VietQR text, as some versions do."""
        self._count = 0

    # --- the API

    def create(self, asked: Json) -> Json:
        """POST /v2/payment-requests."""
        text = "&".join(f"{name}={asked.get(name)}" for name in _SIGNED)
        if not hmac.compare_digest(self._hash(text), str(asked.get("signature", ""))):
            return {"code": "201", "desc": "signature không hợp lệ"}
        code, amount, words = asked.get("orderCode"), asked.get("amount"), str(asked.get("description", ""))
        if not isinstance(code, int) or not isinstance(amount, int) or not 0 < code <= 9007199254740991 or amount <= 0:
            return {"code": "20", "desc": "Thông tin truyền lên không đúng"}
        if len(words) > 9:
            return {"code": "20", "desc": "Mô tả tối đa 9 kí tự"}
        with self.lock:
            if code in self.orders:
                return {"code": "231", "desc": "Đơn thanh toán đã tồn tại"}
            virtual = f"CAS{secrets.token_hex(5).upper()}"
            order = Order(code, amount, words, secrets.token_hex(16), virtual, asked.get("expiredAt"))
            self.orders[code] = order
        return self._signed({**self._told(order), "checkoutUrl": f"https://pay.invalid/{order.id}"})

    def read(self, name: str) -> Json:
        """GET /v2/payment-requests/{orderCode or id}."""
        with self.lock:
            order = self._find(name)
            return (
                {"code": "101", "desc": "Mã thanh toán không tồn tại"}
                if order is None
                else self._signed(self._link(order))
            )

    def cancel(self, name: str, reason: str) -> Json:
        """POST …/cancel: what is paid stays paid."""
        with self.lock:
            order = self._find(name)
            if order is None:
                return {"code": "101", "desc": "Mã thanh toán không tồn tại"}
            if self.status(order) not in {"PENDING", "UNDERPAID"}:
                return {"code": "233", "desc": "Không thể hủy đơn ở trạng thái này"}
            order.cancelled = reason or "-"
            return self._signed(self._link(order))

    # --- the payer

    def pay(self, virtual: str, amount: int, *, even_closed: bool = False) -> Json:
        """Money into a virtual account. ValueError where the bank refuses: unknown, or its order is closed."""
        with self.lock:
            order = next((each for each in self.orders.values() if each.virtual == virtual), None)
            if order is None:
                raise ValueError("tài khoản không tồn tại")
            if not even_closed and self.status(order) not in {"PENDING", "UNDERPAID"}:
                raise ValueError("tài khoản ảo đã đóng")
            self._count += 1
            moved: Json = {
                "reference": f"FT26{int(self.now()):010}{self._count:04}",
                "amount": amount,
                "accountNumber": self.account,
                "description": f"{order.virtual} {order.text}",
                "transactionDateTime": datetime.fromtimestamp(self.now(), PLACE).isoformat(timespec="seconds"),
                "virtualAccountName": self.name,
                "virtualAccountNumber": order.virtual,
                "counterAccountBankId": None,
                "counterAccountBankName": None,
                "counterAccountName": None,
                "counterAccountNumber": None,
            }
            order.money.append(moved)
            return {**moved, "orderCode": order.code}

    def notice(self, moved: Json) -> Json:
        """The notification of a movement."""
        order = self.orders[moved["orderCode"]]
        data = {**moved, "currency": "VND", "paymentLinkId": order.id, "code": "00", "desc": "Thành công"}
        return {"code": "00", "desc": "success", "success": True, **self._signed(data)}

    def status(self, order: Order) -> str:
        """PENDING, UNDERPAID, PAID, CANCELLED or EXPIRED."""
        if order.paid >= order.amount:
            return "PAID"
        if order.cancelled is not None:
            return "CANCELLED"
        if order.expires is not None and self.now() >= order.expires:
            return "EXPIRED"
        return "UNDERPAID" if order.paid else "PENDING"

    # --- what it says

    def sign(self, data: Json) -> str:
        """Over every field of `data`, in the order of their names."""
        return self._hash("&".join(f"{name}={_plain(data[name])}" for name in sorted(data)))

    def _hash(self, text: str) -> str:
        return hmac.new(self.key.encode(), text.encode(), hashlib.sha256).hexdigest()

    def _signed(self, data: Json) -> Json:
        return {"code": "00", "desc": "success", "data": data, "signature": self.sign(data)}

    def _find(self, name: str) -> Order | None:
        if name.isdigit() and int(name) in self.orders:
            return self.orders[int(name)]
        return next((order for order in self.orders.values() if order.id == name), None)

    def _told(self, order: Order) -> Json:
        return {
            "bin": self.bin,
            "accountNumber": order.virtual,
            "accountName": self.name,
            "amount": order.amount,
            "description": order.text,
            "orderCode": order.code,
            "currency": "VND",
            "paymentLinkId": order.id,
            "status": self.status(order),
            "expiredAt": order.expires,
            "qrCode": _vietqr(self.bin, order.virtual, order.amount, order.text),
        }

    def _link(self, order: Order) -> Json:
        link: Json = {
            "id": order.id,
            "orderCode": order.code,
            "amount": order.amount,
            "amountPaid": order.paid,
            "amountRemaining": max(0, order.amount - order.paid),
            "status": self.status(order),
            "createdAt": datetime.fromtimestamp(self.now(), PLACE).isoformat(),
            "transactions": order.money,
            "cancellationReason": order.cancelled,
            "canceledAt": None,
        }
        return {**self._told(order), **link} if self.repeats_code else link


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, list):
        rows = [dict(sorted(row.items())) if isinstance(row, dict) else row for row in value]  # pyright: ignore
        return json.dumps(rows, separators=(",", ":"), ensure_ascii=False)
    return str(value)


def _vietqr(bin: str, account: str, amount: int, text: str) -> str:
    def field(id: str, value: str) -> str:
        return f"{id}{len(value):02}{value}"

    into = field("00", "A000000727") + field("01", field("00", bin) + field("01", account)) + field("02", "QRIBFTTA")
    body = field("00", "01") + field("01", "12") + field("38", into) + field("53", "704") + field("54", str(amount))
    body += field("58", "VN") + field("62", field("08", text)) + "6304"
    register = 0xFFFF
    for byte in body.encode():
        register ^= byte << 8
        for _bit in range(8):
            register = (register << 1) ^ 0x1021 if register & 0x8000 else register << 1
        register &= 0xFFFF
    return f"{body}{register:04X}"
