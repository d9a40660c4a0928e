"""Who may talk to the gateway."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from gateway.fleet.enrolment import EnrolmentError, make_code

OPEN = {("post", "/v1/enrolments"), ("post", "/v1/token"), ("post", "/v1/webhooks/bank")}


def every_route(client: Any) -> list[tuple[str, str]]:
    paths: dict[str, dict[str, Any]] = client.get("/openapi.json").json()["paths"]
    return [(method, path) for path, methods in paths.items() for method in methods if path.startswith("/v1")]


def test_every_route_but_enrolment_and_token_refuses_a_stranger(gateway: Any) -> None:
    routes = every_route(gateway.client)
    assert len(routes) > 15
    for method, path in routes:
        if (method, path) in OPEN:
            continue
        filled = path.replace("{id}", "a" * 32).replace("{operation}", "check-in").replace("{key}", "k" * 12)
        answer = gateway.client.request(method, filled, json={}, headers={"Idempotency-Key": str(uuid.uuid4())})
        assert answer.status_code == 401, (method, path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


def test_an_enrolled_kiosk_gets_the_facts_of_the_place(gateway: Any, kiosk: Any) -> None:
    site = kiosk.get("/v1/site").json()
    assert site["place"] == "Bệnh viện Đa khoa Hòa Giang"
    assert site["kiosk_letter"] == "B"
    assert site["demo"] is True


def test_an_enrolment_code_serves_one_key_only(gateway: Any, kiosk: Any) -> None:
    code = make_code(gateway.house, "Trạm C", "Kiosk C", "C")
    first = {
        "code": code.lower().replace("-", " "),
        "name": "x",
        "public_key": kiosk.key.public_key().public_bytes_raw().hex(),
    }
    enrolled = gateway.client.post("/v1/enrolments", json=first)
    assert enrolled.status_code == 200
    assert gateway.client.post("/v1/enrolments", json=first).json() == enrolled.json(), "a lost answer"
    other = first | {"public_key": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"}
    assert gateway.client.post("/v1/enrolments", json=other).status_code == 403


def test_an_enrolment_code_ends_after_a_day(gateway: Any, kiosk: Any) -> None:
    code = make_code(gateway.house, "Trạm C", "Kiosk C", "C")
    gateway.clock.turn(hours=25)
    public_key = kiosk.key.public_key().public_bytes_raw().hex()
    answer = gateway.client.post("/v1/enrolments", json={"code": code, "name": "x", "public_key": public_key})
    assert answer.status_code == 403


@pytest.mark.parametrize("letter", ["U", "T", "b", "BBB", "TA", "1", "Đ"])
def test_a_kiosks_letter_never_looks_like_an_ordinary_number(gateway: Any, letter: str) -> None:
    with pytest.raises(EnrolmentError):
        make_code(gateway.house, "Trạm", "Kiosk", letter)


def test_two_kiosks_never_share_a_letter(gateway: Any, kiosk: Any) -> None:
    with pytest.raises(EnrolmentError):
        make_code(gateway.house, "Trạm", "Kiosk", "B")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another gateway"},
        {"sub": "another kiosk"},
        {"exp": 4102444800},
        {"iat": 0, "exp": 30},
        {"jti": "short"},
        {"iat": "x"},
    ],
)
def test_an_assertion_that_does_not_hold_gets_no_token(gateway: Any, kiosk: Any, claims: dict[str, object]) -> None:
    answer = gateway.client.post("/v1/token", json={"assertion": kiosk.assertion(**claims)})
    assert answer.status_code == 401, answer.text


def test_an_assertion_serves_once(gateway: Any, kiosk: Any) -> None:
    assertion = kiosk.assertion()
    assert gateway.client.post("/v1/token", json={"assertion": assertion}).status_code == 200
    assert gateway.client.post("/v1/token", json={"assertion": assertion}).status_code == 401


def test_a_token_signed_by_another_key_is_refused(gateway: Any, kiosk: Any) -> None:
    other = gateway.kiosk("C")
    forged = other.assertion(iss=kiosk.id, sub=kiosk.id)
    assert gateway.client.post("/v1/token", json={"assertion": forged}).status_code == 401


def test_a_token_ends(gateway: Any, kiosk: Any) -> None:
    gateway.clock.turn(minutes=11)
    assert kiosk.get("/v1/site").status_code == 401


def test_rubbish_never_breaks_the_gateway(gateway: Any, kiosk: Any) -> None:
    for body in (b"", b"\xff\xfe", b"[1,2", b"null", b'{"assertion": 5}', b"{" * 5000):
        assert gateway.client.post("/v1/token", content=body).status_code in {401, 422}
    headers = {"Authorization": f"Bearer {kiosk.token}", "Idempotency-Key": "0" * 36}
    for body in (b"", b"\xff", b"7", b'{"arrived_at": 1e400}'):
        assert gateway.client.post("/v1/check-ins", content=body, headers=headers).status_code == 422


def test_a_refusal_never_repeats_what_was_sent(gateway: Any, kiosk: Any) -> None:
    answer = kiosk.check_in(patient={"number": "not-a-number-but-private"})
    assert answer.status_code == 422
    assert "private" not in answer.text


def test_a_body_that_is_too_large_is_refused(gateway: Any, kiosk: Any) -> None:
    headers = {"Authorization": f"Bearer {kiosk.token}", "Idempotency-Key": "0" * 36}
    assert gateway.client.post("/v1/check-ins", content=b" " * 300_000, headers=headers).status_code == 413


def test_every_answer_carries_security_headers(gateway: Any, kiosk: Any) -> None:
    for answer in (kiosk.get("/v1/site"), gateway.client.get("/nothing"), gateway.client.post("/v1/token", json={})):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
