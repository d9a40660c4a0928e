"""Slips of invented people at an invented hospital."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from services.receipts.slips import MismatchSlip, NumberSlip, PaymentSlip

VIETNAM = timezone(timedelta(hours=7))


@pytest.fixture
def number_slip() -> Callable[..., NumberSlip]:
    """Slip s1 of the look, with any field changed."""

    def make(**changed: Any) -> NumberSlip:
        facts: dict[str, Any] = {
            "place": "Bệnh viện Đa khoa Hòa Giang",
            "kiosk": "Trạm số 3, sảnh A",
            "number": "U047",
            "clinic": "Nội tim mạch",
            "room": "Phòng 205, tầng 2, nhà B",
            "way": "Thang máy B, ra cửa rẽ trái",
            "taken_at": datetime(2026, 11, 23, 7, 16, tzinfo=VIETNAM),
            "waiting": 6,
            "expected_at": datetime(2026, 11, 23, 7, 40, tzinfo=VIETNAM),
            "marks": ("prio.slip", "slip.insurance_pending", "slip.unpaid"),
            "desk": "quầy số 2",
            "code": "TRM1-8F2K7Q",
            "reprint_code": "K7M4-2Q9D",
            "number_masked": "•••• •••• •829",
            "demo": True,
        }
        return NumberSlip(**{**facts, **changed})

    return make


@pytest.fixture
def payment_slip() -> Callable[..., PaymentSlip]:
    """Slip s2 of the look, with any field changed."""

    def make(**changed: Any) -> PaymentSlip:
        facts: dict[str, Any] = {
            "place": "Bệnh viện Đa khoa Hòa Giang",
            "kiosk": "Trạm số 3, sảnh A",
            "amount": 122500,
            "bill_number": "VT-0358",
            "purpose": "TRM4K82QX",
            "account_name": "BENH VIEN DA KHOA HOA GIANG",
            "account_last4": "4471",
            "paid_at": datetime(2026, 11, 23, 10, 42, 17, tzinfo=VIETNAM),
            "ticket_number": "U047",
            "invoice_code": "7F3K9Q2XB",
            "code": "TRM1-8F2K7Q",
            "demo": True,
            "number_masked": "•••• •••• •829",
            "invoice_site": "hoadon.hoagiang.example",
        }
        return PaymentSlip(**{**facts, **changed})

    return make


@pytest.fixture
def mismatch_slip() -> Callable[..., MismatchSlip]:
    """Slip s5 of the look, with any field changed."""

    def make(**changed: Any) -> MismatchSlip:
        facts: dict[str, Any] = {
            "place": "Bệnh viện Đa khoa Hòa Giang",
            "kiosk": "Trạm số 3, sảnh A",
            "field": "mismatch.name",
            "detail": "mismatch.name.accents.middle",
            "read_at": datetime(2026, 11, 23, 7, 14, tzinfo=VIETNAM),
            "asked_at": datetime(2026, 11, 23, 7, 14, tzinfo=VIETNAM),
            "desk": "quầy số 2",
            "mismatch_code": "4N8T-63WC",
            "code": "TRM1-8F2K7Q",
            "number_masked": "•••• •••• •829",
            "demo": True,
        }
        return MismatchSlip(**{**facts, **changed})

    return make
