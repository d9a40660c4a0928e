"""The resources of one check-in: Encounter, ServiceRequest, Task (the queue ticket), Invoice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gateway.clock import PLACE
from gateway.hospital.fhir.systems import Systems
from gateway.hospital.system import BillFacts, TicketFacts, Visit, VisitState
from services.contract.models import Priority, TicketStatus

Json = dict[str, Any]

_ACT_CODE = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "code": "AMB",
    "display": "ambulatory",
}
_TASK = {
    TicketStatus.WAITING.value: ("received", "chờ khám"),
    TicketStatus.UNPAID.value: ("requested", "chờ đóng tiền"),
    TicketStatus.CALLED.value: ("in-progress", "đã gọi"),
    TicketStatus.AWAY.value: ("on-hold", "chờ kết quả"),
    TicketStatus.MISSED.value: ("on-hold", "gọi không có mặt"),
    TicketStatus.DONE.value: ("completed", "đã khám"),
    TicketStatus.ABANDONED.value: ("cancelled", "đã bỏ dở"),
    TicketStatus.VOIDED.value: ("cancelled", "đã hủy số"),
}
_INVOICE = {"open": "issued", "paid": "balanced", "cancelled": "cancelled"}


def moment(time: datetime) -> str:
    """An instant at the place, to the second: 2026-11-23T12:00:00+07:00."""
    return time.astimezone(PLACE).isoformat(timespec="seconds")


def encounter(visit: Visit, patient: str | None, appointment: str | None, systems: Systems) -> Json:
    """The arrival. Without a patient: the mark of a visit that was undone before anybody knew that it got through."""
    resource: Json = {
        "resourceType": "Encounter",
        "identifier": [{"system": systems.check_in, "value": visit.id}],
        "status": "arrived" if visit.state is VisitState.ARRIVED else "cancelled",
        "class": _ACT_CODE,
        "period": {"start": moment(visit.arrived_at)},
        "serviceType": _service(visit, systems),
    }
    if patient is not None:
        resource["subject"] = {"reference": patient}
    if appointment is not None:
        resource["appointment"] = [{"reference": appointment}]
    return resource


def order(visit: Visit, subject: Json, encounter: str, systems: Systems) -> Json:
    """The examination that was asked for."""
    return {
        "resourceType": "ServiceRequest",
        "identifier": [{"system": systems.check_in, "value": visit.id}],
        "status": "active" if visit.state is VisitState.ARRIVED else "revoked",
        "intent": "order",
        "priority": _urgency(visit),
        "code": _service(visit, systems),
        "subject": subject,
        "encounter": {"reference": encounter},
        "authoredOn": moment(visit.arrived_at),
    }


def ticket(visit: Visit, subject: Json, encounter: str, order: str, systems: Systems) -> Json:
    """The queue's number. FHIR has no ticket: a Task, whose status follows the calling."""
    status, words = task_status(visit.ticket, visit.state)
    resource: Json = {
        "resourceType": "Task",
        "identifier": ticket_identifiers(visit, systems),
        "status": status,
        "businessStatus": {"text": words},
        "intent": "order",
        "priority": _urgency(visit),
        "code": {"text": "queue-ticket"},
        "description": visit.ticket.number,
        "focus": {"reference": order},
        "for": subject,
        "encounter": {"reference": encounter},
        "authoredOn": moment(visit.ticket.issued_at),
        "input": [{"type": {"text": "evidence-level"}, "valueString": visit.patient.level.value}],
    }
    if visit.insurance_presented_at is not None:
        shown = {"type": {"text": "insurance-presented-at"}, "valueDateTime": moment(visit.insurance_presented_at)}
        resource["input"].append(shown)
    if visit.ticket.slot_start is not None:
        resource["restriction"] = {"period": {"start": moment(visit.ticket.slot_start)}}
    if visit.priority is not Priority.NONE:
        proof = "proven" if visit.priority_proven else "declared"
        resource["reasonCode"] = {"text": f"{visit.priority.value} ({proof})"}
    return resource


def with_inputs(known: list[Json], ours: list[Json]) -> list[Json]:
    """Inputs of a Task with ours as they are now; those of other kinds are the hospital's. A kind is its text:
    a server may add codes to it."""
    kinds = {one["type"]["text"] for one in ours}
    return [*ours, *(one for one in known if one.get("type", {}).get("text") not in kinds)]


def ticket_identifiers(visit: Visit, systems: Systems) -> list[Json]:
    """The check-in's key, and the number with its day and clinic."""
    number = f"{visit.day.isoformat()}/{visit.clinic_id}/{visit.ticket.number}"
    return [{"system": systems.check_in, "value": visit.id}, {"system": systems.ticket, "value": number}]


def task_status(ticket: TicketFacts, state: VisitState) -> tuple[str, str]:
    """Status of the Task and its words; a status this table does not know is a number that waits."""
    if state is VisitState.CANCELLED:
        return _TASK[TicketStatus.ABANDONED.value]
    return _TASK.get(ticket.status, ("received", ticket.status))


def invoice(visit: Visit, bill: BillFacts, subject: Json | None, systems: Systems) -> Json:
    """The bill of the examination."""
    amount = {"value": bill.amount, "currency": "VND"}
    resource: Json = {
        "resourceType": "Invoice",
        "identifier": [
            {"system": systems.check_in, "value": visit.id},
            {"system": systems.bill, "value": bill.number},
        ],
        "status": invoice_status(bill, visit.state),
        "date": moment(bill.issued_at),
        "lineItem": [
            {
                "sequence": 1,
                "chargeItemCodeableConcept": _service(visit, systems),
                "priceComponent": [{"type": "base", "amount": amount}],
            }
        ],
        "totalNet": amount,
        "totalGross": amount,
    }
    if subject is not None:
        resource["subject"] = subject
    return resource


def invoice_status(bill: BillFacts, state: VisitState) -> str:
    """`issued`, `balanced` or `cancelled`."""
    return "cancelled" if state is VisitState.CANCELLED else _INVOICE[bill.status]


def _urgency(visit: Visit) -> str:
    return "routine" if visit.priority is Priority.NONE else "urgent"


def _service(visit: Visit, systems: Systems) -> Json:
    return {"coding": [{"system": systems.service, "code": visit.service_code}], "text": visit.service_name}
