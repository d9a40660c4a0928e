"""Value types and field tables of payment codes: VietQR and VNPAY-QR (payment.md section 1.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

from services.codes.errors import CodeKind

NAPAS = "A000000727"
VNPAY = "A000000775"
TO_ACCOUNT = "QRIBFTTA"
TO_CARD = "QRIBFTTC"
STATIC = "11"
DYNAMIC = "12"
DONG = "704"
LIMIT = 500_000_000
"""A NAPAS 247 transfer must stay below this (section 8.1.1)."""
TYPED_BY_PAYER = "***"

BENEFICIARY = "38"
ADDITIONAL = "62"
OTHER_LANGUAGE = "64"
DATA_REQUEST = "09"
ADDITIONAL_FIELDS = {
    "01": "bill",
    "02": "mobile",
    "03": "store",
    "04": "loyalty",
    "05": "reference",
    "06": "customer",
    "07": "terminal",
    "08": "purpose",
}
TOP_FIELDS = {
    "52": ("mcc", 4),
    "55": ("tip", 2),
    "56": ("fee_fixed", 13),
    "57": ("fee_percent", 5),
    "59": ("merchant_name", 25),
    "60": ("merchant_city", 15),
    "61": ("postal_code", 10),
}
EXACT_LENGTHS = frozenset({"52", "55"})
"""Of those above, the ones with exactly as many characters; the others have at most as many."""
OTHER_LANGUAGE_FIELDS = {"00": ("language", 2), "01": ("local_name", 25), "02": ("local_city", 15)}
DATA_REQUESTED = re.compile("[AME]{1,3}", re.ASCII)
"""Address, mobile, e-mail: what the payer's app is asked to send along."""
ACCOUNT = re.compile(r"[0-9A-Za-z]{1,19}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class PaymentFields:
    """What VietQR and VNPAY-QR share. Texts as they stand in the code; absent fields are None."""

    initiation: str | None = None
    """ "11" static (many payments), "12" dynamic (one payment)."""
    mcc: str | None = None
    currency: str = DONG
    amount: str | None = None
    tip: str | None = None
    fee_fixed: str | None = None
    fee_percent: str | None = None
    country: str = "VN"
    merchant_name: str | None = None
    merchant_city: str | None = None
    postal_code: str | None = None
    bill: str | None = None
    mobile: str | None = None
    store: str | None = None
    loyalty: str | None = None
    reference: str | None = None
    customer: str | None = None
    terminal: str | None = None
    purpose: str | None = None
    data_request: str | None = None
    """62.09: letters of A (address), M (mobile) and E (e-mail)."""
    language: str | None = None
    """Of the two texts below (object 64)."""
    local_name: str | None = None
    local_city: str | None = None
    other_tags: dict[str, str] = field(default_factory=dict[str, str])
    """Top-level ids this reader does not know, as they stand."""
    conforming: bool = True
    """False when `recover` had to bend a rule."""

    @property
    def dong(self) -> int | None:
        """The amount in whole đồng; None when the payer types it."""
        return None if self.amount is None else int(self.amount.partition(".")[0])


@dataclass(frozen=True, kw_only=True)
class VietQr(PaymentFields):
    """A transfer to an account or a card at a bank (`bin`, 6 digits)."""

    kind: ClassVar[CodeKind] = CodeKind.VIETQR
    bin: str
    account: str
    service: str | None = None
    """QRIBFTTA account, QRIBFTTC card; others and None at merchants."""


@dataclass(frozen=True, kw_only=True)
class VnpayQr(PaymentFields):
    """A merchant of VNPAY: payable with apps that know it, not by a bank transfer."""

    kind: ClassVar[CodeKind] = CodeKind.VNPAY_QR
    guid: str = VNPAY
    merchant_id: str | None = None
