"""Bills of the hospital's system behind the REST profile: found, read, held while somebody pays, and paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from gateway.clock import PLACE
from gateway.hospital.failures import HospitalRefused, HospitalUnavailable
from gateway.hospital.rest import client as rest
from gateway.hospital.rest import fields
from gateway.hospital.rest.client import NOT_FOUND, OK, Answer, Call, Json, RestClient
from gateway.hospital.system import PersonFacts
from gateway.payments.sources import HandedOver, PaidBill, Payer, SourceBill, SourceRefused, SourceUnavailable
from services.contract.models import (
    Beneficiary,
    BillKind,
    BillStatus,
    Breakdown,
    EInvoice,
    EInvoiceKind,
    EvidenceLevel,
    FeeLine,
    PaymentMethod,
    Person,
)

BILLS = Call("GET", "/phieu-thu", ("ID_BN", "MA_YEU_CAU", "SO_PHIEU", "MA_PHIEU"))
HOLD = Call("POST", "/phieu-thu/giu", ("MA_PHIEU", "PHIEN_BAN", "NGUOI_GIU"))
LET_GO = Call("POST", "/phieu-thu/nha", ("MA_PHIEU", "NGUOI_GIU"))
PAY = Call("POST", "/thanh-toan", ("MA_THANH_TOAN", "MA_PHIEU", "MA_YEU_CAU", "SO_TIEN"))
PAYMENT = Call("GET", "/thanh-toan", ("MA_THANH_TOAN",))

NOT_NOW = "409"
"""`/phieu-thu/giu`: held by somebody else, changed, paid or cancelled."""
_KIND = {"THU": BillKind.CHARGE, "TAM_UNG": BillKind.ADVANCE}
_MANNER = {PaymentMethod.QR: "QR", PaymentMethod.CARD: "THE", None: "TIEN_MAT"}
_STATUS = {0: BillStatus.OPEN, 1: BillStatus.PAID, 2: BillStatus.CANCELLED}


class RestBilling:
    """Implements gateway.payments.sources.BillSource."""

    keeps_check_ins = True
    reserves = True

    def __init__(self, client: RestClient) -> None:
        self._client = client

    async def close(self) -> None:
        """The connections are the hospital's link's."""

    async def find(self, payer: Payer) -> tuple[SourceBill, ...]:
        if payer.check_in_id is not None:
            query: Json = {"MA_YEU_CAU": payer.check_in_id}
        elif payer.code is not None:
            query = {"SO_PHIEU": payer.code}
        else:
            patient = None if payer.person is None else await self._patient(payer.person)
            if patient is None:
                return ()
            query = {"ID_BN": patient}
        answer = await self._call(BILLS, query)
        return tuple(_bill(row) for row in _rows(answer))

    async def read(self, source_id: str) -> SourceBill | None:
        rows = _rows(await self._call(BILLS, {"MA_PHIEU": source_id}))
        return _bill(rows[0]) if rows else None

    async def reserve(self, source_id: str, version: str, holder: str, until: datetime) -> None:
        body = {"MA_PHIEU": source_id, "PHIEN_BAN": version, "NGUOI_GIU": holder, "DEN": fields.minute(until)}
        if (await self._call(HOLD, body, NOT_NOW)).code != OK:
            raise SourceRefused("not to be had")

    async def release(self, source_id: str, holder: str) -> None:
        await self._call(LET_GO, {"MA_PHIEU": source_id, "NGUOI_GIU": holder})

    async def paid(self, bill: PaidBill) -> HandedOver:
        body = {
            "MA_THANH_TOAN": bill.key,
            "MA_PHIEU": bill.source_id,
            "MA_YEU_CAU": bill.check_in_id,
            "SO_PHIEU": bill.number,
            "SO_TIEN": bill.amount,
            "THOI_GIAN": fields.minute(bill.paid_at),
            "GIAO_DICH": [
                {
                    "MA_GIAO_DICH": part.id,
                    "CONG": part.provider,
                    "SO_THAM_CHIEU": part.reference,
                    "SO_TIEN": part.amount,
                    "HINH_THUC": _MANNER[part.method],
                    "TAI_KHOAN": part.account_id,
                    "THOI_GIAN": fields.minute(part.at),
                }
                for part in bill.parts
            ],
        }
        answer = await self._call(PAY, body)
        if answer.code == NOT_FOUND:
            # A check-in is told by its own delivery: it may still be on its way.
            raise SourceUnavailable("the bill is not there yet")
        row = _row(answer)
        return HandedOver(str(row.get("SO_BIEN_NHAN") or ""), _invoice(row.get("HOA_DON_DT")))

    async def invoice(self, bill: PaidBill) -> EInvoice | None:
        # By the payment of the bill, whoever took it: the hand-over's key is not ours to know here.
        answer = await self._call(PAYMENT, {"MA_PHIEU": bill.source_id, "MA_YEU_CAU": bill.check_in_id})
        return None if answer.code == NOT_FOUND else _invoice(_row(answer).get("HOA_DON_DT"))

    async def _patient(self, person: Person) -> str | None:
        answer = await self._call(rest.PATIENT, fields.number(facts_of(person)))
        if answer.code == NOT_FOUND or not answer.data:
            return None
        data: object = answer.data
        rows = cast("list[Json]", data if isinstance(data, list) else [data])
        if len(rows) > 1:
            raise SourceRefused("several patients have this number")
        return str(rows[0].get("ID_BN"))

    async def _call(self, call: Call, query: Mapping[str, Any], *known: str) -> Answer:
        try:
            return await self._client.call(call, query, known=known)
        except HospitalUnavailable as error:
            raise SourceUnavailable(error.fault.value) from error
        except HospitalRefused as error:
            raise SourceRefused(error.fault.value) from error


def facts_of(person: Person) -> PersonFacts:
    """A person whom the chip proved, as the hospital's room knows people."""
    return PersonFacts(
        key="",
        number=person.number,
        document=person.document,
        name=person.name,
        birth=person.birth,
        sex=person.sex,
        address=None,
        insurance_number=person.insurance_number,
        level=EvidenceLevel.CHIP_READ,
    )


def _bill(row: Json) -> SourceBill:
    try:
        lines = tuple(_line(line) for line in cast("list[Json]", row.get("CHI_TIET") or []))
        return SourceBill(
            id=str(row["MA_PHIEU"]),
            number=str(row["SO_PHIEU"]),
            kind=_KIND.get(str(row.get("LOAI")), BillKind.CHARGE),
            status=_STATUS[int(row["TRANG_THAI"])],
            version=str(row["PHIEN_BAN"]),
            amount=int(row["PHAI_TRA"]),
            issued_at=_moment(str(row["THOI_GIAN"])),
            title=str(row.get("TEN_PHIEU") or ""),
            lines=lines,
            breakdown=Breakdown(
                price=int(row.get("TONG_TIEN") or row["PHAI_TRA"]),
                fund=int(row.get("QUY_BHYT") or 0),
                patient=int(row["PHAI_TRA"]),
                provisional=bool(int(row.get("TAM_TINH") or 0)),
            ),
            invoice=_invoice(row.get("HOA_DON_DT")),
            counter_only=bool(int(row.get("CHI_TAI_QUAY") or 0)),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise SourceUnavailable("a bill is not what the profile says") from error


def _line(row: Json) -> FeeLine:
    account = row.get("TAI_KHOAN")
    name = str(row.get("TEN_DON_VI_HUONG") or account or "")
    return FeeLine(
        name=str(row["TEN"]),
        amount=int(row["THANH_TIEN"]),
        price=None if row.get("DON_GIA") is None else int(row["DON_GIA"]),
        fund=None if row.get("QUY_BHYT") is None else int(row["QUY_BHYT"]),
        beneficiary=None if not account else Beneficiary(id=str(account), name=name, name_en=name),
    )


def _invoice(told: object) -> EInvoice | None:
    if not isinstance(told, dict):
        return None
    row = cast(Json, told)
    try:
        return EInvoice(
            kind=EInvoiceKind.RECEIPT if row.get("LOAI") == "BIEN_LAI" else EInvoiceKind.INVOICE,
            number=f"{row['KY_HIEU']} {row['SO']}",
            lookup_code=str(row["MA_TRA_CUU"]),
            lookup_url=str(row.get("TRANG_TRA_CUU") or ""),
            issued_at=None if not row.get("NGAY") else _moment(str(row["NGAY"])),
        )
    except (KeyError, ValueError) as error:
        raise SourceUnavailable("an e-invoice is not what the profile says") from error


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d%H%M").replace(tzinfo=PLACE)


def _rows(answer: Answer) -> list[Json]:
    data: object = answer.data
    if answer.code == NOT_FOUND or not data:
        return []
    if not isinstance(data, list):
        raise SourceUnavailable("a list without rows")
    return [cast(Json, row) for row in cast("list[object]", data) if isinstance(row, dict)]


def _row(answer: Answer) -> Json:
    data: object = answer.data
    if not isinstance(data, dict):
        raise SourceUnavailable("an answer without its row")
    return cast(Json, data)
