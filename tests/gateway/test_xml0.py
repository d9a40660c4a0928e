"""A record is made with the number, waits for the insurer, and is handed over once or kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import select, update

from gateway.hospital.outbox import open_visit
from gateway.insurance.later import look_up_later
from gateway.insurance.vss import CardAnswer, CardFacts
from gateway.store.tables import hospital_visits, tickets, xml0_records
from gateway.xml0 import keeping
from gateway.xml0.handing import hand_over, overview, take_out

HOA = {"number": "099194000514", "name": "Phạm Thị Thanh Hoa", "birth": "1994-03-12", "sex": "F"}


@pytest.fixture
def insured(gateway: Any, kiosk: Any) -> Callable[..., dict[str, Any]]:
    """Hoa asks, and takes a number."""

    def take(**changes: Any) -> dict[str, Any]:
        card = CardFacts("DN4999912345678", date(2026, 1, 1), date(2026, 12, 31), "99001", None)
        gateway.insurer.answers[HOA["number"]] = CardAnswer("000", "", (card,))
        asked = {key: HOA[key] for key in ("number", "name", "birth")}
        found = kiosk.post("/v1/insurance/eligibility", asked).json()
        more: dict[str, Any] = {"patient": HOA, "use_insurance": True, "eligibility_id": found["id"]}
        return kiosk.check_in(**(more | changes)).json()

    return take


def records(gateway: Any) -> list[Any]:
    with gateway.house.store.read() as transaction:
        return transaction.all(select(xml0_records))


def with_folder(gateway: Any, folder: Path | None) -> Any:
    settings = gateway.house.settings
    changed = settings.model_copy(update={"xml0": settings.xml0.model_copy(update={"directory": folder})})
    return replace(gateway.house, settings=changed)


def run(gateway: Any, house: Any) -> None:
    gateway.client.run(hand_over(house))


def test_the_record_is_made_with_the_number(gateway: Any, insured: Any) -> None:
    ticket = insured()
    (row,) = records(gateway)
    assert (row["check_in_id"], row["state"], row["faults"]) == (ticket["check_in_id"], "ready", "MA_BN: missing")
    (kept,) = keeping.ready(gateway.house)
    assert kept.record.values() | {"MA_LK": ""} == {
        "MA_LK": "", "STT": "1", "MA_BN": "", "HO_TEN": "Phạm Thị Thanh Hoa", "SO_CCCD": "099194000514",
        "NGAY_SINH": "199403120000", "GIOI_TINH": "2", "MA_THE_BHYT": "DN4999912345678", "MA_DKBD": "99001",
        "GT_THE_TU": "20260101", "GT_THE_DEN": "20261231", "MA_DOITUONG_KCB": "1.1", "NGAY_VAO": "202611231200",
        "NGAY_VAO_NOI_TRU": "", "LY_DO_VNT": "", "MA_LY_DO_VNT": "", "MA_LOAI_KCB": "01", "MA_CSKCB": "99001",
        "MA_DICH_VU": "KB.TIM-MACH", "TEN_DICH_VU": "Nội tim mạch", "MA_THUOC": "", "TEN_THUOC": "",
        "MA_VAT_TU": "", "TEN_VAT_TU": "", "NGAY_YL": "202611231200", "DU_PHONG": "",
    }  # fmt: skip
    assert kept.record.ma_lk == f"99001.20261123.{ticket['check_in_id']}"


def test_the_same_person_again_makes_no_second_record(gateway: Any, insured: Any) -> None:
    assert insured()["number"] == insured()["number"]
    assert len(records(gateway)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"use_insurance": False, "eligibility_id": None},
        {"clinic_id": "ban-huong-dan"},
    ],
    ids=["without insurance", "guide desk"],
)
def test_no_record_where_nothing_is_charged_to_the_fund(gateway: Any, insured: Any, changes: dict[str, Any]) -> None:
    insured(**changes)
    assert records(gateway) == []


def test_an_unanswered_look_up_waits_and_is_made_when_the_answer_is_there(
    gateway: Any, kiosk: Any, insured: Any, tmp_path: Path
) -> None:
    kiosk.check_in(patient=HOA, use_insurance=True, insurance_unreachable=True)
    house = with_folder(gateway, tmp_path / "out")
    (tmp_path / "out").mkdir()
    assert records(gateway)[0]["state"] == "waiting"
    gateway.clock.turn(minutes=3)
    run(gateway, house)
    assert records(gateway)[0]["state"] == "waiting"
    assert list((tmp_path / "out").iterdir()) == []
    card = CardFacts("DN4999912345678", date(2026, 1, 1), None, "99027", None)
    gateway.insurer.answers[HOA["number"]] = CardAnswer("000", "", (card,))
    gateway.client.run(look_up_later(gateway.house))
    gateway.clock.turn(minutes=10)
    run(gateway, house)
    (file,) = (tmp_path / "out").iterdir()
    record = ElementTree.parse(file).getroot()[0][0]  # noqa: S314 - our own
    assert (record.findtext("MA_THE_BHYT"), record.findtext("GT_THE_DEN")) == ("DN4999912345678", "")
    assert (record.findtext("MA_DOITUONG_KCB"), record.findtext("MA_DKBD")) == ("1.14", "99027")
    assert record.findtext("NGAY_VAO") == "202611231200"


def test_somebody_elses_look_up_gives_this_patient_no_card(gateway: Any, insured: Any) -> None:
    insured(patient=HOA | {"number": "099088000145", "name": "Nguyễn Minh Khang"})
    (row,) = records(gateway)
    assert row["state"] == "waiting"
    gateway.clock.turn(minutes=11)
    keeping.refresh(gateway.house)
    assert records(gateway)[0]["state"] == "waiting"


def test_a_ready_record_is_put_into_the_folder_once(gateway: Any, insured: Any, tmp_path: Path) -> None:
    house = with_folder(gateway, tmp_path)
    ticket = insured()
    run(gateway, house)
    assert list(tmp_path.glob("*.xml")) == [], "who leaves at once has no visit"
    gateway.clock.turn(seconds=120)
    run(gateway, house)
    (file,) = tmp_path.glob("*.xml")
    assert file.name == f"xml0-{ticket['check_in_id']}.xml"
    assert oct(file.stat().st_mode)[-3:] == "640"
    file.unlink()
    gateway.clock.turn(days=1)
    run(gateway, house)
    assert list(tmp_path.glob("*")) != [file] and not file.exists(), "taken is taken"
    assert records(gateway)[0]["state"] == "handed"


@pytest.mark.parametrize("state", ["abandoned", "voided"])
def test_the_record_of_somebody_who_left_is_withdrawn(gateway: Any, insured: Any, tmp_path: Path, state: str) -> None:
    insured()
    with gateway.house.store.write() as transaction:
        transaction.execute(update(tickets).values(status=state))
    gateway.clock.turn(minutes=5)
    run(gateway, with_folder(gateway, tmp_path))
    assert list(tmp_path.glob("*.xml")) == []
    assert records(gateway)[0]["state"] == "withdrawn"


def test_a_folder_that_is_not_there_is_tried_twenty_times_and_the_error_is_kept(
    gateway: Any, insured: Any, tmp_path: Path
) -> None:
    insured()
    house = with_folder(gateway, tmp_path / "none")
    for _ in range(25):
        gateway.clock.turn(hours=2)
        run(gateway, house)
    (row,) = records(gateway)
    assert (row["state"], row["tries"], row["last_error"]) == ("ready", 20, "No such file or directory")
    (line,) = overview(gateway.house)
    assert "No such file" in line and "Hoa" not in line and "0991" not in line
    (tmp_path / "none").mkdir()
    assert take_out(house, tmp_path / "none") == 1, "by hand it still goes"
    assert overview(gateway.house) == []


def test_without_a_folder_records_are_kept_until_they_are_taken_out(gateway: Any, insured: Any, tmp_path: Path) -> None:
    insured()
    gateway.clock.turn(days=1)
    run(gateway, gateway.house)
    assert records(gateway)[0]["state"] == "ready"
    assert take_out(gateway.house, tmp_path) == 1
    assert take_out(gateway.house, tmp_path) == 0
    assert len(list(tmp_path.glob("xml0-*.xml"))) == 1


def test_a_part_of_a_file_left_by_a_power_cut_is_no_file(gateway: Any, insured: Any, tmp_path: Path) -> None:
    ticket = insured()
    part = tmp_path / f"xml0-{ticket['check_in_id']}.part"
    part.write_bytes(b"<CHI_TIEU")
    assert take_out(gateway.house, tmp_path) == 1
    assert not part.exists()


def test_a_clinic_without_a_service_code_leaves_its_records_incomplete(
    gateway: Any, insured: Any, tmp_path: Path
) -> None:
    bare = gateway.house.clinics["tim-mach"].model_copy(update={"service_code": None})
    house = replace(gateway.house, clinics={**gateway.house.clinics, "tim-mach": bare})
    insured()
    with gateway.house.store.write() as transaction:
        transaction.execute(update(xml0_records).values(state="incomplete"))
    gateway.clock.turn(minutes=5)
    keeping.refresh(house)
    (row,) = records(gateway)
    assert (row["state"], row["faults"]) == ("incomplete", "MA_BN: missing, MA_DICH_VU: missing")
    assert take_out(house, tmp_path) == 0


def test_the_hospitals_own_keys_stand_in_the_record_where_it_gave_them(
    gateway: Any, insured: Any, tmp_path: Path
) -> None:
    ticket = insured()
    told = gateway.house.vault.seal(b'{"patient": "BN000123", "visit": "2026-000777", "number": null, "differs": []}')
    with gateway.house.store.write() as transaction:
        open_visit(transaction, ticket["check_in_id"], "x", gateway.clock.now())
        transaction.execute(update(hospital_visits).values(sealed_told=told))
    assert take_out(gateway.house, tmp_path) == 1
    record = ElementTree.parse(next(tmp_path.glob("*.xml"))).getroot()[0][0]  # noqa: S314 - our own
    assert (record.findtext("MA_LK"), record.findtext("MA_BN")) == ("2026-000777", "BN000123")
    assert records(gateway)[0]["faults"] == ""


def test_a_record_waits_a_day_for_the_hospitals_keys(gateway: Any, insured: Any, tmp_path: Path) -> None:
    insured()
    house = replace(with_folder(gateway, tmp_path), hospital=object())
    gateway.clock.turn(minutes=5)
    run(gateway, house)
    assert list(tmp_path.glob("*.xml")) == []
    gateway.clock.turn(days=1)
    run(gateway, house)
    assert len(list(tmp_path.glob("*.xml"))) == 1


def test_what_stays_open_for_a_month_is_no_more_tried(gateway: Any, kiosk: Any) -> None:
    kiosk.check_in(patient=HOA, use_insurance=True, insurance_unreachable=True)
    gateway.clock.turn(days=32)
    keeping.refresh(gateway.house)
    (row,) = records(gateway)
    assert row["state"] == "waiting"
    assert row["next_at"] - gateway.clock.now() > timedelta(days=365)


def test_nothing_of_the_patient_stands_beside_the_sealed_record(gateway: Any, insured: Any) -> None:
    insured()
    (row,) = records(gateway)
    told = repr({name: value for name, value in dict(row).items()})
    for private in ("Hoa", "099194000514", "DN4999912345678", "19940312"):
        assert private not in told
