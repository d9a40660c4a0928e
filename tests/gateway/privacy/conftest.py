"""A visit with everything that may be about a person: companion, insurance, bill, money, slip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

KHANG = "099088000145"
MOTHER = "099190000146"


@dataclass(frozen=True)
class Visit:
    """What the kiosk was told about a visit."""

    key: str
    ticket: dict[str, Any]
    eligibility: dict[str, Any]


@pytest.fixture
def visit(gateway: Any, kiosk: Any) -> Visit:
    """Khang (9) came with his mother, was looked up, and paid by code."""
    asked = {"number": KHANG, "name": "Nguyễn Minh Khang", "birth": "2017-07-04"}
    eligibility = kiosk.post("/v1/insurance/eligibility", asked).json()
    mother = {"number": MOTHER, "name": "Trần Thị Thu Hằng", "birth": "1990-01-02", "level": "chip-genuine"}
    key = "5f0c2b1e-0000-4000-8000-0000000000aa"
    ticket = kiosk.check_in(
        key,
        patient={"number": KHANG, "birth": "2017-07-04", "address": "Số 1 phố Thử"},
        companion={"person": mother, "relation": "mother"},
        eligibility_id=eligibility["id"],
    ).json()
    intent = kiosk.post("/v1/payment-intents", {"bill_id": ticket["bill_id"]}).json()
    gateway.notice(f"TRAN THI THU HANG {intent['purpose']}", intent["amount"])
    slip = {"printed": True, "at": gateway.house.now().isoformat()}
    assert kiosk.post(f"/v1/check-ins/{ticket['check_in_id']}/slip", slip).status_code == 200
    return Visit(key, ticket, eligibility)
