"""What a kiosk claims about a card counts as far as the bytes show it: cards by the chip simulator, no wire."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.api.edge import Edge
from gateway.app import build
from gateway.fleet.evidence import EvidenceChecker
from services.contract.models import EvidenceLevel, Person
from simulators import citizens
from simulators.chip.content import SOD, group_id
from simulators.chip.document import of_citizen
from simulators.chip.issuer import Algorithms, Issuer, Signer
from simulators.chip.personalise import Forgery, Order, personalise
from simulators.chip.profile import load as load_profile

SMALL = Order(photo_bytes=2000)
NONCE = bytes.fromhex("0102030405060708")


@pytest.fixture(scope="module")
def country() -> Issuer:
    return Issuer(algorithms=Algorithms(csca="brainpoolP384r1"))


@pytest.fixture(scope="module")
def trust(country: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trust")
    country.write_trust(folder)
    return folder


@pytest.fixture
def checker(trust: Path) -> EvidenceChecker:
    return EvidenceChecker(trust)


def claim(
    country: Issuer,
    id: str = "khang",
    *,
    forgery: Forgery | None = None,
    nonce: bytes | None = NONCE,
    nonce_id: str | None = "n",
    **changes: Any,
) -> Person:
    """What an honest kiosk would send of that card, with changes a dishonest one would make."""
    citizen = citizens.load(id)
    content = personalise(of_citizen(citizen), load_profile("vietnam-2021"), country, forgery, SMALL)
    files = content.application
    groups = {str(n): base64.b64encode(files[group_id(n)]).decode() for n in (1, 13, 14, 15) if group_id(n) in files}
    response = None if nonce is None or content.active is None else content.active.answer(nonce)
    evidence = {
        "sod": base64.b64encode(files[SOD]).decode(),
        "groups": groups,
        "aa_nonce_id": nonce_id,
        "aa_nonce": None if nonce is None else nonce.hex(),
        "aa_response": None if response is None else base64.b64encode(response).decode(),
    }
    usual: dict[str, Any] = {
        "number": citizen.number,
        "name": citizen.name,
        "birth": citizen.birth,
        "sex": citizen.sex,
        "level": "chip-genuine",
        "evidence": evidence,
    }
    return Person.model_validate(usual | changes)


def level(checker: EvidenceChecker, gateway: Any, person: Person, nonce: bytes | None = NONCE) -> EvidenceLevel:
    return checker.check(person, nonce, gateway.house.now()).level


@pytest.mark.parametrize("id", ["khang", "hoa", "tam", "sau", "na", "dai"])
def test_an_honest_claim_holds_for_every_citizen(
    checker: EvidenceChecker, country: Issuer, gateway: Any, id: str
) -> None:
    verdict = checker.check(claim(country, id), NONCE, gateway.house.now())
    assert verdict.level is EvidenceLevel.CHIP_GENUINE, verdict.reason


@pytest.mark.parametrize(
    "forgery",
    [
        Forgery(altered=("DG1",)),
        Forgery(altered=("DG13",)),
        Forgery(altered=("SOD",)),
        Forgery(cloned=True),
        Forgery(break_signature=True),
        Forgery(signer=Signer.REVOKED),
        Forgery(signer=Signer.IMPOSTOR),
    ],
    ids=repr,
)
def test_a_forged_card_is_found_out_whatever_the_kiosk_says(
    checker: EvidenceChecker, country: Issuer, gateway: Any, forgery: Forgery
) -> None:
    assert level(checker, gateway, claim(country, forgery=forgery)) is EvidenceLevel.CHIP_FAILED


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "099194000514"},
        {"name": "Nguyễn Văn Khác"},
        {"birth": "1988-07-05"},
        {"birth": "1988"},
        {"sex": "F"},
        {"evidence": None},
        {"evidence": {"sod": "", "groups": {}}},
        {"evidence": {"sod": "!!", "groups": {"1": "x"}}},
        {"evidence": {"sod": "AAAA", "groups": {"one": "AAAA"}}},
    ],
    ids=repr,
)
def test_a_claim_that_is_not_what_was_signed_fails(
    checker: EvidenceChecker, country: Issuer, gateway: Any, changes: dict[str, Any]
) -> None:
    assert level(checker, gateway, claim(country, **changes)) is EvidenceLevel.CHIP_FAILED


def test_without_a_trust_root_a_valid_card_is_read_only(country: Issuer, gateway: Any) -> None:
    assert level(EvidenceChecker(None), gateway, claim(country)) is EvidenceLevel.CHIP_READ


def test_an_answer_over_another_nonce_is_no_proof(checker: EvidenceChecker, country: Issuer, gateway: Any) -> None:
    assert level(checker, gateway, claim(country), bytes(8)) is EvidenceLevel.CHIP_FAILED


def test_a_trust_root_that_is_laid_in_later_is_used(
    country: Issuer, gateway: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.fleet.evidence._LOOK_AGAIN_SECONDS", 0.0)
    checker = EvidenceChecker(tmp_path / "later")
    assert level(checker, gateway, claim(country)) is EvidenceLevel.CHIP_READ
    (tmp_path / "later").mkdir()
    country.write_trust(tmp_path / "later")
    assert level(checker, gateway, claim(country)) is EvidenceLevel.CHIP_GENUINE


# --- through the API, with the gateway's own nonces


@pytest.fixture
def strict(gateway: Any, checker: EvidenceChecker) -> Any:
    """The gateway with its real checker."""
    app: Edge = build(replace(gateway.house, evidence=checker), with_background=False)  # pyright: ignore
    gateway.client.serve(app)
    return gateway


def issued(kiosk: Any) -> dict[str, str]:
    return kiosk.post("/v1/nonces").json()["nonces"][0]


def send(kiosk: Any, country: Issuer, nonce_id: str | None, nonce: bytes) -> dict[str, Any]:
    person = claim(country, nonce=nonce, nonce_id=nonce_id)
    return kiosk.check_in(patient=person.model_dump(mode="json"), clinic_id="mat").json()


def test_a_proof_over_a_fresh_nonce_of_ours_needs_no_look_by_staff(strict: Any, kiosk: Any, country: Issuer) -> None:
    nonce = issued(kiosk)
    assert send(kiosk, country, nonce["id"], bytes.fromhex(nonce["value"]))["unverified"] is False


def test_a_nonce_serves_once(strict: Any, kiosk: Any, country: Issuer) -> None:
    nonce = issued(kiosk)
    value = bytes.fromhex(nonce["value"])
    send(kiosk, country, nonce["id"], value)
    strict.clock.turn(minutes=5)
    person = claim(country, nonce=value, nonce_id=nonce["id"])
    again = kiosk.check_in(patient=person.model_dump(mode="json"), clinic_id="nhi").json()
    assert again["unverified"] is True


def test_a_nonce_ends_after_ten_minutes(strict: Any, kiosk: Any, country: Issuer) -> None:
    nonce = issued(kiosk)
    strict.clock.turn(minutes=9)
    kiosk.token = kiosk.fetch_token()
    strict.clock.turn(minutes=2)
    assert send(kiosk, country, nonce["id"], bytes.fromhex(nonce["value"]))["unverified"] is True


def test_another_kiosks_nonce_is_none(strict: Any, kiosk: Any, country: Issuer) -> None:
    nonce = issued(strict.kiosk("C"))
    assert send(kiosk, country, nonce["id"], bytes.fromhex(nonce["value"]))["unverified"] is True


def test_a_nonce_the_kiosk_drew_itself_proves_no_freshness(strict: Any, kiosk: Any, country: Issuer) -> None:
    assert send(kiosk, country, None, NONCE)["unverified"] is True


def test_an_age_counts_as_proven_only_from_the_chip(strict: Any, kiosk: Any, country: Issuer) -> None:
    from sqlalchemy import select

    from gateway.store.tables import check_ins

    nonce = issued(kiosk)
    chip = claim(country, "tam", nonce=bytes.fromhex(nonce["value"]), nonce_id=nonce["id"]).model_dump(mode="json")
    typed = {"number": chip["number"], "birth": chip["birth"], "level": "typed", "name": None, "sex": None}
    for patient in (chip, typed):
        kiosk.check_in(patient=patient, priority="elderly-75", priority_proven=True)
    with strict.house.store.read() as transaction:
        rows = transaction.all(select(check_ins.c.priority_proven).order_by(check_ins.c.verified_level))
    assert [row["priority_proven"] for row in rows] == [True, False]
