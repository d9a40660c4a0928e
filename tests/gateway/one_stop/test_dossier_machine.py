"""The life of dossiers under everything that can happen to them: never lost, never doubled, never backwards.

The gateway's real rooms against the authority's stand-in, whose answers are lost before and after each call. A longer
run: `TRAM_EXAMPLES=300 python -m pytest tests/gateway/one_stop/test_dossier_machine.py`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from gateway.one_stop.statuses import load_statuses
from gateway.store import tables as t
from services.contract.one_stop import DossierStatus
from services.contract.ticket_codes import dossier_token
from tests.gateway.one_stop.conftest import Officer, make_centre

EXAMPLES = int(os.environ.get("TRAM_EXAMPLES", "6"))
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""A failing run is told as it is: making it smaller takes minutes."""
CALLS = [
    "POST /token",
    "GET /GetNextValue",
    "POST /UploadFile",
    "POST /TaoHoSo",
    "POST /CapNhatTienDo",
    "POST /login",
    "POST /dichvu",
]
SINGLE, GROUP = "1.004222", "2.002622"


class Dossiers(RuleBasedStateMachine):
    """What kiosk, officer, authority and time do, in any order."""

    empty_database: Path

    keys = Bundle("keys")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="tram-dossiers-"))
        self._made = make_centre(self.folder, self.empty_database)
        self.centre: Any = next(self._made)
        self.kiosk = self.centre.kiosk()
        self.officer = Officer(self.centre, "hien")
        self.filings: dict[str, dict[str, Any]] = {}
        self.promised: set[str] = set()
        """Keys whose answer said: filed."""
        self.seen: dict[str, int] = {}
        self.table = load_statuses()

    def teardown(self) -> None:
        self._made.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @rule(target=keys, procedure=st.sampled_from([SINGLE, SINGLE, GROUP]))
    def somebody_comes(self, procedure: str) -> str:
        key = str(uuid.uuid4())
        self.filings[key] = self.centre.filing(procedure, session_id=f"session-{len(self.filings):04}")
        return key

    @rule(key=keys)
    def the_kiosk_files(self, key: str) -> None:
        answer = self.kiosk.post("/v1/dossiers", self.filings[key], key)
        assert answer.status_code in {200, 409, 422, 424}, answer.text
        if answer.status_code == 200:
            assert answer.json()["state"] in {"filed", "lapsed"}
            self.promised.add(key)

    @rule(key=keys)
    def the_kiosk_files_the_same_under_another_key(self, key: str) -> None:
        answer = self.kiosk.post("/v1/dossiers", self.filings[key], str(uuid.uuid4()))
        assert answer.status_code in {200, 409, 422, 424}, answer.text

    @rule(call=st.sampled_from(CALLS), when=st.sampled_from(["before", "after"]), count=st.integers(1, 3))
    def answers_are_lost(self, call: str, when: str, count: int) -> None:
        self.centre.wire.lose(call, when, count)

    @rule()
    def the_line_is_whole_again(self) -> None:
        self.centre.wire.lost.clear()

    @rule(code=st.sampled_from(["2.002622.mai-tang", SINGLE]))
    def the_authority_closes_or_opens_a_procedure(self, code: str) -> None:
        if self.centre.desk.procedures.pop(code, None) is None:
            self.centre.desk.procedures[code] = "Thủ tục"

    @rule(minutes=st.sampled_from([1, 2, 11, 60 * 24, 60 * 73]))
    def time_goes_on(self, minutes: int) -> None:
        self.centre.clock.turn(minutes=minutes)
        self.centre.watch()

    @rule(
        act=st.sampled_from(["accept", "supplement", "refuse", "withdraw", "brought", "hand-over"]),
        place=st.integers(0, 5),
    )
    def the_officer_decides(self, act: str, place: int) -> None:
        rows = self.centre.rows(t.one_stop_dossiers)
        if rows:
            row = rows[place % len(rows)]
            fields = {"items": "Giấy tờ", "reason": "Thiếu giấy tờ cần có"}
            answer = self.officer.post(f"/staff/reception/{row['id']}/decide", act=act, **fields)
            assert answer.status_code in {303, 404, 409, 424}, answer.text[:300]

    @rule(to=st.integers(2, 10), place=st.integers(0, 5))
    def the_authority_moves_one(self, to: int, place: int) -> None:
        rows = self.centre.dossiers()
        if rows:
            try:
                self.centre.desk.move(rows[place % len(rows)]["number"], to)
            except ValueError:
                return

    @invariant()
    def no_dossier_is_doubled(self) -> None:
        """The authority has no live number that belongs to nobody here, and each part one number at most."""
        ours = {row["number"] for row in self.centre.rows(t.one_stop_parts) if row["number"]}
        stray = [row for row in self.centre.dossiers() if row["number"] not in ours and row["status"] not in "378"]
        assert stray == []
        contents = [row["content"] for row in self.centre.rows(t.one_stop_dossiers) if not row["stripped"]]
        assert len(contents) == len(set(contents))

    @invariant()
    def no_promise_is_broken(self) -> None:
        """What was answered as filed stands at the authority with every part."""
        there = {row["number"] for row in self.centre.dossiers()}
        rows = {row["token"]: row for row in self.centre.rows(t.one_stop_dossiers)}
        parts = self.centre.rows(t.one_stop_parts)
        tokens = set(rows)
        for key in self.promised:
            token = dossier_token(key)
            if token not in tokens:
                continue  # the same words were filed under an earlier key
            mine = [part["number"] for part in parts if part["dossier_id"] == rows[token]["id"]]
            assert mine and set(mine) <= there, key

    @invariant()
    def no_status_goes_back(self) -> None:
        for row in self.centre.rows(t.one_stop_parts):
            name, status = f"{row['dossier_id']}/{row['part']}", int(row["status"])
            before = self.seen.get(name, status)
            if before != status:
                assert self.table.may_become(DossierStatus(before), DossierStatus(status)), (name, before, status)
            self.seen[name] = status

    @invariant()
    def no_receipt_without_an_acceptance(self) -> None:
        accepted = {row["id"] for row in self.centre.rows(t.one_stop_dossiers) if row["accepted_at"] is not None}
        receipts = {act["dossier_id"] for act in self.centre.rows(t.one_stop_acts) if act["kind"] == "accept"}
        assert receipts <= accepted
        numbers = [act["number"] for act in self.centre.rows(t.one_stop_acts) if act["kind"] == "accept"]
        assert len(numbers) == len(set(numbers))


def test_dossiers_are_never_lost_never_doubled_and_never_go_back(
    empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Dossiers, "empty_database", empty_database, raising=False)
    run_state_machine_as_test(
        Dossiers,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        ),
    )
