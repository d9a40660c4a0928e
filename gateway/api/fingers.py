"""Fingers: what is enrolled, enrolling, checking after the card, and coming back without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Body, Response
from sqlalchemy import select

from gateway.api.deps import Sent, TheHouse, TheKiosk, TheWrite
from gateway.api.idempotency import begin, finish, forget
from gateway.fingers import attempts, deciding, templates
from gateway.fingers.attempts import Kind
from gateway.fingers.deciding import Decision
from gateway.fingers.matching import OneAtATime
from gateway.fleet.kiosks import Kiosk
from gateway.fleet.proven import must_be_proven
from gateway.house import House
from gateway.privacy.notice import FINGER, keep_consents
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import check_ins, registrations
from services.contract import routes
from services.contract.models import (
    EvidenceLevel,
    FingerAnswer,
    FingerAsk,
    FingerCheck,
    FingerEnrolment,
    FingerReturn,
    FingerStanding,
    FingerVerdict,
    Person,
    Registration,
)
from services.contract.routes import Write
from services.fingers.rules import Position

router = APIRouter(tags=["fingers"])

_WHOLE_DATE = len("2026-11-23")
_VERIFIED = {EvidenceLevel.CHIP_GENUINE.value, EvidenceLevel.CHIP_READ.value}


@router.post(routes.FINGER_STANDING)
def standing(house: TheHouse, kiosk: TheKiosk, asked: Annotated[FingerAsk, Body()]) -> FingerStanding:
    """Which fingers of a person whom the chip proved are enrolled here."""
    if house.fingers is None:
        return FingerStanding(positions=())
    must_be_proven(house, kiosk, asked.person)
    if asked.person.number is None:
        return FingerStanding(positions=())
    with house.store.read() as transaction:
        kept = templates.of_person(house, transaction, templates.person_hash(house, asked.person.number))
    return FingerStanding(positions=tuple(sorted({int(one.templates[0].position) for one in kept})))


@router.post(routes.FINGER_ENROLMENTS, response_model=FingerVerdict)
def enrol(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, asked: Annotated[FingerEnrolment, Body()]) -> Response:
    """Keep three impressions of one finger, with the consent that was given for exactly that."""
    matcher = _matcher(house)
    if [answer.purpose for answer in asked.consent.answers if answer.given] != [FINGER]:
        raise Refused(422, "The consent is not one for this purpose alone")
    with house.store.read() as transaction:
        owner = _owner(house, transaction, kiosk, asked)

    def decide() -> Decision:
        return deciding.enrolled(matcher, asked.pictures, Position(asked.position))

    def work(transaction: Transaction, decision: Decision) -> FingerVerdict:
        if decision.answer is FingerAnswer.MATCH:
            keep_consents(house, transaction, kiosk, asked.consent)
            templates.keep(house, transaction, owner, decision.templates)
        return FingerVerdict(answer=decision.answer)

    return _decided(house, kiosk, Write.FINGER_ENROLMENT, sent, decide, work)


@router.post(routes.FINGER_CHECKS, response_model=FingerVerdict)
def check(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, asked: Annotated[FingerCheck, Body()]) -> Response:
    """One to one: the finger against those of the person whom the chip proved."""
    matcher = _matcher(house)
    must_be_proven(house, kiosk, asked.person)
    if asked.person.number is None:
        raise Refused(422, "Only somebody with an ID number is enrolled")
    person = templates.person_hash(house, asked.person.number)
    with house.store.read() as transaction:
        known = templates.of_person(house, transaction, person)

    def decide() -> Decision:
        with house.store.read() as transaction:
            attempts.must_have_tries(house, transaction, Kind.CHECK, person)
        return deciding.compared(matcher, asked.picture, known, Position(asked.position))

    def work(transaction: Transaction, decision: Decision) -> FingerVerdict:
        if decision.kept is not None:
            templates.used(house, transaction, decision.kept.id)
        attempts.note(house, transaction, kiosk, Kind.CHECK, person, decision, person)
        left = attempts.tries_left(house, transaction, Kind.CHECK, person)
        return FingerVerdict(answer=decision.answer, tries_left=left)

    return _decided(house, kiosk, Write.FINGER_CHECK, sent, decide, work)


@router.post(routes.FINGER_RETURNS, response_model=FingerVerdict)
def come_back(house: TheHouse, kiosk: TheKiosk, sent: TheWrite, asked: Annotated[FingerReturn, Body()]) -> Response:
    """Without the card: at most ten people who would type the same. The answer names nobody."""
    matcher = _matcher(house)
    if not house.settings.fingers.returning:
        raise Refused(403, "Nobody comes back without the card here")
    subject = templates.returning_hash(house, asked.birth, asked.phone_last4)
    with house.store.read() as transaction:
        known = templates.candidates(house, transaction, subject)

    def decide() -> Decision:
        with house.store.read() as transaction:
            attempts.must_have_tries(house, transaction, Kind.RETURN, subject)
        decision = deciding.compared(matcher, asked.picture, known, Position.UNKNOWN)
        # Whether anybody enrolled under what was typed is nobody's business.
        hidden = decision.answer is FingerAnswer.UNKNOWN
        return replace(decision, answer=FingerAnswer.NO_MATCH) if hidden else decision

    def work(transaction: Transaction, decision: Decision) -> FingerVerdict:
        if decision.kept is not None:
            templates.used(house, transaction, decision.kept.id)
        id = attempts.note(house, transaction, kiosk, Kind.RETURN, subject, decision)
        left = attempts.tries_left(house, transaction, Kind.RETURN, subject)
        return FingerVerdict(answer=decision.answer, tries_left=left, finger=None if decision.kept is None else id)

    return _decided(house, kiosk, Write.FINGER_RETURN, sent, decide, work)


def returned(house: House, kiosk: Kiosk, registration: Registration) -> Registration:
    """A registration of somebody known by a finger, with what the desk must see to confirm it.

    The kiosk knows only the match's name; a match that is not its own, or too old, is refused (422).
    """
    if registration.patient.finger is None:
        return registration
    with house.store.read() as transaction:
        template = attempts.matched(house, transaction, kiosk, registration.patient.finger)
        known = None if template is None else templates.owner_of(house, transaction, template)
    if known is None:
        raise Refused(422, "This finger was not recognised here, or too long ago")
    patient = registration.patient.model_copy(update={**known, "evidence": None})
    return registration.model_copy(update={"patient": patient})


def _decided(
    house: House,
    kiosk: Kiosk,
    write: Write,
    sent: Sent,
    decide: Callable[[], Decision],
    work: Callable[[Transaction, Decision], FingerVerdict],
) -> Response:
    """Comparing takes tenths of a second: outside of any transaction, once for each key."""
    if (kept := begin(house, kiosk, write, sent)) is not None:
        return kept
    try:
        decision = decide()
        return finish(house, kiosk, write, sent, lambda transaction: work(transaction, decision))
    except BaseException:
        forget(house, kiosk, write, sent)
        raise


def _matcher(house: House) -> OneAtATime:
    if house.fingers is None:
        raise Refused(403, "Fingers are not compared here")
    return house.fingers


def _owner(house: House, transaction: Transaction, kiosk: Kiosk, asked: FingerEnrolment) -> templates.Owner:
    """Who enrols: the patient of this kiosk's own registration, whom the chip proved. Raises Refused 403."""
    key = asked.consent.registration_key
    row = transaction.one(
        select(check_ins.c.verified_level, check_ins.c.person, check_ins.c.sealed_registration, check_ins.c.stripped)
        .join(registrations, registrations.c.check_in_id == check_ins.c.id)
        .where(registrations.c.kiosk_id == kiosk.id, registrations.c.registration_key == key)
        .limit(1)
    )
    proven = row is not None and not row["stripped"] and row["verified_level"] in _VERIFIED
    if row is None or not proven or row["person"] is None:
        raise Refused(403, "Only after a check-in that the chip proved")
    patient: Person = Registration.model_validate_json(house.vault.open(row["sealed_registration"])).patient
    returning = None
    if house.settings.fingers.returning and asked.phone_last4 is not None and len(patient.birth or "") == _WHOLE_DATE:
        returning = templates.returning_hash(house, patient.birth or "", asked.phone_last4)
    return templates.Owner(row["person"], patient, kiosk.id, key, returning)
