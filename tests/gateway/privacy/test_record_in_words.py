"""A data officer reads a record without knowing a program's codes: every table, field and code has its words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import pytest

from gateway.fingers.attempts import Kind as FingerKind
from gateway.hospital.outbox import Standing
from gateway.insurance.exchanges import Exchange, evidence
from gateway.one_stop.reception import Act
from gateway.payments.refunds import RefundStatus
from gateway.payments.tasks import TaskKind
from gateway.privacy.access import Action
from gateway.privacy.holding import Kept
from gateway.privacy.holdings import HOLDINGS
from gateway.privacy.holdings.parts import as_exchanges
from gateway.privacy.requests import RequestKind, RequestStatus
from gateway.staff.reasons import WORDS, why
from gateway.web.keeper_pages import keeper_texts
from gateway.web.record import Part, Reader
from gateway.web.texts import texts
from gateway.xml0.keeping import State
from services.contract import models as wire
from services.contract.fingers import FingerAnswer
from services.contract.one_stop import DossierState
from services.trust.verdicts import PassiveReason

CODES: tuple[tuple[str, str, Iterable[type[Enum]]], ...] = (
    ("check_ins", "level", (wire.EvidenceLevel,)),
    ("check_ins", "verified_level", (wire.EvidenceLevel,)),
    ("check_ins", "claimed_level", (wire.EvidenceLevel,)),
    ("check_ins", "paper", (wire.Paper,)),
    ("check_ins", "priority", (wire.Priority,)),
    ("check_ins", "holder", (wire.HolderProof,)),
    ("check_ins", "relation", (wire.Relation,)),
    ("check_ins", "kind", (wire.VisitKind,)),
    ("appointments", "kind", (wire.VisitKind,)),
    ("tickets", "status", (wire.TicketStatus,)),
    ("bills", "status", (wire.BillStatus,)),
    ("bills", "kind", (wire.BillKind,)),
    ("payment_intents", "status", (wire.PaymentStatus,)),
    ("refunds", "status", (RefundStatus,)),
    ("cashier_tasks", "kind", (TaskKind,)),
    ("data_requests", "status", (RequestStatus,)),
    ("data_requests", "kind", (RequestKind,)),
    ("access_log", "action", (Action,)),
    ("hospital_visits", "state", (Standing,)),
    ("xml0_records", "state", (State,)),
    ("look_ups", "result", (wire.EligibilityResult,)),
    ("look_ups", "field", (wire.MismatchField,)),
    ("cash_reasons", "reason", (wire.CashReason,)),
    ("finger_attempts", "kind", (FingerKind,)),
    ("finger_attempts", "answer", (FingerAnswer,)),
    ("one_stop_dossiers", "state", (DossierState,)),
    ("one_stop_acts", "kind", (Act,)),
)


def lines(parts: list[Part]) -> dict[str, str]:
    return {label: value for part in parts for label, value in part.lines}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_code_of_a_kept_field_is_read_as_a_code(language: str) -> None:
    words = keeper_texts(language)
    reader = Reader(words, {})
    for table, field, kinds in CODES:
        for code in (each.value for kind in kinds for each in kind):
            ((_label, read),) = lines(reader.read(table, {field: code})).items()
            assert read != code, (table, field, code)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_table_field_and_reason_to_keep_has_its_words(language: str) -> None:
    words = keeper_texts(language)
    for name, holding in HOLDINGS.items():
        assert f"keeper.table.{name}" in words
        assert not isinstance(holding.erasure, Kept) or f"keeper.why.{name}" in words, name
        missing = {field for field in holding.export if f"keeper.field.{field}" not in words}
        assert missing == set(), name


def test_whose_name_it_is_stands_above_it() -> None:
    registration = {
        "patient": {"name": "Nguyễn Văn Thử", "level": "typed"},
        "companion": {"relation": "mother", "person": {"name": "Trần Thị Mẫu"}},
        "clinic_id": "mat",
    }
    reader = Reader(keeper_texts("vi"), {"clinic_id": {"mat": "Mắt"}})
    parts = reader.read("check_ins", {"day": "2026-11-23", "registration": registration})
    assert [(part.title, part.lines) for part in parts] == [
        ("", (("Ngày", "23/11/2026"),)),
        ("Trạm đã gửi", (("Phòng khám", "Mắt"),)),
        ("Người bệnh", (("Họ tên", "Nguyễn Văn Thử"), ("Mức kiểm tra", "Tự nhập"))),
        ("Người đi cùng", (("Quan hệ", "Mẹ"), ("Họ tên", "Trần Thị Mẫu"))),
    ]


def test_lines_of_a_bill_are_read_one_by_one() -> None:
    row: dict[str, Any] = {"details": {"title": "Khám", "lines": [{"name": "Công khám", "amount": 150000}]}}
    parts = Reader(keeper_texts("vi"), {}).read("bills", row)
    assert [part.title for part in parts] == ["", "Các dòng 1"]


@pytest.mark.parametrize(
    "reason",
    [
        *(f"failed: {each.value} (DG1)" for each in PassiveReason),
        *(f"no-trust-root: {each.value}" for each in PassiveReason),
        "freshness not proven",
        "no evidence came with the claim",
        "the name is not the signed one",
        "trusted, without a proof of the chip: passive authentication does not cover DG15",
        "the chip has DG15 but did not sign the nonce",
        "the proven key is none of DG14",
    ],
)
def test_a_reason_for_technicians_has_words_for_a_desk(reason: str) -> None:
    for language in ("vi", "en"):
        assert f"{WORDS}.{why(reason)}" in texts(language), reason
    words = {"evidence_reason": {id: text for id, text in texts("vi").items() if id.startswith(WORDS)}}
    ((_label, read),) = lines(Reader(keeper_texts("vi"), words).read("check_ins", {"evidence_reason": reason})).items()
    assert read != reason


def test_a_reason_that_nobody_knows_is_not_shown() -> None:
    assert why("something new in English") == ""
    assert lines(Reader(keeper_texts("vi"), {}).read("check_ins", {"evidence_reason": "something new"})) == {}


def test_what_the_insurer_answered_is_read_as_it_came() -> None:
    moment = datetime(2026, 11, 23, 5, tzinfo=UTC)
    kept = evidence((Exchange.answered("/api/card", moment, moment, 200, '{"ghiChu":"thẻ đúng"}'.encode()),))
    found = Reader(keeper_texts("vi"), {}).read("look_ups", {"raw": as_exchanges(kept)})
    assert [part.title for part in found] == ["Lần hỏi 1"]
    assert lines(found)["Nội dung"] == '{"ghiChu":"thẻ đúng"}'
    assert lines(found)["Hỏi lúc"] == "23/11/2026 12:00"
    assert as_exchanges(b"not JSON") == "not JSON"
