"""The hospital's system behind the REST profile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar, cast

from gateway.hospital.failures import HospitalFault, HospitalRefused, HospitalUnavailable
from gateway.hospital.matching import same_birth, same_name
from gateway.hospital.rest import client as rest
from gateway.hospital.rest import fields
from gateway.hospital.rest.billing import RestBilling
from gateway.hospital.rest.client import NOT_FOUND, OK, Answer, Json, RestClient
from gateway.hospital.system import (
    Booking,
    HospitalCover,
    Named,
    Outcome,
    PatientRecord,
    PersonFacts,
    Place,
    Service,
    SlotTime,
    Told,
    Visit,
    VisitState,
)

PAID = "402"
"""`/dangky-kcb/huy`: the hospital's cashier was paid, or the examination has begun."""
CANCELLED = "410"
"""This registration was cancelled before it arrived, or at the hospital."""

_PLACES = {"1": Place.HELD, "0": Place.LOST}

_Row = TypeVar("_Row")


class RestHospital:
    """Implements `gateway.hospital.system.HospitalSystem`."""

    def __init__(self, client: RestClient) -> None:
        self._client = client
        self._billing = RestBilling(client)

    @property
    def billing(self) -> RestBilling:
        """Its bills."""
        return self._billing

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def tell(self, visit: Visit, *, again: bool) -> Told:
        """Register, change or undo. A registration is asked for before it is sent again."""
        if visit.state is VisitState.CANCELLED:
            return await self._cancel(visit) if again else Told(Outcome.CANCELLED, "", "")
        if again:
            known = await self._client.call(rest.REGISTERED, {"MA_YEU_CAU": visit.id})
            if known.code == OK:
                return await self._changed(visit, _row(known))
        record = await self._known(visit.patient)
        booking = await self._booking(visit, record)
        slot = await self._slot(visit)
        body = fields.registration(visit, None if record is None else record.id, booking, slot)
        answer = await self._client.call(rest.REGISTER, body, known=(CANCELLED,))
        if answer.code == CANCELLED:
            return Told(Outcome.CANCELLED, "", "")
        differs = () if record is None or not visit.patient.proven else _differing(record, visit.patient)
        return _told(_row(answer), differs)

    async def patient(self, person: PersonFacts) -> PatientRecord | None:
        """The record of a proven person, or one that agrees with everything somebody told."""
        return await self._known(person)

    async def cover(self, person: PersonFacts) -> HospitalCover | None:
        """`/bhyt`, of the named card, else of the one in the person's record."""
        number = person.insurance_number
        if not number:
            record = await self._known(person)
            number = None if record is None else record.insurance_number
        if not number:
            return None
        query = {
            "MA_THE_BHYT": number,
            "HO_TEN": person.name,
            "NGAY_SINH": fields.compact(person.birth or ""),
        }
        answer = await self._client.call(rest.COVER, query)
        return None if answer.code == NOT_FOUND else _parsed(fields.cover, _row(answer))

    async def exam_types(self) -> tuple[Named, ...]:
        """`/loai-kham`."""
        rows = await self._client.rows(rest.EXAM_TYPES, {})
        return tuple(Named(str(row["MA_LOAI_KHAM"]), str(row["TEN_LOAI_KHAM"])) for row in rows)

    async def departments(self) -> tuple[Named, ...]:
        """`/khoa`."""
        rows = await self._client.rows(rest.DEPARTMENTS, {})
        return tuple(Named(str(row["MA_KHOA"]), str(row["TEN_KHOA"])) for row in rows)

    async def services(self, department: str) -> tuple[Service, ...]:
        """`/dichvu` and `/khoa/dichvu-cotontai`."""
        rows = await self._client.rows(rest.SERVICES, {"MA_KHOA": department})
        here = await self._client.rows(rest.AVAILABLE, {"MA_KHOA": department})
        available = {str(row["MA_DICH_VU"]) for row in here}
        return tuple(_parsed(lambda row: fields.service(row, department, available), row) for row in rows)

    async def slots(self, service: str, day: date) -> tuple[SlotTime, ...]:
        """`/dichvu-lichkham`, times with places left or taken here."""
        times = await self._times(service, day)
        return tuple(sorted((one for one in times if one.free or one.ours), key=lambda one: one.start))

    async def bookings(self, record: PatientRecord, day: date) -> tuple[Booking, ...]:
        """`/lich-hen`."""
        rows = await self._client.rows(rest.BOOKINGS, {"ID_BN": record.id, "NGAY": f"{day:%Y%m%d}"})
        return tuple(sorted((_parsed(fields.booking, row) for row in rows), key=lambda one: one.start))

    async def _known(self, person: PersonFacts) -> PatientRecord | None:
        query = fields.number(person)
        if not query:
            return None
        answer = await self._client.call(rest.PATIENT, query)
        if answer.code == NOT_FOUND or not answer.data:
            return None
        data: object = answer.data
        rows = cast("list[Json]", data if isinstance(data, list) else [data])
        if len(rows) > 1:
            raise HospitalRefused(HospitalFault.AMBIGUOUS, "several patients have this number")
        record = _parsed(fields.patient, rows[0])
        return record if person.proven or not _differing(record, person, strict=True) else None

    async def _booking(self, visit: Visit, record: PatientRecord | None) -> str | None:
        if record is None or not visit.patient.proven:
            return None
        open_ones = await self.bookings(record, visit.day)
        if visit.booking_id is not None:
            return next((one.id for one in open_ones if one.id == visit.booking_id), None)
        return next((one.id for one in open_ones if one.service_code == visit.service_code), None)

    async def _times(self, service: str, day: date) -> list[SlotTime]:
        rows = await self._client.rows(rest.SLOTS, {"MA_DICH_VU": service, "NGAY": f"{day:%Y%m%d}"})
        return [_parsed(fields.slot, row) for row in rows]

    async def _slot(self, visit: Visit) -> str | None:
        """The hospital's name of the number's time; whether it still has a place the registration finds out."""
        start = visit.ticket.slot_start
        if start is None:
            return None
        return next((one.id for one in await self._times(visit.service_code, visit.day) if one.start == start), None)

    async def _changed(self, visit: Visit, row: Json) -> Told:
        if int(row.get("PHIEN_BAN") or 0) < visit.version and row.get("TRANG_THAI") != "HUY":
            body = {"MA_YEU_CAU": visit.id, **fields.changing(visit), **fields.later(visit)}
            if str(row.get("GIU_KHUNG_GIO")) == "0":
                # Its place was lost: a free one now, of the same time or of one that staff chose since.
                body |= fields.time_of(visit, await self._slot(visit))
            answer = await self._client.call(rest.CHANGE, body, known=(CANCELLED,))
            row = _row(answer) if answer.code == OK else row
        return _told(row)

    async def _cancel(self, visit: Visit) -> Told:
        """A key the hospital does not know is remembered there as cancelled: whatever is still on its way is void."""
        answer = await self._client.call(rest.CANCEL, {"MA_YEU_CAU": visit.id}, known=(PAID,))
        row = _row(answer) if answer.data else {}
        return _told(row | {"TRANG_THAI": "GIU" if answer.code == PAID else "HUY"})


def _told(row: Json, differs: tuple[str, ...] = ()) -> Told:
    outcome = {"HUY": Outcome.CANCELLED, "GIU": Outcome.KEPT}.get(str(row.get("TRANG_THAI")), Outcome.ARRIVED)
    number = row.get("STT_LK")
    return Told(
        outcome,
        str(row.get("ID_BN") or ""),
        str(row.get("MA_LK") or ""),
        None if number is None else str(number),
        differs,
        place=_PLACES.get(str(row.get("GIU_KHUNG_GIO")), Place.NONE),
    )


def _differing(record: PatientRecord, person: PersonFacts, *, strict: bool = False) -> tuple[str, ...]:
    """Fields that differ; `strict`: one that nobody told, or that the record lacks, differs too."""
    found: list[str] = []
    for name, one, other, same in (
        ("name", record.name, person.name or "", same_name),
        ("birth", record.birth, person.birth or "", same_birth),
    ):
        if (strict or (one and other)) and not same(one, other):
            found.append(name)
    if {record.sex, person.sex} == {"M", "F"}:
        found.append("sex")
    return tuple(found)


def _row(answer: Answer) -> Json:
    data: object = answer.data
    if not isinstance(data, dict):
        raise HospitalUnavailable(HospitalFault.ERROR, "an answer without its row")
    return cast(Json, data)


def _parsed(parse: Callable[[Json], _Row], row: Json) -> _Row:
    """A row read. Raises HospitalUnavailable for one that is not what the profile says."""
    try:
        return parse(row)
    except (KeyError, ValueError, TypeError) as error:
        raise HospitalUnavailable(HospitalFault.ERROR, "a row is not what the profile says") from error
