"""Deliveries wait, come back after outages and restarts, and nobody at a kiosk waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from gateway.__main__ import main
from gateway.hospital import delivery
from gateway.hospital.failures import HospitalFault, HospitalRefused, HospitalUnavailable
from gateway.hospital.link import HospitalLink
from gateway.settings import SettingsError, load

THUY = {"number": "099190000777", "name": "Lê Thị Thủy", "birth": "1990-02-03", "sex": "F"}


def other(number: int) -> dict[str, str]:
    return {"number": f"0990880{number:05}", "name": f"Người {number}", "birth": "1970-01-01"}


def test_a_number_is_given_without_a_word_to_the_hospital(site: Any) -> None:
    site.line.cut = True
    assert site.ticket().number == "T001"
    assert site.line.calls == []


def test_a_failed_delivery_waits_longer_each_time(open_site: Callable[..., Any]) -> None:
    site = open_site("rest", retry_seconds="[5, 60, 600]", at_once="1")
    check_in = site.check_in()
    site.line.cut = True
    waits: list[timedelta] = []
    for _try in range(4):
        site.deliver()
        row = site.row(check_in)
        waits.append(row["next_at"] - site.clock.now())
        site.clock.moment = row["next_at"]
    assert waits == [timedelta(seconds=seconds) for seconds in (5, 60, 600, 600)]
    assert site.row(check_in)["failure"] == "no-network"


def test_before_its_time_nothing_is_tried(site: Any) -> None:
    site.check_in()
    site.line.cut = True
    site.deliver()
    tried = len(site.line.calls)
    site.clock.turn(seconds=4)
    site.deliver()
    assert len(site.line.calls) == tried


def test_after_an_outage_everything_is_told_once(open_site: Callable[..., Any]) -> None:
    site = open_site("fhir", at_once="1")
    site.line.cut = True
    for person in range(5):
        site.check_in(patient=other(person))
    for _hour in range(30):
        site.deliver()
        site.clock.turn(hours=2.5)
    site.line.cut = False
    site.check_in(patient=THUY)
    site.deliver()
    assert site.due() == 0, "the first that gets through wakes the others"
    assert (site.side.patients(), site.side.visits()) == (6, ["arrived"] * 6)
    assert all(row["failure"] is None and row["tries"] == 0 for row in site.rows())


@pytest.mark.parametrize("answer", [httpx.Response(503), httpx.Response(200, text="<html>"), httpx.Response(429)])
def test_an_answer_that_is_none_is_tried_again(site: Any, answer: httpx.Response) -> None:
    check_in = site.check_in()
    site.line.answer = lambda _request: answer
    site.deliver()
    assert site.row(check_in)["state"] == "due"
    site.line.answer = lambda _request: None
    site.deliver_until_told()
    assert site.side.visits() == ["arrived"]


def test_what_the_system_refuses_is_kept_for_a_person_and_tried_seldom(site: Any, caplog: Any) -> None:
    check_in = site.check_in(patient=THUY)
    refusal = {"resourceType": "OperationOutcome", "issue": [{"code": "invalid", "diagnostics": "Lê Thị Thủy"}]}
    site.line.answer = lambda _request: httpx.Response(422, json=refusal)
    site.deliver()
    row = site.row(check_in)
    assert (row["state"], row["failure"]) == ("refused", "invalid")
    assert row["next_at"] - site.clock.now() == timedelta(seconds=3600)
    assert "refused a check-in" in caplog.text
    assert "Thủy" not in caplog.text and THUY["number"] not in caplog.text
    site.line.answer = lambda _request: None
    site.deliver_until_told()
    assert site.side.visits() == ["arrived"]


def test_one_refused_check_in_does_not_hold_up_the_others(open_site: Callable[..., Any]) -> None:
    site = open_site("rest", at_once="1")
    site.check_in(patient=THUY)

    def refuse_the_first(_request: Any) -> httpx.Response | None:
        return httpx.Response(422) if len(site.line.calls) == 1 else None

    site.line.answer = refuse_the_first
    site.clock.turn(seconds=1)
    site.check_in(patient=other(1))
    site.deliver()
    assert sorted(row["state"] for row in site.rows()) == ["arrived", "refused"]


def test_a_restart_in_the_middle_of_a_delivery_loses_and_doubles_nothing(site: Any) -> None:
    check_in = site.check_in()
    claim = delivery.take(site.house)
    assert claim is not None and claim.visit.id == check_in
    asyncio.run(site.house.hospital.system.tell(claim.visit, again=claim.again))
    # The process dies here: told, but not noted. The next one begins.
    assert delivery.take(site.house) is None, "another process leaves it alone while it is claimed"
    delivery.let_go_of_all(site.house)
    site.deliver()
    assert (site.side.patients(), site.side.visits()) == (1, ["arrived"])
    assert site.row(check_in)["state"] == "arrived"


def test_the_claim_of_a_dead_process_ends_by_itself(site: Any) -> None:
    site.check_in()
    assert delivery.take(site.house) is not None
    site.clock.turn(minutes=10)
    site.deliver()
    assert site.side.visits() == ["arrived"]


def test_a_change_during_a_delivery_is_told_after_it(site: Any) -> None:
    check_in = site.check_in()
    claim = delivery.take(site.house)
    assert claim is not None
    site.leave(check_in)
    asyncio.run(site.house.hospital.system.tell(claim.visit, again=False))
    delivery.let_go_of_all(site.house)
    site.deliver()
    assert site.side.visits() == ["cancelled"]


def test_without_a_hospital_nothing_is_kept_for_one(open_site: Callable[..., Any]) -> None:
    site = open_site("rest")
    alone = replace(site, house=replace(site.house, hospital=None, bookings=()))
    check_in = alone.check_in()
    alone.leave(check_in)
    alone.deliver()
    assert alone.rows() == []


class Mute:
    """A hospital's system that never answers."""

    asked = 0

    async def exam_types(self) -> tuple[Any, ...]:
        self.asked += 1
        await asyncio.Event().wait()
        return ()


def test_nobody_at_a_kiosk_waits_beyond_the_bound_nor_again_soon_after(site: Any) -> None:
    mute: Any = Mute()
    settings = site.house.settings.hospital.model_copy(update={"patience_seconds": 0.01})
    link = HospitalLink(mute, settings, site.clock)

    async def ask(times: int) -> list[Any]:
        return [await link.ask(lambda system: system.exam_types()) for _time in range(times)]

    assert asyncio.run(ask(3)) == [None, None, None]
    assert mute.asked == 1, "after one that was not answered the next people do not wait at all"
    site.clock.turn(seconds=settings.rest_after_failure_seconds)
    asyncio.run(ask(1))
    assert mute.asked == 2


@pytest.mark.parametrize(
    "error",
    [HospitalUnavailable(HospitalFault.ERROR, "x"), HospitalRefused(HospitalFault.INVALID, "x")],
    ids=["fails", "refuses"],
)
def test_a_question_that_fails_is_an_empty_answer(site: Any, error: Exception) -> None:
    async def question(_system: Any) -> None:
        raise error

    assert asyncio.run(site.house.hospital.ask(question)) is None


def test_the_command_counts_without_naming_anybody(site: Any, tmp_path: Any, demo: Any, capsys: Any) -> None:
    site.check_in(patient=THUY)
    site.deliver()
    site.line.cut = True
    site.check_in(patient=other(1))
    site.deliver()
    assert main(["hospital", "--settings", str(demo), "--settings", str(tmp_path / "over.toml")]) == 0
    told = capsys.readouterr().out
    assert f"kind: {site.side.kind}\n" in told
    assert "arrived: 1\n" in told and "due (no-network): 1\n" in told
    assert THUY["number"] not in told


@pytest.mark.parametrize("kind", ["fhir", "rest"])
def test_a_kind_without_its_table_is_an_error(tmp_path: Any, kind: str, demo: Any) -> None:
    over = tmp_path / "over.toml"
    over.write_text(f'[hospital]\nkind = "{kind}"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"hospital\.{kind}"):
        load([demo, over])


def test_told_numbers_may_not_stand_under_the_system_of_proven_ones(tmp_path: Any, demo: Any) -> None:
    over = tmp_path / "over.toml"
    systems = 'url = "http://h"\n[hospital.fhir.systems]\nclaimed_number = "http://fhir.hl7.org.vn/core/sid/cccd"\n'
    over.write_text(f'[hospital]\nkind = "fhir"\n[hospital.fhir]\n{systems}', encoding="utf-8")
    with pytest.raises(SettingsError, match="claimed_number"):
        load([demo, over])
