"""Fields of the REST profile and the gateway's values, mapped apart for each call.

The public document writes sex as 1/2/3 in one call and as 0/1 in another: so there is one table for each call, and no
table is shared.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from gateway.clock import PLACE
from gateway.hospital.system import (
    BillFacts,
    Booking,
    CoverFacts,
    Guardian,
    HospitalCover,
    Paper,
    PatientRecord,
    PersonFacts,
    Service,
    SlotTime,
    Visit,
)

Json = dict[str, Any]

_SEX_IN_PATIENT = {1: "M", 2: "F", 3: "<"}
_SEX_IN_REGISTRATION = {"M": 1, "F": 2}
_UNKNOWN_SEX_IN_REGISTRATION = 3
_PAPER = {Paper.ID: 1, Paper.OLD_ID: 2, Paper.PASSPORT: 3}
_BILL = {"open": 0, "paid": 1, "cancelled": 2}


def number(person: PersonFacts) -> Json:
    """SO_GTTT and LOAI_GTTT: 1 căn cước (12 digits), 2 chứng minh nhân dân (9 digits), 3 passport."""
    if person.paper is None:
        return {}
    return {"SO_GTTT": person.paper[1], "LOAI_GTTT": _PAPER[person.paper[0]]}


def compact(birth: str) -> str:
    """yyyy, yyyyMM or yyyyMMdd."""
    return birth.replace("-", "")


def minute(moment: datetime) -> str:
    """yyyyMMddHHmm at the place."""
    return f"{moment.astimezone(PLACE):%Y%m%d%H%M}"


def registration(visit: Visit, patient_id: str | None, booking_id: str | None, slot_id: str | None = None) -> Json:
    """The body of `/dangky-kcb`."""
    person = visit.patient
    return {
        "MA_YEU_CAU": visit.id,
        "PHIEN_BAN": visit.version,
        "ID_BN": patient_id,
        "XAC_THUC": 1 if person.proven else 0,
        "MUC_XAC_THUC": person.level.value,
        "MA_NGUOI_KHAI": None if person.proven and person.paper else person.key,
        **number(person),
        "HO_TEN": person.name,
        "NGAY_SINH": None if person.birth is None else compact(person.birth),
        "GIOI_TINH": _SEX_IN_REGISTRATION.get(person.sex or "", _UNKNOWN_SEX_IN_REGISTRATION),
        "DIA_CHI": person.address,
        "MA_DICH_VU": visit.service_code,
        "TEN_DICH_VU": visit.service_name,
        "MA_LOAI_KHAM": visit.exam_type,
        "THOI_GIAN_DEN": minute(visit.arrived_at),
        "ID_LICH_HEN": booking_id,
        **time_of(visit, slot_id),
        "NGUOI_DI_CUNG": None if visit.guardian is None else _companion(visit.guardian),
        **later(visit),
        **changing(visit),
    }


def changing(visit: Visit) -> Json:
    """What of a registration may change after it was told."""
    return {
        "PHIEN_BAN": visit.version,
        "SO_THU_TU": visit.ticket.number,
        "TRANG_THAI_PHIEU": visit.ticket.status,
        "UU_TIEN": visit.priority.value,
        "UU_TIEN_XAC_THUC": 1 if visit.priority_proven else 0,
        "HOA_DON": None if visit.bill is None else _bill(visit.bill),
    }


def time_of(visit: Visit, slot_id: str | None) -> Json:
    """The time of the number, and the hospital's own name of it."""
    return {"ID_KHUNG_GIO": slot_id, "KHUNG_GIO_TU": _minute_of(visit.ticket.slot_start)}


def later(visit: Visit) -> Json:
    """Insurance: also a card that is shown, or answered for, after the registration was told."""
    return {
        "SU_DUNG_BHYT": 1 if visit.use_insurance else 0,
        "THOI_DIEM_XUAT_TRINH_THE": _minute_of(visit.insurance_presented_at),
        **_cover(visit.cover),
    }


def patient(row: Json) -> PatientRecord:
    """A row of `/benhnhan`."""
    return PatientRecord(
        id=str(row["ID_BN"]),
        code=str(row.get("MA_BN") or row["ID_BN"]),
        name=str(row.get("HO_TEN") or ""),
        birth=_birth(str(row.get("NGAY_SINH") or "")),
        sex=_SEX_IN_PATIENT.get(_whole(row.get("GIOI_TINH")), "<"),
        insurance_number=_text(row.get("MA_THE_BHYT")),
    )


def cover(row: Json) -> HospitalCover:
    """The row of `/bhyt`."""
    return HospitalCover(
        card_number=str(row["MA_THE_BHYT"]),
        facility=str(row.get("MA_DKBD") or ""),
        valid_from=_day(row.get("GT_THE_TU")),
        valid_to=_day(row.get("GT_THE_DEN")),
        accepted=_whole(row.get("TIEP_NHAN_BHYT")) == 1,
    )


def service(row: Json, department: str, available: set[str]) -> Service:
    """A row of `/dichvu`."""
    code = str(row["MA_DICH_VU"])
    return Service(
        code=code,
        name=str(row.get("TEN_DICH_VU") or code),
        department=department,
        exam_types=tuple(str(one) for one in row.get("MA_LOAI_KHAM") or ()),
        price=_whole(row.get("DON_GIA_DICH_VU")),
        insured_price=_whole(row.get("DON_GIA_BHYT")),
        surcharge=_whole(row.get("DON_GIA_THU_THEM")),
        available=code in available,
    )


def slot(row: Json) -> SlotTime:
    """A row of `/dichvu-lichkham`: SL_TOI_DA places, SL_HIEN_TAI taken, SL_TRAM of these by numbers given here."""
    free = _whole(row.get("SL_TOI_DA")) - _whole(row.get("SL_HIEN_TAI"))
    start, end, ours = _moment(row["THOI_GIAN_TU"]), _moment(row["THOI_GIAN_DEN"]), _whole(row.get("SL_TRAM"))
    return SlotTime(str(row["ID"]), start, end, max(free, 0), max(ours, 0))


def booking(row: Json) -> Booking:
    """A row of `/lich-hen`."""
    end = _text(row.get("THOI_GIAN_DEN"))
    return Booking(
        str(row["ID"]),
        str(row["MA_DICH_VU"]),
        str(row.get("TEN_DICH_VU") or row["MA_DICH_VU"]),
        _moment(row["THOI_GIAN_TU"]),
        None if end is None else _moment(end),
    )


def _cover(facts: CoverFacts | None) -> Json:
    if facts is None:
        return {}
    days = {"GT_THE_TU": facts.valid_from, "GT_THE_DEN": facts.valid_to}
    return {
        "MA_THE_BHYT": facts.card_number,
        "NOI_DKBD": facts.registered_at,
        **{name: f"{day:%Y%m%d}" for name, day in days.items() if day is not None},
        "MA_KQ": facts.result_code,
        "MUC_HUONG": facts.benefit_percent,
        "MA_DOITUONG_KCB": facts.route_code,
        "TIEP_NHAN_BHYT": None if facts.inforce is None else int(facts.inforce),
        "THOI_GIAN_TRA_CUU": minute(facts.asked_at),
    }


def _minute_of(moment: datetime | None) -> str | None:
    return None if moment is None else minute(moment)


def _companion(guardian: Guardian) -> Json:
    person = guardian.person
    fields: Json = {"QUAN_HE": guardian.relation.value}
    if person is not None:
        fields |= {"HO_TEN": person.name, **number(person), "XAC_THUC": 1 if person.proven else 0}
    return fields


def _bill(bill: BillFacts) -> Json:
    return {
        "SO_HOA_DON": bill.number,
        "SO_TIEN": bill.amount,
        "DA_THU": _BILL[bill.status],
        "THOI_GIAN_THU": None if bill.paid_at is None else minute(bill.paid_at),
    }


def _birth(text: str) -> str:
    """yyyyMMdd with zeros for what is unknown, to yyyy, yyyy-mm or yyyy-mm-dd."""
    match = re.fullmatch(r"(\d{4})(?:(\d\d)(\d\d)?)?\d*", text)
    if match is None:
        return ""
    parts = [part for part in match.groups() if part and int(part)]
    return "-".join(parts)


def _moment(value: Any) -> datetime:
    return datetime.strptime(str(value), "%Y%m%d%H%M").replace(tzinfo=PLACE)


def _day(value: Any) -> date | None:
    text = _text(value)
    return None if text is None else datetime.strptime(text[:8], "%Y%m%d").replace(tzinfo=PLACE).date()


def _whole(value: Any) -> int:
    return int(value) if value not in {None, ""} else 0


def _text(value: Any) -> str | None:
    return None if value in {None, ""} else str(value)
