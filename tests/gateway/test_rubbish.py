"""Whatever a kiosk sends, the gateway refuses or answers; it never fails."""

from __future__ import annotations

import copy
import json
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

AT = "2026-11-23T05:00:00Z"
PERSON = {
    "number": "099088000145",
    "name": "Nguyễn Minh Khang",
    "birth": "1988-07-04",
    "sex": "M",
    "level": "chip-genuine",
    "evidence": {"sod": "AAAA", "groups": {"1": "AAAA"}, "aa_nonce_id": "n", "aa_nonce": "00", "aa_response": "AA=="},
}
FALLBACK = {"lease_id": "x", "number": "B01"}
BODIES: dict[str, dict[str, Any]] = {
    "/v1/check-ins": {
        "patient": PERSON,
        "companion": {"person": PERSON, "relation": "mother"},
        "clinic_id": "mat",
        "eligibility_id": "e",
        "use_insurance": True,
        "insurance_unreachable": True,
        "insurance_failure": "BH-101",
        "insurance_failure_at": AT,
        "priority": "merit",
        "priority_proven": True,
        "arrived_at": AT,
        "fallback": FALLBACK,
    },
    "/v1/check-ins/fallback": {"registration_key": "k" * 36, "fallback": FALLBACK, "printed_at": AT},
    "/v1/check-ins/abandon": {"registration_key": "k" * 36, "reason": "left", "at": AT},
    f"/v1/check-ins/{'k' * 36}/slip": {"printed": False, "failure_code": "PR-02", "at": AT},
    "/v1/insurance/eligibility": {"number": "099088000145", "name": "Khang", "birth": "1988-07-04"},
    "/v1/payment-intents": {"bill_id": "b"},
    "/v1/payment-intents/b/claim": {},
    "/v1/staff-calls": {"step": "pay"},
    "/v1/staff-calls/c/cancel": {},
    "/v1/nonces": {},
    "/v1/leases": {},
    "/v1/heartbeats": {"at": AT, "version": "1", "devices": [{"name": "printer", "state": "online"}]},
    "/v1/enrolments": {"code": "AAAA", "name": "x", "public_key": "00" * 32},
    "/v1/token": {"assertion": "a.b.c"},
}

TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "\0", "\ud800", "'; DROP TABLE kiosks;--", "9" * 400, "1e999", "{}", "٣", "2026-13-45", "NaN"]
    ),
)
VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


def places(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a body that could hold something else."""
    inside = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    return [path, *(place for key, value in inside for place in places(value, (*path, key)))]


def put(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(body)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


@pytest.mark.parametrize("path", BODIES)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_a_body_with_something_else_in_it(gateway: Any, kiosk: Any, path: str, data: Any) -> None:
    body = BODIES[path]
    for place in data.draw(st.lists(st.sampled_from(places(body)), min_size=1, max_size=2)):
        try:
            body = put(body, place, data.draw(VALUE))
        except (KeyError, TypeError, IndexError):
            continue
    headers = {"Authorization": f"Bearer {kiosk.token}", "Idempotency-Key": str(uuid.uuid4())}
    content = json.dumps(body).encode()
    answer = gateway.client.post(path, content=content, headers={**headers, "Content-Type": "application/json"})
    assert answer.status_code < 500, (answer.text, body)


@pytest.mark.parametrize(
    ("path", "place", "text"),
    [
        ("/v1/heartbeats", "version", "\ud800"),
        ("/v1/token", "assertion", "\ud800"),
        ("/v1/token", "assertion", "\ud800.b.c"),
        ("/v1/enrolments", "code", "\ud800\ud800\ud800\ud800"),
        ("/v1/payment-intents", "bill_id", "\ud800"),
    ],
)
def test_half_a_character_is_refused(gateway: Any, kiosk: Any, path: str, place: str, text: str) -> None:
    body = put(BODIES[path], (place,), text)
    headers = {"Authorization": f"Bearer {kiosk.token}", "Idempotency-Key": str(uuid.uuid4())}
    content = json.dumps(body).encode()
    answer = gateway.client.post(path, content=content, headers={**headers, "Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=TEXT, tail=TEXT)
def test_odd_keys_and_paths(gateway: Any, kiosk: Any, key: str, tail: str) -> None:
    safe = key.encode("utf-8", "surrogatepass")
    headers = [(b"Authorization", f"Bearer {kiosk.token}".encode()), (b"Idempotency-Key", safe.replace(b"\n", b""))]
    try:
        answer = gateway.client.post("/v1/leases", json={}, headers=headers)
    except (ValueError, TypeError):
        return
    assert answer.status_code < 500
    from urllib.parse import quote

    odd = quote(tail.encode("utf-8", "surrogatepass"), safe="")
    for path in (f"/v1/operations/check-in/{odd}", f"/v1/payment-intents/{odd}", f"/v1/operations/{odd}/k"):
        assert kiosk.get(path).status_code < 500
    assert kiosk.get("/v1/clinics", eligibility=tail.encode("utf-8", "replace").decode()).status_code < 500


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.fixed_dictionaries({}, optional={
    "id": VALUE, "transferAmount": VALUE, "transactionDate": VALUE, "accountNumber": VALUE, "content": VALUE,
    "transferType": VALUE, "referenceCode": VALUE,
}))  # fmt: skip
def test_odd_notices_of_the_bank(gateway: Any, fields: dict[str, Any]) -> None:
    usual = {"id": 1, "transferAmount": 1, "transactionDate": "2026-11-23 12:00:00", "transferType": "in"}
    usual |= {"accountNumber": gateway.house.settings.bank.account, "content": "x"}
    assert gateway.send_notice(json.dumps(usual | fields).encode()).status_code < 500
