"""Clinics, check-ins, what follows a check-in, and numbers leased for offline hours."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from gateway.api.deps import Sent, TheHouse, TheKiosk, TheSkew, TheWrite
from gateway.api.fingers import returned
from gateway.api.idempotency import once
from gateway.clock import corrected
from gateway.fleet import nonces
from gateway.fleet.evidence import EvidenceVerdict
from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.insurance.amounts import Payer
from gateway.insurance.look_up import find
from gateway.privacy.kinds import LATE
from gateway.privacy.subjects import link_registration
from gateway.queue import early
from gateway.queue.clinics import all_clinics
from gateway.queue.leases import top_up
from gateway.queue.registration import register
from gateway.store.database import Transaction
from gateway.store.tables import reconciliation
from services.contract import routes
from services.contract.models import (
    Abandon,
    Clinics,
    EvidenceLevel,
    FallbackUse,
    Leases,
    Registration,
    SlipReport,
    Ticket,
    Wire,
)
from services.contract.routes import Write

router = APIRouter(tags=["queue"])

LONGEST_OFFLINE = timedelta(days=30)
"""A registration from before this goes to a person: answers of its time are not kept much longer."""


@router.get(routes.CLINICS)
async def clinics(
    house: TheHouse, kiosk: TheKiosk, eligibility: Annotated[str | None, Query(max_length=32)] = None
) -> Clinics:
    """Clinics with waiting people and provisional amounts, for an insured patient by the look-up's id."""
    return await house.workers.run(_clinics, house, kiosk, eligibility)


def _clinics(house: House, kiosk: Kiosk, eligibility: str | None) -> Clinics:
    with house.store.read() as transaction:
        found = find(house, transaction, kiosk.id, eligibility) if eligibility else None
        return all_clinics(house, transaction, found.payer if found else Payer.SELF)


@router.post(routes.CHECK_INS, response_model=Ticket)
async def check_in(
    house: TheHouse, kiosk: TheKiosk, sent: TheWrite, skew: TheSkew, registration: Annotated[Registration, Body()]
) -> Response:
    """Take a number: one person, one number, however often and from wherever this is sent."""
    if registration.slot_id is not None and house.offer is not None and house.hospital is not None:
        await house.offer.look_again(house.hospital, registration.clinic_id)
    return await house.workers.run(_check_in, house, kiosk, sent, skew, registration)


def _check_in(house: House, kiosk: Kiosk, sent: Sent, skew: timedelta | None, registration: Registration) -> Response:
    now = house.now()
    if corrected(registration.arrived_at, skew, now) < now - LONGEST_OFFLINE:
        return once(
            house,
            kiosk,
            Write.CHECK_IN,
            sent,
            lambda transaction: _too_old(house, transaction, kiosk, sent, registration),
        )
    registration = returned(house, kiosk, registration)
    proven = _check_evidence(house, kiosk, registration)

    def work(transaction: Transaction) -> Ticket:
        verdict = _spend_nonce(house, transaction, kiosk, registration, proven)
        return register(house, transaction, kiosk, sent.key, registration, verdict, skew)

    return once(house, kiosk, Write.CHECK_IN, sent, work)


@router.post(routes.FALLBACK, response_model=Ticket)
def fallback(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, use: Annotated[FallbackUse, Body()]) -> Response:
    """The kiosk printed a leased number: it becomes the ticket, any number given to that key is void."""
    return _follow(house, kiosk, Write.FALLBACK, sent, use.registration_key, use)


@router.post(routes.ABANDON, response_model=Ticket)
def abandon(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, left: Annotated[Abandon, Body()]) -> Response:
    """The person left before the end: undo what was begun, unless it is paid."""
    return _follow(house, kiosk, Write.ABANDON, sent, left.registration_key, left)


@router.post(routes.SLIP, response_model=Ticket)
async def slip(
    house: TheHouse, kiosk: TheKiosk, sent: TheWrite, id: str, report: Annotated[SlipReport, Body()]
) -> Response:
    """Whether the slip came out. `id`: the check-in's, or the registration's key."""

    return await house.workers.run(
        once,
        house,
        kiosk,
        Write.SLIP,
        sent,
        lambda transaction: early.slip_of(house, transaction, kiosk, id, report),
    )


@router.post(routes.LEASES, response_model=Leases)
def leases(house: TheHouse, kiosk: TheKiosk, sent: TheWrite) -> Response:
    """Numbers this kiosk may print offline, topped up, for today and the days ahead."""
    return once(house, kiosk, Write.LEASES, sent, lambda transaction: top_up(house, transaction, kiosk))


def _follow(house: House, kiosk: Kiosk, write: Write, sent: Sent, key: str, body: Wire) -> Response:
    return once(
        house,
        kiosk,
        write,
        sent,
        lambda transaction: early.perform(house, transaction, kiosk, write, key, body),
    )


def _check_evidence(house: House, kiosk: Kiosk, registration: Registration) -> EvidenceVerdict:
    """Cryptography before the transaction: nobody waits for it."""
    evidence = registration.patient.evidence
    nonce = None if evidence is None else nonces.value_of(house, kiosk, evidence.aa_nonce_id)
    return house.evidence.check(registration.patient, nonce, house.now())


def _spend_nonce(
    house: House, transaction: Transaction, kiosk: Kiosk, registration: Registration, proven: EvidenceVerdict
) -> EvidenceVerdict:
    """A chip proof over a nonce that was used or has expired says nothing about now."""
    evidence = registration.patient.evidence
    if proven.level is not EvidenceLevel.CHIP_GENUINE or evidence is None:
        return proven
    if evidence.aa_nonce_id is not None and nonces.spend(house, transaction, kiosk, evidence.aa_nonce_id) is not None:
        return proven
    return EvidenceVerdict(EvidenceLevel.CHIP_READ, "freshness not proven")


def _too_old(house: House, transaction: Transaction, kiosk: Kiosk, sent: Sent, registration: Registration) -> None:
    row = transaction.insert(reconciliation).values(
        kiosk_id=kiosk.id,
        operation=Write.CHECK_IN.value,
        key=sent.key,
        received_at=house.now(),
        sealed_body=house.vault.seal(registration.model_dump_json().encode()),
    )
    transaction.execute(row.on_conflict_do_nothing())
    link_registration(house, transaction, LATE, sent.key, registration)
