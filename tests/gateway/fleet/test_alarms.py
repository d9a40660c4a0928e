"""Alarms of kiosks: what opens them, what ends them, what a person must have seen; and who may watch."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from prometheus_client.parser import text_string_to_metric_families

from gateway.fleet.alarms import see, watch_silence
from gateway.fleet.enrolment import EnrolmentError
from gateway.fleet.overview import Colour, KioskNow, overview
from gateway.fleet.revoking import revoke
from gateway.problems import Refused
from gateway.settings import Secret
from gateway.staff import accounts
from gateway.staff.accounts import Role

ONLINE = ("reader", "printer", "scanner")


def beat(kiosk: Any, gateway: Any, *, wrong: dict[str, tuple[str, str | None]] | None = None, **more: Any) -> None:
    """One heartbeat of a kiosk whose devices work, but for those in `wrong`: state and failure code."""
    states = {name: ("online", None) for name in ONLINE} | (wrong or {})
    devices = [{"name": name, "state": state, "failure_code": code} for name, (state, code) in states.items()]
    body = {"at": gateway.clock.now().isoformat(), "version": "0.1.0", "devices": devices} | more
    assert kiosk.post("/v1/heartbeats", body).status_code == 204


def now(gateway: Any) -> KioskNow:
    """The only kiosk."""
    with gateway.house.store.read() as transaction:
        [one] = overview(gateway.house, transaction)
    return one


def told(gateway: Any) -> list[tuple[str, str, str | None]]:
    return [(alarm.kind.value, alarm.subject, alarm.failure_code) for alarm in now(gateway).alarms]


def test_a_kiosk_that_never_reported_is_neither_well_nor_silent(gateway: Any, kiosk: Any) -> None:
    watch_silence(gateway.house)
    assert (now(gateway).colour, now(gateway).alarms) == (Colour.UNKNOWN, ())


def test_a_device_that_is_lost_is_an_alarm_until_it_is_back(gateway: Any, kiosk: Any) -> None:
    beat(kiosk, gateway)
    assert now(gateway).colour is Colour.GREEN
    beat(kiosk, gateway, wrong={"printer": ("offline", "PR-01")})
    beat(kiosk, gateway, wrong={"printer": ("offline", "PR-01")})
    assert (now(gateway).colour, told(gateway)) == (Colour.RED, [("device", "printer", "PR-01")])
    beat(kiosk, gateway)
    assert (now(gateway).colour, told(gateway)) == (Colour.GREEN, [])


def test_what_people_can_do_without_is_yellow(gateway: Any, kiosk: Any) -> None:
    beat(kiosk, gateway, wrong={"scanner": ("no-device", "QR-01")})
    assert now(gateway).colour is Colour.YELLOW
    beat(kiosk, gateway, wrong={"printer": ("online", "PR-06")})
    assert (now(gateway).colour, told(gateway)) == (Colour.YELLOW, [("device", "printer", "PR-06")])


def test_another_reason_is_the_same_alarm_with_the_newest_code(gateway: Any, kiosk: Any) -> None:
    beat(kiosk, gateway, wrong={"printer": ("offline", "PR-01")})
    since = now(gateway).alarms[0].since
    gateway.clock.turn(minutes=5)
    beat(kiosk, gateway, wrong={"printer": ("user-error", "PR-02")})
    [alarm] = now(gateway).alarms
    assert (alarm.failure_code, alarm.since) == ("PR-02", since)


def test_a_kiosk_is_silent_after_three_missing_heartbeats_and_not_before(gateway: Any, kiosk: Any) -> None:
    beat(kiosk, gateway)
    gateway.clock.turn(seconds=90)
    watch_silence(gateway.house)
    assert told(gateway) == []
    gateway.clock.turn(seconds=1)
    watch_silence(gateway.house)
    watch_silence(gateway.house)
    assert (now(gateway).colour, told(gateway)) == (Colour.RED, [("silent", "", None)])
    beat(kiosk, gateway)
    assert told(gateway) == []


def test_what_was_refused_for_good_stays_until_a_person_saw_it(gateway: Any, kiosk: Any) -> None:
    beat(kiosk, gateway, outbox_dead=1)
    beat(kiosk, gateway)
    [alarm] = now(gateway).alarms
    assert alarm.over_at is not None and now(gateway).colour is Colour.YELLOW
    see(gateway.house, alarm.id, "an")
    assert told(gateway) == []
    with pytest.raises(Refused):
        see(gateway.house, alarm.id, "an")


def test_what_was_seen_and_still_holds_ends_with_its_cause(gateway: Any, kiosk: Any) -> None:
    beat(kiosk, gateway, outbox_dead=1)
    see(gateway.house, now(gateway).alarms[0].id, "an")
    assert now(gateway).alarms[0].seen_by == "an"
    beat(kiosk, gateway)
    assert told(gateway) == []


def test_what_comes_back_before_anybody_saw_it_must_be_seen_again(gateway: Any, kiosk: Any) -> None:
    for dead in (1, 0, 2):
        beat(kiosk, gateway, outbox_dead=dead)
    [alarm] = now(gateway).alarms
    assert (alarm.over_at, alarm.seen_at) == (None, None)


def test_a_kiosk_that_falls_over_is_told_by_its_starts(gateway: Any, kiosk: Any) -> None:
    start: datetime = gateway.clock.now()
    beat(kiosk, gateway, started_at=start.isoformat())
    beat(kiosk, gateway, started_at=(start + timedelta(hours=20)).isoformat())
    assert told(gateway) == []
    beat(kiosk, gateway, started_at=(start + timedelta(hours=20, minutes=9)).isoformat())
    beat(kiosk, gateway, started_at=(start + timedelta(hours=20, minutes=9)).isoformat())
    assert told(gateway) == [("restarted", "", None)]


def test_waiting_and_clocks_are_alarms_of_their_own(gateway: Any, kiosk: Any) -> None:
    beat(kiosk, gateway, outbox_waiting=2, outbox_oldest_seconds=1801)
    assert told(gateway) == [("waiting", "", None)]
    off = (gateway.clock.now() + timedelta(seconds=61)).isoformat()
    beat(kiosk, gateway, at=off, outbox_waiting=2, outbox_oldest_seconds=1800)
    assert told(gateway) == [("clock", "", None)]


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_so_far_off_that_no_heartbeat_comes_is_told_all_the_same(gateway: Any, kiosk: Any, hours: int) -> None:
    beat(kiosk, gateway)
    theirs = int((gateway.clock.now() + timedelta(hours=hours)).timestamp())
    for _ in range(2):
        assertion = kiosk.assertion(iat=theirs, exp=theirs + 60)
        assert gateway.client.post("/v1/token", json={"assertion": assertion}).status_code == 401
    assert told(gateway) == [("clock", "", None)]
    strangers = jwt.encode({"iss": kiosk.id, "iat": theirs, "exp": theirs + 60}, Ed25519PrivateKey.generate(), "EdDSA")
    beat(kiosk, gateway)
    assert gateway.client.post("/v1/token", json={"assertion": strangers}).status_code == 401
    assert told(gateway) == [], "who does not hold the key tells nothing"


def test_the_worst_kiosk_comes_first(gateway: Any) -> None:
    for letter, wrong in (("B", {}), ("C", {"scanner": ("offline", "QR-01")}), ("D", {"reader": ("offline", "CR-01")})):
        beat(gateway.kiosk(letter), gateway, wrong=wrong)
    gateway.kiosk("E")
    with gateway.house.store.read() as transaction:
        assert [one.letter for one in overview(gateway.house, transaction)] == ["D", "C", "E", "B"]


def test_a_revoked_kiosk_is_refused_and_its_letter_is_free(gateway: Any, kiosk: Any) -> None:
    beat(kiosk, gateway, wrong={"printer": ("offline", "PR-01")})
    assert revoke(gateway.house, "B")
    with gateway.house.store.read() as transaction:
        assert overview(gateway.house, transaction) == ()
    again = kiosk.post("/v1/heartbeats", {"at": gateway.clock.now().isoformat(), "version": "0.1.0"})
    gateway.clock.turn(minutes=11)
    assert again.status_code in {204, 401}  # a token read a moment ago holds for seconds
    with pytest.raises(EnrolmentError):
        revoke(gateway.house, "B")
    assert now_after_new(gateway).alarms == ()


def now_after_new(gateway: Any) -> KioskNow:
    gateway.kiosk("B")
    return now(gateway)


def test_metrics_are_for_the_bearer_of_the_token_and_hold_every_kiosk(gateway: Any, kiosk: Any, tmp_path: Path) -> None:
    assert gateway.client.get("/metrics").status_code == 404
    (tmp_path / "token").write_text("a token of the watchers", "utf-8")
    fleet = gateway.house.settings.fleet.model_copy(update={"metrics_token": Secret(file=tmp_path / "token")})
    settings = gateway.house.settings.model_copy(update={"fleet": fleet})
    object.__setattr__(gateway.house, "settings", settings)
    assert gateway.client.get("/metrics").status_code == 401
    beat(kiosk, gateway, wrong={"printer": ("user-error", "PR-02")}, outbox_waiting=3)
    answer = gateway.client.get("/metrics", headers={"Authorization": "Bearer a token of the watchers"})
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert samples["tram_kiosks", ("colour", "red")] == 1
    assert samples["tram_kiosk_outbox_waiting", ("kiosk", "B")] == 3
    assert samples["tram_device_state", ("device", "printer"), ("kiosk", "B"), ("state", "user-error")] == 1
    assert samples["tram_device_state", ("device", "printer"), ("kiosk", "B"), ("state", "online")] == 0
    assert samples["tram_alarms_open", ("kind", "device"), ("kiosk", "B")] == 1


@pytest.mark.parametrize(
    ("role", "status"), [(Role.TECHNICIAN, 200), (Role.SUPERVISOR, 200), (Role.ADMIN, 200), (Role.COUNTER, 403)]
)
def test_only_those_who_keep_the_kiosks_see_them(gateway: Any, kiosk: Any, role: Role, status: int) -> None:
    accounts.add(gateway.house, "an", role, "một mật khẩu dài")
    token = accounts.log_in(gateway.house, "an", "một mật khẩu dài")
    cookie = {"Cookie": f"tram_staff={token}"}
    assert gateway.client.get("/staff/fleet/state", headers=cookie).status_code == status
    code = gateway.client.post("/staff/fleet/codes", json={"name": "Trạm 9", "letter": "K"}, headers=cookie)
    assert code.status_code == (200 if role is Role.ADMIN else 403)
    taken = gateway.client.post("/staff/fleet/codes", json={"name": "Trạm 9", "letter": "B"}, headers=cookie)
    assert taken.status_code == (409 if role is Role.ADMIN else 403)
    revoked = gateway.client.post("/staff/fleet/B/revoke", headers=cookie)
    assert revoked.status_code == (204 if role is Role.ADMIN else 403)
