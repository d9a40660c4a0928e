"""Taking a number: never lost, never twice, and never without an end (DESIGN section 6).

The registration is on the disk, with a leased number, before it is sent. Then there are three ends: the gateway's
number; no answer and the leased number, with a second write that makes it the ticket; or a refusal, and it is undone.
"""

from __future__ import annotations

import logging

import trio

from services.contract import routes
from services.contract.models import (
    Abandon,
    AbandonReason,
    Clinic,
    EvidenceLevel,
    FallbackNumber,
    FallbackUse,
    Operation,
    OperationState,
    Priority,
    Registration,
    Ticket,
    TicketStatus,
)
from services.contract.routes import Write
from services.contract.ticket_codes import reprint_code, ticket_code
from services.gateway_client.channel import Channel
from services.gateway_client.errors import GatewayError
from services.gateway_client.http import Call, Place
from services.gateway_client.ledger import Kept, Ledger, sealed_call
from services.gateway_client.memory import Memory
from services.journeys.ports import Accepted, Clock

CHIP_LEVELS = frozenset({EvidenceLevel.CHIP_GENUINE, EvidenceLevel.CHIP_READ})

log = logging.getLogger(__name__)


class Registrar:
    """Registers people; `seconds` is how long a person waits before the leased number is taken."""

    def __init__(self, channel: Channel, ledger: Ledger, memory: Memory, clock: Clock, seconds: float) -> None:
        self._channel = channel
        self._ledger = ledger
        self._memory = memory
        self._clock = clock
        self._seconds = seconds
        self.in_hand: set[str] = set()
        """Registrations that are being sent right now: the deliverer leaves them alone."""

    async def register(self, registration: Registration) -> Accepted:
        """Take the number. Raises GatewayError when there is neither an answer nor a leased number, or a refusal.

        Shielded: once the registration is on the disk a cancelled journey must still learn what became of it.
        """
        with trio.CancelScope(shield=True):
            return await self._register(registration)
        raise AssertionError("a shield without a deadline is never cancelled")

    async def _register(self, registration: Registration) -> Accepted:
        kept = await self._ledger.keep_registration(registration, self._clock.now().date())
        self.in_hand.add(kept.key)
        try:
            return await self._finish(kept, registration)
        finally:
            self.in_hand.discard(kept.key)

    async def _finish(self, kept: Kept, registration: Registration) -> Accepted:
        online = self._channel.online
        try:
            # Nobody waits long again for a gateway that was silent a moment ago.
            seconds = self._seconds if online else self._seconds / 2
            call = sealed_call(routes.CHECK_INS, kept.key, kept.draft.sealed, seconds)
            ticket = await self._channel.ask(Place.CITIZEN, call, Ticket)
        except GatewayError as error:
            if not error.retry:
                await self._undo(kept, sent=error.sent)
                raise
            found = await self._resolve(kept.key) if error.sent and online else None
            if found is None:
                return await self._without_answer(kept, registration, error)
            ticket = found
        try:
            await self._ledger.answered(kept.key)
        except GatewayError as error:
            # The number is the person's; the entry is delivered once more and answered the same.
            log.error("an answered registration stays in the outbox: %s", error)
        return Accepted(kept.key, ticket)

    async def _resolve(self, key: str) -> Ticket | None:
        """What became of a send whose answer was lost; None when nobody can tell now."""
        path = routes.OPERATION.format(operation=Write.CHECK_IN.value, key=key)
        try:
            operation = await self._channel.ask(Place.CITIZEN, Call("GET", path, seconds=self._seconds / 2), Operation)
        except GatewayError:
            return None
        if operation.state is not OperationState.DONE or operation.body is None or (operation.status or 0) >= 300:
            return None
        return Ticket.model_validate(operation.body)

    async def _without_answer(self, kept: Kept, registration: Registration, error: GatewayError) -> Accepted:
        now = self._clock.now()
        number = kept.fallback
        clinic = next((each for each in self._memory.clinics if each.id == registration.clinic_id), None)
        if number is None or clinic is None:
            await self._undo(kept, sent=True)
            raise error
        use = FallbackUse(registration_key=kept.key, fallback=number, printed_at=now)
        await self._ledger.use_fallback(use)
        log.info("number %s given without an answer of the gateway", number.number)
        return Accepted(kept.key, self._own_ticket(kept.key, number, clinic, registration), offline=True)

    async def _undo(self, kept: Kept, *, sent: bool) -> None:
        """Nobody is promised anything. What may have arrived is voided: no number may wait that nobody was told."""
        if not sent:
            await self._ledger.answered(kept.key)
            return
        undo = Abandon(registration_key=kept.key, reason=AbandonReason.FAILURE, at=self._clock.now())
        await self._ledger.keep(Write.ABANDON, routes.ABANDON, undo, kept.key)

    def _own_ticket(self, key: str, number: FallbackNumber, clinic: Clinic, registration: Registration) -> Ticket:
        """The ticket as the gateway will know it once the registration arrives."""
        pays = not registration.use_insurance
        return Ticket(
            check_in_id=key,
            number=number.number,
            clinic=clinic.model_copy(update={"waiting": None, "minutes": None}),
            status=TicketStatus.UNPAID if pays else TicketStatus.WAITING,
            issued_at=self._clock.now(),
            priority=registration.priority is not Priority.NONE,
            insurance_pending=registration.use_insurance,
            unverified=registration.patient.level not in CHIP_LEVELS,
            code=ticket_code(key),
            reprint_code=reprint_code(key),
        )
