"""The gateway as journeys see it (`services.journeys.ports.Gateway`): this file is the table of what there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import trio

from services.contract import models as wire
from services.contract import routes
from services.contract.one_stop import Dossier, Dossiers, DossiersRequest, Filing, Rateable, RateableRequest, Rating
from services.contract.routes import Write
from services.gateway_client.asking import Asker
from services.gateway_client.background import Background
from services.gateway_client.bookkeeper import BookKeeper
from services.gateway_client.channel import Channel
from services.gateway_client.delivery import Deliverer
from services.gateway_client.diagnostics import GatewayDiagnostics
from services.gateway_client.drafts import GatewayDrafts
from services.gateway_client.errors import GatewayError
from services.gateway_client.fingers import GatewayFingers
from services.gateway_client.guidebook import GuideKeeper
from services.gateway_client.helpers import GatewayHelpers
from services.gateway_client.http import Call, Http, Place
from services.gateway_client.identity import Identity
from services.gateway_client.ledger import Ledger, new_key
from services.gateway_client.memory import Memory
from services.gateway_client.nonces import Nonces
from services.gateway_client.phones import GatewayPhones
from services.gateway_client.registering import Registrar
from services.gateway_client.scans import GatewayScans
from services.gateway_client.terminal import GatewayTerminal
from services.gateway_client.token import Tokens
from services.gateway_client.watching import Watcher
from services.journeys.ports import Accepted, Clock, Nonce, Offload
from services.outbox import FILE, open_or_set_aside

CLOSED = frozenset(
    {
        wire.PaymentStatus.PAID,
        wire.PaymentStatus.PAID_LATE,
        wire.PaymentStatus.OVERPAID,
        wire.PaymentStatus.CANCELLED,
        wire.PaymentStatus.EXPIRED,
        wire.PaymentStatus.FAILED,
        wire.PaymentStatus.REFUND_REQUESTED,
        wire.PaymentStatus.REFUNDED,
    }
)
"""Payments whose code nobody can pay any more."""


@dataclass(frozen=True, kw_only=True)
class GatewayPlace:
    """Where the gateway is, how long it is waited for (seconds), and where this kiosk keeps its books."""

    url: str
    state: Path
    ca: Path | None = None
    connect_seconds: float = 2.0
    answer_seconds: float = 4.0
    slow_answer_seconds: float = 15.0
    demo: bool = False


class GatewayClient:
    """One kiosk's gateway. Make it, run `run()` in a nursery for as long as the kiosk lives."""

    def __init__(
        self,
        place: GatewayPlace,
        identity: Identity,
        offload: Offload,
        clock: Clock,
        *,
        heartbeat: Callable[[], tuple[wire.DeviceReport, ...]] = tuple,
        heartbeat_seconds: float = 30.0,
        version: str = "",
        resumes: bool = False,
    ) -> None:
        """`resumes`: somebody looks after what a restart interrupted, and calls `payments_settled` in the end."""
        http = Http(place.url, place.ca, place.connect_seconds)
        self._place = place
        self._clock = clock
        self._database = open_or_set_aside(place.state / FILE, clock.now())
        self._channel = Channel(http, Tokens(http, identity), offload, clock)
        self._ledger = Ledger(self._database, identity.enrolment.sealing_key, offload, clock)
        self._memory = Memory(place.state, clock, demo=place.demo)
        self._nonces = Nonces(clock)
        self._asker = Asker(self._channel, self._ledger)
        self._watcher = Watcher(self._channel, offload)
        self._registrar = Registrar(self._channel, self._ledger, self._memory, clock, place.answer_seconds)
        self._deliverer = Deliverer(self._channel, self._ledger, clock, self._registrar.in_hand)
        self.library = BookKeeper(place.state, self._channel, offload, clock)
        """Catalogue and calendar of a one-stop centre."""
        self.guides = GuideKeeper(place.state, self._channel, offload)
        """Notices and guides of the place."""
        self._background = Background(
            self._channel,
            self.library,
            self.guides,
            self._ledger,
            self._memory,
            self._nonces,
            self._deliverer,
            offload,
            clock,
            devices=heartbeat,
            seconds=heartbeat_seconds,
            version=version,
        )
        if not resumes:
            self._background.payments_settled.set()
        self._call: wire.StaffCall | None = None
        self.terminal = GatewayTerminal(self._channel)
        """Who signs for chips that ask for an authorised terminal."""
        self.fingers = GatewayFingers(self._channel, self._asker, place.slow_answer_seconds)
        """Templates of fingers, and who compares them."""
        self.phones = GatewayPhones(self._channel, self._asker, self._watcher, place.slow_answer_seconds)
        """Documents that people photograph."""
        self.scans = GatewayScans(self._channel, place.slow_answer_seconds)
        """Documents that the kiosk scanned."""
        self.diagnostics = GatewayDiagnostics(self._channel, place.slow_answer_seconds)
        """Where a technician's bundle can go."""
        self.drafts = GatewayDrafts(self._channel, self._asker, place.slow_answer_seconds)
        """Dossiers that are finished another time."""
        self.helpers = GatewayHelpers(self._channel, self._asker, self._later, place.answer_seconds)
        """The community digital team."""

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Deliver the outbox, keep site, clinics, nonces and leased numbers fresh, tell that we live. Never returns."""
        await self._background.run(task_status)

    def close(self) -> None:
        """Close lines and database, after `run` was cancelled."""
        self._channel.http.close()
        self._database.close()

    # --- the place ------------------------------------------------------------------------------------------------

    @property
    def site(self) -> wire.Site:
        """Site facts, from the last answer."""
        return self._memory.site

    @property
    def notice(self) -> wire.Notice | None:
        """What people are told about their data, from the last answer."""
        return self._memory.notice

    @property
    def online(self) -> bool:
        """Whether the last exchange worked."""
        return self._channel.online

    @property
    def offline_since(self) -> datetime | None:
        """Since when nothing works."""
        return self._channel.offline_since

    def on_change(self, listener: Callable[[bool], None]) -> None:
        """`listener(online)` is called (on the trio thread) when the gateway is lost or found."""
        self._channel.changed.append(listener)

    def device_changed(self) -> None:
        """Tell of the devices soon, not only with the next heartbeat (from any thread)."""
        self._background.beat_soon()

    async def waiting(self) -> int:
        """How many entries of the outbox wait."""
        return (await self._ledger.counts()).waiting

    def send_now(self) -> None:
        """What waits is due now: the technician's "Gửi ngay"."""
        self._deliverer.hurry()
        self._deliverer.wake()

    def on_site(self, listener: Callable[[wire.Site], None]) -> None:
        """`listener(site)` is called (on the trio thread) with each answer about the site."""
        self._background.site_told.append(listener)

    async def nonce(self) -> Nonce:
        """One of the batch fetched ahead; drawn here when none is left."""
        await trio.lowlevel.checkpoint()
        nonce = self._nonces.take()
        if self._nonces.low:
            self._background.refresh_nonces()
        return nonce

    # --- insurance and clinics ------------------------------------------------------------------------------------

    async def check_insurance(self, request: wire.EligibilityRequest) -> wire.Eligibility:
        """Ask the insurer through the gateway."""
        _, eligibility = await self._asker.ask(
            Write.ELIGIBILITY,
            routes.ELIGIBILITY,
            request,
            wire.Eligibility,
            seconds=self._place.slow_answer_seconds,
        )
        return eligibility

    async def clinics(self, eligibility_id: str | None) -> wire.Clinics:
        """Clinics with waiting, price and provisional amounts; offline from the last answer, without waiting."""
        query = {"eligibility": eligibility_id} if eligibility_id else {}
        call = Call("GET", routes.CLINICS, query=query, seconds=self._place.answer_seconds)
        try:
            return await self._channel.ask(Place.CITIZEN, call, wire.Clinics)
        except GatewayError as error:
            known = self._memory.offline_clinics(insured=eligibility_id is not None)
            if error.offline and known.clinics:
                return known
            raise

    @property
    def known_clinics(self) -> tuple[wire.Clinic, ...]:
        """As they were told last, without asking."""
        return self._memory.clinics

    async def rooms(self) -> tuple[wire.Room, ...]:
        """Places people look for; offline from the last answer."""
        call = Call("GET", routes.ROOMS, seconds=self._place.answer_seconds)
        try:
            return (await self._channel.ask(Place.CITIZEN, call, wire.Rooms)).rooms
        except GatewayError as error:
            if error.offline and self._memory.rooms:
                return self._memory.rooms
            raise

    async def appointments(self, person: wire.Person) -> tuple[wire.Appointment, ...]:
        """Today's appointments of a person whom the chip proved."""
        body = wire.AppointmentsRequest(person=person).model_dump_json().encode()
        call = Call("POST", routes.APPOINTMENTS, body, seconds=self._place.slow_answer_seconds)
        return (await self._channel.ask(Place.CITIZEN, call, wire.Appointments)).appointments

    async def find_tickets(self, request: wire.TicketsRequest) -> tuple[wire.Ticket, ...]:
        """Today's numbers of a slip, or of a person whom the chip proved."""
        body = request.model_dump_json().encode()
        call = Call("POST", routes.FIND_TICKETS, body, seconds=self._place.answer_seconds)
        return (await self._channel.ask(Place.CITIZEN, call, wire.Tickets)).tickets

    # --- the number -----------------------------------------------------------------------------------------------

    async def register(self, registration: wire.Registration) -> Accepted:
        """Take the number. Never lost, never twice: the key is stored before the first send."""
        try:
            accepted = await self._registrar.register(registration)
        finally:
            self._deliverer.wake()
        return accepted

    async def abandon(self, accepted: Accepted, reason: wire.AbandonReason) -> None:
        """Undo an unfinished registration; delivered later when it cannot be now."""
        body = wire.Abandon(registration_key=accepted.key, reason=reason, at=self._clock.now())
        await self._later(Write.ABANDON, routes.ABANDON, body, accepted.key)

    async def report_slip(self, accepted: Accepted, printed: bool, failure_code: str | None) -> None:
        """Tell whether the slip came out; delivered later when it cannot be now."""
        body = wire.SlipReport(printed=printed, failure_code=failure_code, at=self._clock.now())
        check_in = accepted.key if accepted.offline else accepted.ticket.check_in_id
        await self._later(Write.SLIP, routes.SLIP.format(id=check_in), body, accepted.key)

    async def record_consents(self, consents: wire.Consents) -> None:
        """Evidence of what was agreed to and refused, behind its registration; delivered later when it must be."""
        await self._later(Write.CONSENT, routes.CONSENTS, consents, consents.registration_key)

    async def report_cash_reason(self, accepted: Accepted, reason: wire.CashReason) -> None:
        """Why somebody pays at the cashier; delivered later when it cannot be now."""
        body = wire.CashReport(registration_key=accepted.key, reason=reason, at=self._clock.now())
        await self._later(Write.CASH_REASON, routes.CASH_REASONS, body, accepted.key)

    async def _later(self, write: Write, path: str, body: wire.Wire, chain: str) -> None:
        with trio.CancelScope(shield=True):
            await self._ledger.keep(write, path, body, chain)
        self._deliverer.wake()

    # --- paying ---------------------------------------------------------------------------------------------------

    @property
    def clock_ahead(self) -> float:
        """Seconds by which this kiosk's clock is ahead of the gateway's."""
        return self._channel.skew_seconds or 0.0

    async def find_bills(self, request: wire.BillsRequest) -> wire.Bills:
        """Bills and advances of a slip, of a bill's code, or of a person whom the chip proved."""
        body = request.model_dump_json().encode()
        call = Call("POST", routes.FIND_BILLS, body, seconds=self._place.slow_answer_seconds)
        return await self._channel.ask(Place.CITIZEN, call, wire.Bills)

    async def bill(self, bill_id: str) -> wire.Bill:
        """A bill as it is now."""
        call = Call("GET", routes.BILL.format(id=bill_id), seconds=self._place.answer_seconds)
        return await self._channel.ask(Place.CITIZEN, call, wire.Bill)

    async def pay(self, bill_id: str, method: wire.PaymentMethod = wire.PaymentMethod.QR) -> wire.PaymentIntent:
        """Make (or find) the one live intent of this bill."""
        body = wire.PaymentRequest(bill_id=bill_id, method=method)
        key, intent = await self._asker.ask(
            Write.PAYMENT_INTENT,
            routes.PAYMENT_INTENTS,
            body,
            wire.PaymentIntent,
            seconds=self._place.slow_answer_seconds,
        )
        await self._ledger.made(key, intent.id)
        return await self._seen(intent)

    async def payment(self, intent_id: str) -> wire.PaymentIntent:
        """The intent now."""
        call = Call("GET", routes.PAYMENT_INTENT.format(id=intent_id), seconds=self._place.answer_seconds)
        return await self._seen(await self._channel.ask(Place.WATCH, call, wire.PaymentIntent))

    async def payment_changed(self, intent: wire.PaymentIntent) -> wire.PaymentIntent:
        """Wait until the intent differs from `intent` (server-sent events, polling as the net)."""
        events = routes.PAYMENT_EVENTS.format(id=intent.id)
        return await self._watcher.changed(intent, events, lambda: self.payment(intent.id))

    async def claim_paid(self, intent_id: str) -> wire.PaymentIntent:
        """ "Tôi đã chuyển tiền": the gateway asks the bank at once."""
        _, intent = await self._asker.ask(
            Write.PAYMENT_CLAIM,
            routes.PAYMENT_CLAIM.format(id=intent_id),
            None,
            wire.PaymentIntent,
            seconds=self._place.slow_answer_seconds,
        )
        return await self._seen(intent)

    async def cancel_payment(self, intent_id: str) -> wire.PaymentIntent:
        """Hide and cancel the code at the provider; the bill stays payable."""
        _, intent = await self._asker.ask(
            Write.PAYMENT_CANCEL,
            routes.PAYMENT_CANCEL.format(id=intent_id),
            None,
            wire.PaymentIntent,
            seconds=self._place.answer_seconds,
        )
        return await self._seen(intent)

    async def begin_card(self, intent_id: str) -> wire.CardAttempt:
        """A new attempt at the card terminal, written down by the gateway before the terminal is told."""
        _, attempt = await self._asker.ask(
            Write.CARD_ATTEMPT,
            routes.CARD_ATTEMPTS.format(id=intent_id),
            None,
            wire.CardAttempt,
            seconds=self._place.answer_seconds,
        )
        return attempt

    async def card_result(self, attempt: wire.CardAttempt, result: wire.CardResult) -> wire.PaymentIntent:
        """What the terminal said of the attempt."""
        _, intent = await self._asker.ask(
            Write.CARD_RESULT,
            routes.CARD_ATTEMPT.format(id=attempt.intent_id, attempt=attempt.id),
            result,
            wire.PaymentIntent,
            seconds=self._place.answer_seconds,
        )
        return await self._seen(intent)

    async def card_duties(self) -> tuple[wire.CardDuty, ...]:
        """What the card terminal beside this kiosk is asked to do beside purchases. Raises GatewayError."""
        call = Call("GET", routes.CARD_DUTIES, seconds=self._place.answer_seconds)
        return (await self._channel.ask(Place.LATER, call, wire.CardDuties)).duties

    async def card_duty(self, duty: wire.CardDuty, result: wire.CardDutyResult) -> None:
        """What became of one. Raises GatewayError."""
        body, path = result.model_dump_json().encode(), routes.CARD_DUTY.format(id=duty.id)
        # Said twice it counts once, whatever its key.
        call = Call("POST", path, body, key=new_key(), seconds=self._place.answer_seconds)
        await self._channel.ask(Place.LATER, call, wire.CardDuties)

    async def left_behind(self) -> tuple[wire.PaymentIntent, ...]:
        """Payments of this kiosk that a restart interrupted, as they are now, the newest first."""
        return await self._background.left_behind(self.payment)

    def payments_settled(self) -> None:
        """Whatever is still open is closed from now on."""
        self._background.payments_settled.set()

    async def _seen(self, intent: wire.PaymentIntent) -> wire.PaymentIntent:
        if intent.status in CLOSED:
            await self._ledger.ended(target=intent.id)
        return intent

    # --- dossiers -------------------------------------------------------------------------------------------------

    async def file_dossier(self, filing: Filing) -> Dossier:
        """Send a dossier to the authority, once."""
        _, dossier = await self._asker.ask(
            Write.DOSSIER, routes.DOSSIERS, filing, Dossier, seconds=self._place.slow_answer_seconds
        )
        return dossier

    async def find_dossiers(self, request: DossiersRequest) -> Dossiers:
        """The dossier of a slip or code, or all of a person whom the chip proved."""
        body = request.model_dump_json().encode()
        call = Call("POST", routes.FIND_DOSSIERS, body, seconds=self._place.slow_answer_seconds)
        return await self._channel.ask(Place.CITIZEN, call, Dossiers)

    async def may_rate(self, request: RateableRequest) -> Rateable:
        """Whether what a slip or code names may be rated now."""
        body = request.model_dump_json().encode()
        call = Call("POST", routes.ASK_RATING, body, seconds=self._place.answer_seconds)
        return await self._channel.ask(Place.CITIZEN, call, Rateable)

    async def rate(self, rating: Rating) -> None:
        """Count a rating, once; delivered later when it cannot be now."""
        await self._later(Write.RATING, routes.RATINGS, rating, new_key())

    # --- staff call -----------------------------------------------------------------------------------------------

    async def call_staff(self) -> wire.StaffCall:
        """Ring the staff page; a second touch never makes a second call."""
        _, call = await self._asker.ask(
            Write.STAFF_CALL,
            routes.STAFF_CALLS,
            wire.StaffCallRequest(),
            wire.StaffCall,
            seconds=self._place.answer_seconds,
        )
        return call

    async def staff_call_changed(self, call: wire.StaffCall) -> wire.StaffCall:
        """Wait until the call differs from `call`."""
        path = routes.STAFF_CALL.format(id=call.id)
        ask = Call("GET", path, seconds=self._place.answer_seconds)
        events = routes.STAFF_CALL_EVENTS.format(id=call.id)
        return await self._watcher.changed(call, events, lambda: self._channel.ask(Place.WATCH, ask, wire.StaffCall))

    async def cancel_staff_call(self, call_id: str) -> None:
        """ "Không cần giúp nữa"."""
        await self._asker.ask(
            Write.STAFF_CALL_CANCEL,
            routes.STAFF_CALL_CANCEL.format(id=call_id),
            None,
            wire.StaffCall,
            seconds=self._place.answer_seconds,
        )
