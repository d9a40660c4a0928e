"""A notice is a version of words; a consent is an answer to exactly those words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from gateway.privacy.finding import find
from gateway.privacy.notice import keep_notice, load_notice, purposes, withdraw
from gateway.settings import SettingsError
from gateway.store import tables as t

KHANG = "099088000145"
KEY = "5f0c2b1e-0000-4000-8000-0000000000aa"


def with_consents(gateway: Any, *purposes: str, folder: Path | None = None) -> Any:
    settings = gateway.house.settings
    privacy = settings.privacy.model_copy(update={"consents": purposes, "notices": folder})
    return replace(gateway.house, settings=settings.model_copy(update={"privacy": privacy}))


def answers(notice: dict[str, Any], **given: bool) -> dict[str, Any]:
    return {
        "registration_key": KEY,
        "session_id": "11111111-2222-4333-8444-555555555555",
        "notice_version": notice["version"],
        "notice_digest": notice["digest"],
        "language": "vi",
        "answers": [{"purpose": name.replace("_", "-"), "given": value} for name, value in given.items()],
        "at": "2026-11-23T05:00:00Z",
    }


def kept(gateway: Any) -> list[dict[str, Any]]:
    with gateway.house.store.read() as transaction:
        return [dict(row) for row in transaction.all(select(t.consents).order_by(t.consents.c.purpose))]


def test_the_notice_names_the_place_and_its_version(gateway: Any, kiosk: Any) -> None:
    notice = kiosk.get("/v1/notice").json()
    assert notice["version"] == gateway.house.settings.place.notice_version
    assert gateway.house.settings.place.name in notice["vi"]["who"]
    assert gateway.house.settings.place.name_en in notice["en"]["who"]
    assert "90 ngày" in notice["vi"]["long"] and notice["vi"]["spoken"]
    assert notice["consents"] == [], "nothing is asked for that this site does not need"


def test_only_purposes_that_the_site_needs_are_asked_for(gateway: Any) -> None:
    notice = load_notice(with_consents(gateway, "satisfaction-survey"))
    assert [each.id for each in notice.consents] == ["satisfaction-survey"]
    with pytest.raises(SettingsError, match="no-such"):
        load_notice(with_consents(gateway, "no-such"))


def test_a_version_that_was_shown_never_says_anything_else(gateway: Any, tmp_path: Path) -> None:
    own = Path("gateway/data/notices/2026-11-01.toml").read_text(encoding="utf-8")
    version = gateway.house.settings.place.notice_version
    file = tmp_path / f"{version}.toml"
    house = with_consents(gateway, folder=tmp_path)
    file.write_text(own, encoding="utf-8")
    for _again in range(2):
        with house.store.write() as transaction:
            keep_notice(house, transaction, load_notice(house))
    file.write_text(own.replace("90 ngày", "900 ngày"), encoding="utf-8")
    with pytest.raises(SettingsError, match="new version"), house.store.write() as transaction:
        keep_notice(house, transaction, load_notice(house))


@pytest.mark.parametrize("content", ["", "[vi]\nwho = 'x'", "not toml ["])
def test_a_notice_that_is_not_whole_is_refused(gateway: Any, tmp_path: Path, content: str) -> None:
    house = with_consents(gateway, folder=tmp_path)
    (tmp_path / f"{house.settings.place.notice_version}.toml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="notice"):
        load_notice(house)


def test_each_answer_is_kept_with_version_time_purpose_kiosk_and_session(gateway: Any, kiosk: Any) -> None:
    notice = kiosk.get("/v1/notice").json()
    kiosk.check_in(KEY)
    sent = answers(notice, follow_up_call=True, satisfaction_survey=False)
    for _twice in range(2):
        assert kiosk.post("/v1/consents", sent).status_code == 202
    assert [(row["purpose"], row["given"]) for row in kept(gateway)] == [
        ("follow-up-call", True),
        ("satisfaction-survey", False),
    ]
    for row in kept(gateway):
        assert (row["kiosk_id"], row["registration_key"], row["session_id"]) == (kiosk.id, KEY, sent["session_id"])
        assert (row["notice_version"], row["notice_digest"]) == (notice["version"], notice["digest"])
        assert row["at"].isoformat() == "2026-11-23T05:00:00+00:00"


def test_words_that_nobody_was_shown_prove_nothing(gateway: Any, kiosk: Any) -> None:
    notice = kiosk.get("/v1/notice").json()
    for wrong in ({"notice_digest": "0" * 64}, {"notice_version": "2020-01-01"}):
        assert kiosk.post("/v1/consents", answers(notice, follow_up_call=True) | wrong).status_code == 422
    assert kept(gateway) == []


def test_consents_outlive_the_visit_and_are_found_by_the_persons_number(gateway: Any, kiosk: Any) -> None:
    from gateway.privacy.copy import copy_of
    from gateway.privacy.purge import purge

    notice = kiosk.get("/v1/notice").json()
    kiosk.check_in(KEY)
    kiosk.post("/v1/consents", answers(notice, follow_up_call=True))
    gateway.clock.turn(days=100)
    purge(gateway.house)
    with gateway.house.store.read() as transaction:
        assert transaction.one(select(func.count().label("n")).select_from(t.registrations))["n"] == 0
        copy = copy_of(gateway.house, transaction, find(gateway.house, transaction, KHANG))
    assert [(row["purpose"], row["given"]) for row in copy["consents"]] == [("follow-up-call", True)]


def test_a_consent_is_withdrawn_at_the_desk_and_both_stay_proven(gateway: Any, kiosk: Any) -> None:
    notice = kiosk.get("/v1/notice").json()
    kiosk.post("/v1/consents", answers(notice, follow_up_call=True, satisfaction_survey=False))
    with gateway.house.store.write() as transaction:
        assert withdraw(gateway.house, transaction, "hien", (KEY,), "follow-up-call") == 1
        assert withdraw(gateway.house, transaction, "hien", (KEY,), "follow-up-call") == 0, "it is withdrawn once"
        assert withdraw(gateway.house, transaction, "hien", (KEY,), "satisfaction-survey") == 0, "it was never given"
    given, _refused = kept(gateway)
    assert given["given"] is True and given["withdrawn_at"] == gateway.clock.now() and given["withdrawn_by"] == "hien"


def test_a_reason_for_not_paying_by_code_is_a_word_and_counts_once(gateway: Any, kiosk: Any) -> None:
    report = {"registration_key": KEY, "reason": "no-app", "at": "2026-11-22T17:30:00Z"}
    assert kiosk.post("/v1/cash-reasons", report).status_code == 202
    assert kiosk.post("/v1/cash-reasons", report | {"reason": "failed"}).status_code == 202
    assert kiosk.post("/v1/cash-reasons", report | {"reason": "rude"}).status_code == 422
    with gateway.house.store.read() as transaction:
        (row,) = transaction.all(select(t.cash_reasons))
    assert (row["reason"], row["day"].isoformat()) == ("no-app", "2026-11-23"), "00:30 at the place"


def test_a_purpose_is_called_as_it_was_when_people_were_asked(gateway: Any) -> None:
    house = with_consents(gateway, "satisfaction-survey")
    with house.store.write() as transaction:
        keep_notice(house, transaction, load_notice(house))
        assert purposes(transaction) == {"satisfaction-survey": "Khảo sát hài lòng"}
        assert purposes(transaction, english=True) == {"satisfaction-survey": "Satisfaction survey"}
