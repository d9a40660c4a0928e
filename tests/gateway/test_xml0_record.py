"""The check-in record of 26 fields: its XML, and every rule that keeps a record from being sent (health.md 3.5)."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from gateway.insurance.rules import load_rules
from gateway.xml0.checking import TABLE, faults
from gateway.xml0.making import birth, own_visit_key
from gateway.xml0.record import CheckInRecord, to_xml

RULES = load_rules()
# The document's own list: tag, largest size (None: not limited or not given), required.
DOCUMENT: tuple[tuple[str, int | None, bool], ...] = (
    ("MA_LK", 100, True),
    ("STT", 10, True),
    ("MA_BN", 100, True),
    ("HO_TEN", 255, True),
    ("SO_CCCD", 15, False),
    ("NGAY_SINH", 12, True),
    ("GIOI_TINH", 1, True),
    ("MA_THE_BHYT", 15, False),
    ("MA_DKBD", 5, False),
    ("GT_THE_TU", 8, False),
    ("GT_THE_DEN", 8, False),
    ("MA_DOITUONG_KCB", 4, True),
    ("NGAY_VAO", 12, True),
    ("NGAY_VAO_NOI_TRU", 12, False),
    ("LY_DO_VNT", None, False),
    ("MA_LY_DO_VNT", 5, False),
    ("MA_LOAI_KCB", 2, True),
    ("MA_CSKCB", 5, True),
    ("MA_DICH_VU", 50, False),
    ("TEN_DICH_VU", 1024, False),
    ("MA_THUOC", 255, False),
    ("TEN_THUOC", 1024, False),
    ("MA_VAT_TU", 255, False),
    ("TEN_VAT_TU", 1024, False),
    ("NGAY_YL", 12, True),
    ("DU_PHONG", None, False),
)

WHOLE = CheckInRecord(
    ma_lk="99001.20261123.0f",
    ma_bn="BN000123",
    ho_ten="Phạm Thị Thanh Hoa",
    so_cccd="099194000514",
    ngay_sinh="199403120000",
    gioi_tinh="2",
    ma_the_bhyt="DN4999912345678",
    ma_dkbd="99001",
    gt_the_tu="20260101",
    gt_the_den="20261231",
    ma_doituong_kcb="1.1",
    ngay_vao="202611231200",
    ma_cskcb="99001",
    ma_dich_vu="KB.TIM-MACH",
    ten_dich_vu="Nội tim mạch",
    ngay_yl="202611231200",
)


def wrong(**changes: Any) -> list[str]:
    return [str(fault) for fault in faults(replace(WHOLE, **changes), RULES)]


def test_a_whole_record_has_no_fault() -> None:
    assert wrong() == []


def test_the_table_has_the_26_fields_of_the_document_in_their_order() -> None:
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["field"]
    assert [(row["tag"], row.get("max"), row.get("required", False)) for row in rows] == list(DOCUMENT)


def test_the_xml_has_the_wrapper_the_order_and_an_empty_place_for_the_signature() -> None:
    xml = to_xml([WHOLE])
    assert xml.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    root = ElementTree.fromstring(xml)  # noqa: S314 - our own
    assert root.tag == "CHI_TIEU_TRANG_THAI_KCB"
    assert [child.tag for child in root] == ["DSACH_TRANG_THAI_KCB", "CHUKYDONVI"]
    assert not root[1].text
    (record,) = root[0]
    assert record.tag == "TRANG_THAI_KCB"
    assert [field.tag for field in record] == [tag for tag, _, _ in DOCUMENT]
    assert record.findtext("HO_TEN") == "Phạm Thị Thanh Hoa"
    assert record.findtext("MA_DOITUONG_KCB") == "1.1"
    assert record.findtext("MA_THUOC") == ""


def test_letters_that_mean_something_to_xml_are_only_text() -> None:
    odd = replace(WHOLE, ho_ten="A & B <HO_TEN>x</HO_TEN> ]]> \"'")
    record = ElementTree.fromstring(to_xml([odd]))[0][0]  # noqa: S314 - our own
    assert record.findtext("HO_TEN") == odd.ho_ten
    assert len(record) == 26


def test_several_records_make_one_sending() -> None:
    second = replace(WHOLE, stt="2", ma_lk="other")
    root = ElementTree.fromstring(to_xml([WHOLE, second]))  # noqa: S314 - our own
    assert [record.findtext("STT") for record in root[0]] == ["1", "2"]


@pytest.mark.parametrize("tag", [tag for tag, _, required in DOCUMENT if required])
def test_a_required_field_is_missed(tag: str) -> None:
    assert f"{tag}: missing" in wrong(**{tag.lower(): ""})


@pytest.mark.parametrize(("tag", "longest"), [(tag, size) for tag, size, _ in DOCUMENT if size is not None])
def test_a_field_that_is_too_long_is_found(tag: str, longest: int) -> None:
    assert f"{tag}: too-long" in wrong(**{tag.lower(): "1" * (longest + 1)})


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"stt": "một"}, "STT: form"),
        ({"ho_ten": " Hoa"}, "HO_TEN: form"),
        ({"ho_ten": "Hoa\x07"}, "HO_TEN: letters"),
        ({"ho_ten": "Hoa\ud800"}, "HO_TEN: letters"),
        ({"ho_ten": "Hoa\u0300"}, "HO_TEN: letters"),
        ({"so_cccd": "09919400051"}, "SO_CCCD: form"),
        ({"so_cccd": "C1234567"}, None),
        ({"so_cccd": "012345678"}, None),
        ({"so_cccd": ""}, None),
        ({"so_cccd": "c1234567"}, "SO_CCCD: form"),
        ({"ngay_sinh": "199403120715"}, None),
        ({"ngay_sinh": "195200000000"}, None),
        ({"ngay_sinh": "195207000000"}, None),
        ({"ngay_sinh": "195200120000"}, "NGAY_SINH: form"),
        ({"ngay_sinh": "195213000000"}, "NGAY_SINH: form"),
        ({"ngay_sinh": "199402300000"}, "NGAY_SINH: form"),
        ({"ngay_sinh": "1994"}, "NGAY_SINH: form"),
        ({"ngay_sinh": "000003120000"}, "NGAY_SINH: form"),
        ({"gioi_tinh": "3"}, None),
        ({"gioi_tinh": "0"}, "GIOI_TINH: unknown"),
        ({"ma_the_bhyt": "9912345678"}, None),
        ({"ma_the_bhyt": "099194000514"}, None),
        ({"ma_the_bhyt": "DN9999912345678"}, "MA_THE_BHYT: form"),
        ({"ma_the_bhyt": "DN499991234567"}, "MA_THE_BHYT: form"),
        ({"ma_the_bhyt": ""}, "MA_THE_BHYT: missing"),
        ({"gt_the_tu": "20260230"}, "GT_THE_TU: form"),
        ({"gt_the_den": ""}, None),
        ({"gt_the_den": "20251231"}, "GT_THE_DEN: order"),
        ({"ma_doituong_kcb": "1.8"}, "MA_DOITUONG_KCB: unknown"),
        ({"ma_doituong_kcb": "2"}, "MA_DOITUONG_KCB: not-sent"),
        ({"ngay_vao": "202412312359", "ngay_yl": "202501010000"}, "MA_DOITUONG_KCB: unknown"),
        ({"ma_doituong_kcb": "9"}, "MA_THE_BHYT: needless"),
        ({"ngay_vao": "202611232460"}, "NGAY_VAO: form"),
        ({"ngay_vao": "20261123"}, "NGAY_VAO: form"),
        ({"ngay_vao_noi_tru": "202611231300"}, "LY_DO_VNT: missing"),
        ({"ngay_vao_noi_tru": "202611231159", "ly_do_vnt": "mổ"}, "NGAY_VAO_NOI_TRU: order"),
        ({"ngay_vao_noi_tru": "202611231200", "ly_do_vnt": "mổ"}, None),
        ({"ma_loai_kcb": "1"}, "MA_LOAI_KCB: unknown"),
        ({"ma_loai_kcb": "16"}, None),
        ({"ma_loai_kcb": "17"}, "MA_LOAI_KCB: unknown"),
        ({"ma_cskcb": "9900"}, "MA_CSKCB: form"),
        ({"ma_dich_vu": ""}, "MA_DICH_VU: missing"),
        ({"ten_dich_vu": ""}, "TEN_DICH_VU: missing"),
        ({"ma_dich_vu": "", "ten_dich_vu": "", "ma_thuoc": "40.1"}, "TEN_THUOC: missing"),
        ({"ma_dich_vu": "", "ten_dich_vu": "", "ma_thuoc": "40.1", "ten_thuoc": "x"}, None),
        ({"ma_dich_vu": "", "ten_dich_vu": "", "ma_vat_tu": "N1", "ten_vat_tu": "x"}, None),
        ({"ten_thuoc": "x"}, "MA_THUOC: missing"),
        ({"ngay_yl": "202611231159"}, "NGAY_YL: order"),
    ],
)  # fmt: skip
def test_each_rule_of_the_record(changes: dict[str, str], fault: str | None) -> None:
    found = wrong(**changes)
    assert (found == []) if fault is None else (fault in found)


def test_somebody_without_insurance_has_no_card_in_the_record() -> None:
    bare = {"ma_the_bhyt": "", "ma_dkbd": "", "gt_the_tu": "", "gt_the_den": "", "ma_doituong_kcb": "9"}
    assert wrong(**bare) == []


def test_a_fault_never_tells_the_value() -> None:
    assert "099194" not in str(wrong(so_cccd="0991940005145X"))


@pytest.mark.parametrize(
    ("known", "written"),
    [("1994-03-12", "199403120000"), ("1952", "195200000000"), ("1952-07", "195207000000"), (None, ""), ("", "")],
)
def test_unknown_parts_of_a_birth_are_zeros(known: str | None, written: str) -> None:
    assert birth(known) == written


def test_visits_of_one_day_have_keys_of_their_own() -> None:
    keys = {own_visit_key("99001", "202611231200", f"{n:032x}") for n in range(3)}
    assert len(keys) == 3
    assert max(map(len, keys)) <= 100
