"""Bills of the hospital's system as FHIR R4B Invoices, and PaymentNotices for those that were paid here.

FHIR has no way to hold an Invoice while somebody pays it: the bill is read again before and while a code is live, and a
payment that comes twice is the cashier's. The hospital sets its Invoice to balanced when it takes the notice, and adds
number and look-up code of the e-invoice as identifiers.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from gateway.hospital.failures import HospitalRefused, HospitalUnavailable
from gateway.hospital.fhir.client import FhirClient, Json
from gateway.hospital.fhir.systems import Systems, identifiers, token
from gateway.hospital.fhir.told import Teller
from gateway.hospital.fhir.visits import moment
from gateway.hospital.rest.billing import facts_of
from gateway.payments.sources import HandedOver, PaidBill, Payer, SourceBill, SourceRefused, SourceUnavailable
from services.contract.models import (
    Beneficiary,
    BillKind,
    BillStatus,
    Breakdown,
    EInvoice,
    EInvoiceKind,
    FeeLine,
    Person,
)

_STATUS = {"issued": BillStatus.OPEN, "balanced": BillStatus.PAID}
_PAID = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/paymentstatus", "code": "paid"}]}


class FhirBilling:
    """Implements gateway.payments.sources.BillSource."""

    keeps_check_ins = True
    reserves = False

    def __init__(self, client: FhirClient, systems: Systems, teller: Teller) -> None:
        self._client = client
        self._systems = systems
        self._teller = teller

    async def close(self) -> None:
        """The connections are the hospital's link's."""

    async def find(self, payer: Payer) -> tuple[SourceBill, ...]:
        try:
            found = await self._invoices(payer)
        except HospitalUnavailable as error:
            raise SourceUnavailable(error.fault.value) from error
        except HospitalRefused as error:
            raise SourceRefused(error.fault.value) from error
        # Those with our own number are the gateway's bills, which it told the hospital of.
        bills = [self._bill(one) for one in found if not identifiers(one, self._systems.bill)]
        return tuple(sorted(bills, key=lambda bill: bill.issued_at, reverse=True))

    async def _invoices(self, payer: Payer) -> list[Json]:
        systems = self._systems
        if payer.code is not None:
            return await self._client.search("Invoice", [("identifier", token(systems.his_bill, payer.code))])
        if payer.check_in_id is not None:
            visit = await self._client.search("Encounter", [("identifier", token(systems.check_in, payer.check_in_id))])
            subject = cast(Json, visit[0].get("subject") or {}).get("reference") if visit else None
        else:
            subject = None if payer.person is None else await self._subject(payer.person)
        if subject is None:
            return []
        return await self._client.search("Invoice", [("subject", str(subject)), ("status", "issued,balanced")])

    async def _subject(self, person: Person) -> str | None:
        found = await self._teller.find(facts_of(person))
        return None if found is None else f"Patient/{found['id']}"

    async def read(self, source_id: str) -> SourceBill | None:
        found = await self._asked(source_id)
        return None if found is None else self._bill(found)

    async def reserve(self, source_id: str, version: str, holder: str, until: datetime) -> None:
        """FHIR cannot."""

    async def release(self, source_id: str, holder: str) -> None:
        """Nothing was held."""

    async def paid(self, bill: PaidBill) -> HandedOver:
        invoice = await self._invoice_of(bill)
        if invoice is None:
            # A check-in is told by its own delivery: it may still be on its way.
            raise SourceUnavailable("the bill is not there yet")
        if bill.source_id is not None and not await self._is_noticed(bill):
            # Servers that hold Invoices only would take any notice: a second payment must not get lost in the books.
            owed = self._bill(invoice)
            if owed.status is not BillStatus.OPEN:
                raise SourceRefused(f"the bill is {owed.status.value} there")
            if owed.amount != bill.amount:
                raise SourceRefused("the bill is of another sum there")
        notice = {
            "resourceType": "PaymentNotice",
            "identifier": [{"system": self._systems.payment, "value": bill.key}],
            "status": "active",
            "request": {"reference": f"Invoice/{invoice['id']}"},
            "created": moment(bill.paid_at),
            "payment": {"identifier": {"system": self._systems.transaction, "value": _transactions(bill)}},
            "paymentDate": moment(bill.paid_at)[:10],
            "recipient": {"display": "Quầy thu của bệnh viện"},
            "amount": {"value": bill.amount, "currency": "VND"},
            "paymentStatus": _PAID,
        }
        condition = f"identifier={self._systems.payment}|{bill.key}"
        try:
            made = await self._client.create(notice, condition)
        except HospitalUnavailable as error:
            raise SourceUnavailable(error.fault.value) from error
        except HospitalRefused as error:
            raise SourceRefused(error.fault.value) from error
        return HandedOver(str(made["id"]), await self.invoice(bill))

    async def _is_noticed(self, bill: PaidBill) -> bool:
        """Whether an earlier try arrived, and only its answer did not."""
        try:
            found = await self._client.search("PaymentNotice", [("identifier", token(self._systems.payment, bill.key))])
        except HospitalUnavailable as error:
            raise SourceUnavailable(error.fault.value) from error
        except HospitalRefused as error:
            raise SourceRefused(error.fault.value) from error
        return bool(found)

    async def invoice(self, bill: PaidBill) -> EInvoice | None:
        found = await self._invoice_of(bill)
        return None if found is None else self._e_invoice(found)

    async def _invoice_of(self, bill: PaidBill) -> Json | None:
        if bill.source_id is not None:
            return await self._asked(bill.source_id)
        try:
            found = await self._client.search("Invoice", [("identifier", token(self._systems.bill, bill.number))])
        except HospitalUnavailable as error:
            raise SourceUnavailable(error.fault.value) from error
        except HospitalRefused as error:
            raise SourceRefused(error.fault.value) from error
        return found[0] if found else None

    async def _asked(self, id: str) -> Json | None:
        try:
            return await self._client.read(f"Invoice/{id}")
        except HospitalUnavailable as error:
            raise SourceUnavailable(error.fault.value) from error
        except HospitalRefused as error:
            raise SourceRefused(error.fault.value) from error

    def _bill(self, resource: Json) -> SourceBill:
        try:
            lines = tuple(_line(row) for row in cast("list[Json]", resource.get("lineItem") or []))
            amount = int(resource["totalNet"]["value"])
            gross = int(cast(Json, resource.get("totalGross") or resource["totalNet"])["value"])
            kind = str(cast(Json, resource.get("type") or {}).get("text") or "")
            return SourceBill(
                id=str(resource["id"]),
                number=next(iter(identifiers(resource, self._systems.his_bill)), str(resource["id"])),
                kind=BillKind.ADVANCE if kind == "advance" else BillKind.CHARGE,
                status=_STATUS.get(str(resource["status"]), BillStatus.CANCELLED),
                version=str(cast(Json, resource.get("meta") or {}).get("versionId") or ""),
                amount=amount,
                issued_at=datetime.fromisoformat(str(resource["date"])),
                title=next(
                    (str(note["text"]) for note in cast("list[Json]", resource.get("note") or []) if "text" in note), ""
                ),
                lines=lines if sum(line.amount for line in lines) == amount else (),
                breakdown=Breakdown(
                    price=gross, fund=gross - amount, patient=amount, provisional=kind == "provisional"
                ),
                invoice=self._e_invoice(resource),
            )
        except (KeyError, ValueError, TypeError) as error:
            raise SourceUnavailable("an Invoice that is no bill") from error

    def _e_invoice(self, resource: Json) -> EInvoice | None:
        number = next(iter(identifiers(resource, self._systems.e_invoice)), None)
        code = next(iter(identifiers(resource, self._systems.e_invoice_code)), None)
        if number is None or code is None:
            return None
        return EInvoice(kind=EInvoiceKind.INVOICE, number=number, lookup_code=code)


def _line(row: Json) -> FeeLine:
    """`base` is the price, `informational` what the fund pays; a beneficiary is the item's code under `account`."""
    item = cast(Json, row.get("chargeItemCodeableConcept") or {})
    prices = {str(each["type"]): int(each["amount"]["value"]) for each in cast("list[Json]", row["priceComponent"])}
    codes = cast("list[Json]", item.get("coding") or [])
    account = next((str(code["code"]) for code in codes if code.get("system") == "urn:tram:cs:account"), None)
    name = next((str(code.get("display") or "") for code in codes if code.get("system") == "urn:tram:cs:account"), "")
    fund = prices.get("informational", 0)
    return FeeLine(
        name=str(item.get("text") or ""),
        amount=prices["base"] - fund,
        price=prices["base"],
        fund=fund,
        beneficiary=None if account is None else Beneficiary(id=account, name=name or account, name_en=name or account),
    )


def _transactions(bill: PaidBill) -> str:
    """The providers' numbers of what was paid, for whoever compares with the bank."""
    return ",".join(f"{part.provider}:{part.id}" for part in bill.parts)[:200] or bill.key
