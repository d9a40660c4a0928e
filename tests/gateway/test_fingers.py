"""Fingers at the gateway: enrolled with a consent of their own, checked one to one, coming back, and erased by code."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from gateway.app import build
from gateway.fingers.matching import OneAtATime
from gateway.privacy.kinds import CONSENT
from gateway.privacy.notice import standing, withdraw
from gateway.privacy.subjects import subject_hash
from gateway.settings import Settings, SettingsError
from gateway.store.tables import consents, finger_templates, subject_links
from services.contract.models import EvidenceLevel
from services.fingers.matcher import Template, WorkerMatcher
from services.fingers.rules import Position
from simulators.fingerprint.ridges import grown, impressions, picture

pytestmark = [
    pytest.mark.wire,
    pytest.mark.skipif(find_spec("nbis") is None, reason="the optional matcher is not installed"),
]
KHANG = {
    "number": "099088000145",
    "name": "Nguyễn Minh Khang",
    "birth": "1988-07-04",
    "sex": "M",
    "level": "chip-genuine",
}
HOA = {"number": "099185000829", "name": "Nguyễn Thị Hòa", "birth": "1985-01-01", "sex": "F", "level": "chip-genuine"}


def touch(finger: int, index: int) -> dict[str, Any]:
    pixels = picture(grown(finger), impressions(finger, 8)[index]).tobytes()
    return {"width": 256, "height": 288, "dpi": 500, "pixels": base64.b64encode(zlib.compress(pixels)).decode()}


EMPTY = {"width": 256, "height": 288, "dpi": 500, "pixels": base64.b64encode(zlib.compress(b"\xf0" * 73_728)).decode()}


@pytest.fixture(scope="module")
def worker() -> Iterator[OneAtATime]:
    import sys

    # The command is the gateway's own; the suite runs beside other work, so the second is longer.
    one = OneAtATime(WorkerMatcher([sys.executable, "-m", "gateway", "worker", "fingers"], seconds=10))
    yield one
    one.close()


@pytest.fixture
def fingers(gateway: Any, worker: OneAtATime) -> Any:
    """A gateway that enrols fingers and lets people come back by them."""
    plain = gateway.house.settings.model_dump(by_alias=True)
    settings = Settings.model_validate(plain | {"fingers": {"enrol": True, "returning": True}})
    gateway.house = replace(gateway.house, settings=settings, fingers=worker)
    gateway.client.serve(build(gateway.house, with_background=False))
    return gateway


def enrol(kiosk: Any, finger: int, patient: dict[str, Any] = KHANG, **changes: Any) -> Any:
    """A check-in, then the enrolment that its slip speaks of."""
    key = changes.pop("key", f"finger-check-in-{patient['name'][-4:].encode().hex()}")
    assert kiosk.check_in(key, patient=patient).status_code == 200
    notice = kiosk.get("/v1/notice").json()
    consent = {
        "registration_key": key,
        "session_id": "a-session",
        "notice_version": notice["version"],
        "notice_digest": notice["digest"],
        "language": "vi",
        "answers": [{"purpose": "finger", "given": True}],
        "at": kiosk._house.now().isoformat(),
    } | changes.pop("consent", {})
    body = {
        "consent": consent,
        "position": 2,
        "pictures": [touch(finger, index) for index in range(3)],
        "phone_last4": "0829",
    } | changes
    return kiosk.post("/v1/fingers/enrolments", body)


def check(kiosk: Any, picture: dict[str, Any], patient: dict[str, Any] = KHANG, key: str | None = None) -> Any:
    return kiosk.post("/v1/fingers/checks", {"person": patient, "position": 2, "picture": picture}, key)


def come_back(kiosk: Any, picture: dict[str, Any], birth: str = "1988-07-04", phone: str = "0829") -> Any:
    return kiosk.post("/v1/fingers/returns", {"birth": birth, "phone_last4": phone, "picture": picture})


def kept(gateway: Any) -> list[Any]:
    with gateway.house.store.read() as transaction:
        return transaction.all(select(finger_templates))


def test_a_gateway_without_its_matcher_has_nobody_asked(fingers: Any, kiosk: Any) -> None:
    assert kiosk.get("/v1/site").json()["fingers"] == {"enrol": True, "returning": True}
    fingers.client.serve(build(replace(fingers.house, fingers=None), with_background=False))
    assert kiosk.get("/v1/site").json()["fingers"] == {"enrol": False, "returning": False}
    assert come_back(kiosk, EMPTY).status_code == 403


def test_fingers_are_off_unless_a_site_decides(kiosk: Any) -> None:
    assert kiosk.get("/v1/site").json()["fingers"] == {"enrol": False, "returning": False}
    assert come_back(kiosk, EMPTY).status_code == 403
    assert check(kiosk, EMPTY).status_code == 403
    asked = kiosk.client.post(
        "/v1/fingers/standing", json={"person": KHANG}, headers={"Authorization": f"Bearer {kiosk.token}"}
    )
    assert asked.json() == {"positions": []}
    assert "finger" not in [one["id"] for one in kiosk.get("/v1/notice").json()["consents"]]


def test_nobody_may_return_where_nobody_enrols(gateway: Any) -> None:
    plain = gateway.house.settings.model_dump(by_alias=True)
    with pytest.raises((SettingsError, ValueError)):
        Settings.model_validate(plain | {"fingers": {"enrol": False, "returning": True}})


def test_an_enrolled_finger_is_known_and_another_is_not(fingers: Any, kiosk: Any) -> None:
    answer = enrol(kiosk, 1)
    assert answer.status_code == 200 and answer.json()["answer"] == "match"
    assert check(kiosk, touch(1, 4)).json() == {"answer": "match", "tries_left": 3, "finger": None}
    assert check(kiosk, touch(2, 0)).json() == {"answer": "no-match", "tries_left": 2, "finger": None}
    assert check(kiosk, EMPTY).json()["answer"] == "poor"
    standing_now = kiosk.post("/v1/fingers/standing", {"person": KHANG}).json()
    assert standing_now == {"positions": [2]}


def test_nothing_in_the_store_says_whose_finger_it_is(fingers: Any, kiosk: Any) -> None:
    enrol(kiosk, 1)
    (row,) = kept(fingers)
    plain = b"".join(value if isinstance(value, bytes) else str(value).encode() for value in row.values())
    for secret in (b"FMR\0", b"099088000145", b"Khang", b"0829", b"1988"):
        assert secret not in plain


def test_not_a_byte_of_a_finger_or_its_owner_is_written_by_any_use(fingers: Any, kiosk: Any, tmp_path: Path) -> None:
    """The canary of fingers: every file of the gateway, after enrolment, checks, refusals and a return."""
    enrol(kiosk, 1)
    assert check(kiosk, touch(1, 4)).json()["answer"] == "match"
    assert check(kiosk, touch(2, 0)).json()["answer"] == "no-match"
    assert check(kiosk, EMPTY).json()["answer"] == "poor"
    assert come_back(kiosk, touch(1, 5)).json()["answer"] == "match"
    row = touch(1, 4)
    pixels = zlib.decompress(base64.b64decode(row["pixels"]))
    wanted = {
        "number": KHANG["number"].encode(),
        "name": KHANG["name"].encode(),
        "name, escaped": KHANG["name"].encode("ascii", "backslashreplace"),
        "record": b"FMR\0",
        "sent picture": row["pixels"][200:260].encode(),
        "ridges": pixels[256 * 140 : 256 * 140 + 200],
    }
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert any(path.name == "gateway.db" for path in files)
    found = [
        f"{kind} in {path.name}"
        for path, content in files.items()
        for kind, trace in wanted.items()
        if trace in content
    ]
    assert found == []


def test_three_tries_and_then_another_way(fingers: Any, kiosk: Any) -> None:
    enrol(kiosk, 1)
    stranger = touch(2, 0)
    for left in (2, 1, 0):
        assert check(kiosk, stranger).json()["tries_left"] == left
    assert check(kiosk, touch(1, 4)).status_code == 429
    fingers.clock.turn(minutes=11)
    kiosk.token = kiosk.fetch_token()
    assert check(kiosk, touch(1, 4)).json()["answer"] == "match"


def test_a_check_that_is_sent_twice_is_one_try(fingers: Any, kiosk: Any) -> None:
    enrol(kiosk, 1)
    stranger = touch(2, 0)
    first = check(kiosk, stranger, key="the-same-try")
    again = check(kiosk, stranger, key="the-same-try")
    assert first.json() == again.json() and first.json()["tries_left"] == 2
    assert check(kiosk, touch(3, 0), key="the-same-try").status_code == 422


def test_only_a_person_whom_the_chip_proved_is_checked_or_enrolled(fingers: Any, kiosk: Any) -> None:
    typed = KHANG | {"level": "typed"}
    assert check(kiosk, touch(1, 0), typed).status_code == 403
    assert enrol(kiosk, 1, typed, key="typed-check-in").status_code == 403
    assert kept(fingers) == []


def test_an_enrolment_needs_its_own_consent_and_its_own_check_in(fingers: Any, kiosk: Any) -> None:
    other = {"answers": [{"purpose": "document-copies", "given": True}]}
    refused = {"answers": [{"purpose": "finger", "given": False}]}
    assert enrol(kiosk, 1, consent=other).status_code == 422
    assert enrol(kiosk, 1, consent=refused).status_code == 422
    assert enrol(kiosk, 1, consent={"registration_key": "somebody-elses"}).status_code == 403
    assert enrol(kiosk, 1, consent={"notice_digest": "0" * 64}).status_code == 422
    assert kept(fingers) == []


def test_three_different_fingers_are_not_kept_as_one(fingers: Any, kiosk: Any) -> None:
    mixed = [touch(1, 0), touch(1, 1), touch(2, 0)]
    assert enrol(kiosk, 1, pictures=mixed).json()["answer"] == "no-match"
    assert enrol(kiosk, 1, pictures=[touch(1, 0), EMPTY, touch(1, 1)]).json()["answer"] == "poor"
    assert kept(fingers) == []
    with fingers.house.store.read() as transaction:
        assert transaction.one(select(func.count().label("all")).select_from(consents))["all"] == 0


def test_enrolling_again_replaces_the_finger(fingers: Any, kiosk: Any) -> None:
    enrol(kiosk, 1)
    enrol(kiosk, 5)
    assert len(kept(fingers)) == 1
    assert check(kiosk, touch(5, 4)).json()["answer"] == "match"


def test_a_returning_person_is_known_without_being_named(fingers: Any, kiosk: Any) -> None:
    enrol(kiosk, 1)
    enrol(kiosk, 2, HOA)
    answer = come_back(kiosk, touch(1, 5))
    assert answer.json()["answer"] == "match"
    finger = answer.json()["finger"]
    assert "Khang" not in answer.text and "099088" not in answer.text
    known = {"level": "finger", "finger": finger, "number": None, "name": None, "birth": None, "sex": None}
    ticket = kiosk.check_in("came-back-by-finger", patient=known, clinic_id="mat")
    assert ticket.status_code == 200 and "Khang" not in ticket.text
    from gateway.store.tables import check_ins

    with fingers.house.store.read() as transaction:
        row = transaction.one(select(check_ins).where(check_ins.c.claimed_level == "finger"))
    assert row["verified_level"] == EvidenceLevel.FINGER.value, "the desk confirms"
    assert b"Khang" in fingers.house.vault.open(row["sealed_registration"]), "and sees whom"


def test_what_was_typed_and_the_finger_must_both_fit(fingers: Any, kiosk: Any) -> None:
    enrol(kiosk, 1)
    assert come_back(kiosk, touch(2, 0)).json()["answer"] == "no-match"
    assert come_back(kiosk, touch(1, 5), phone="1111").json()["answer"] == "no-match"
    assert come_back(kiosk, touch(1, 5), birth="1988-07-05").json()["answer"] == "no-match"


def test_a_match_is_good_for_ten_minutes_and_for_its_own_kiosk(fingers: Any, kiosk: Any) -> None:
    enrol(kiosk, 1)
    finger = come_back(kiosk, touch(1, 5)).json()["finger"]
    known = {"level": "finger", "finger": finger, "number": None, "name": None, "birth": None, "sex": None}
    assert fingers.kiosk("C").check_in("another-kiosks", patient=known).status_code == 422
    fingers.clock.turn(minutes=11)
    kiosk.token = kiosk.fetch_token()
    assert kiosk.check_in("much-too-late", patient=known).status_code == 422


def test_at_most_ten_people_are_compared(fingers: Any, kiosk: Any) -> None:
    from gateway.fingers import templates

    fake = Template(Position.RIGHT_INDEX, b"a record", 40)
    with fingers.house.store.write() as transaction:
        for number in range(14):
            owner = templates.Owner(f"person-{number}", _anybody(), kiosk.id, f"key-{number}", "typed alike")
            templates.keep(fingers.house, transaction, owner, [fake])
        found = templates.candidates(fingers.house, transaction, "typed alike")
    assert len({one.person for one in found}) == 10


def _anybody() -> Any:
    from services.contract.models import Person

    return Person(level=EvidenceLevel.CHIP_GENUINE)


def test_withdrawing_the_consent_erases_the_template_at_once(fingers: Any, kiosk: Any) -> None:
    enrol(kiosk, 1)
    house = fingers.house
    with house.store.write() as transaction:
        links = subject_links.c.subject == subject_hash(house, str(KHANG["number"])), subject_links.c.kind == CONSENT
        keys = tuple(row["record"] for row in transaction.all(select(subject_links.c.record).where(*links)))
        assert standing(transaction, keys) == ["finger"]
        assert withdraw(house, transaction, "officer", keys, "finger") == 1
    assert kept(fingers) == []
    assert check(kiosk, touch(1, 4)).json()["answer"] == "unknown"


def test_a_matcher_that_dies_costs_one_try(fingers: Any, kiosk: Any) -> None:
    enrol(kiosk, 1)
    import sys

    dying = OneAtATime(WorkerMatcher([sys.executable, "-c", "raise SystemExit(1)"]))
    fingers.client.serve(build(replace(fingers.house, fingers=dying), with_background=False))
    assert check(kiosk, touch(1, 4)).json() == {"answer": "failed", "tries_left": 2, "finger": None}
    dying.close()


@pytest.mark.parametrize("pixels", ["no base64!", base64.b64encode(b"no deflate").decode(), EMPTY["pixels"][:40]])
def test_a_picture_that_is_none_is_refused(fingers: Any, kiosk: Any, pixels: str) -> None:
    enrol(kiosk, 1)
    assert check(kiosk, EMPTY | {"pixels": pixels}).status_code == 422
    small_for_its_bytes = EMPTY | {"width": 64, "height": 64}
    assert check(kiosk, small_for_its_bytes).status_code == 422
