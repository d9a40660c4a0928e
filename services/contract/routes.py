"""Paths of the gateway's API, and the writes by name: their class (DESIGN section 6) decides how a kiosk repeats them.

`Operation.value` is the name in GET /v1/operations/{operation}/{key} and the scope of an idempotency key.
Where a path names a check-in, the registration's idempotency key may stand in place of its id: a kiosk that got
no answer knows only that.
"""

from __future__ import annotations

from enum import Enum

from services.contract.models import OperationClass

ENROLMENTS = "/v1/enrolments"
TOKEN = "/v1/token"  # noqa: S105 - a path
SITE = "/v1/site"
NONCES = "/v1/nonces"
CLINICS = "/v1/clinics"
ROOMS = "/v1/rooms"
APPOINTMENTS = "/v1/appointments"
FIND_TICKETS = "/v1/tickets/find"
LEASES = "/v1/leases"
HEARTBEATS = "/v1/heartbeats"
HEALTH = "/v1/health"
DIAGNOSTICS = "/v1/diagnostics"
ELIGIBILITY = "/v1/insurance/eligibility"
CHECK_INS = "/v1/check-ins"
FALLBACK = "/v1/check-ins/fallback"
ABANDON = "/v1/check-ins/abandon"
SLIP = "/v1/check-ins/{id}/slip"
OPERATION = "/v1/operations/{operation}/{key}"
PAYMENT_INTENTS = "/v1/payment-intents"
PAYMENT_INTENT = "/v1/payment-intents/{id}"
PAYMENT_CLAIM = "/v1/payment-intents/{id}/claim"
PAYMENT_CANCEL = "/v1/payment-intents/{id}/cancel"
PAYMENT_EVENTS = "/v1/payment-intents/{id}/events"
CARD_ATTEMPTS = "/v1/payment-intents/{id}/card-attempts"
CARD_ATTEMPT = "/v1/payment-intents/{id}/card-attempts/{attempt}"
CARD_DUTIES = "/v1/card-duties"
CARD_DUTY = "/v1/card-duties/{id}"
FIND_BILLS = "/v1/bills/find"
BILL = "/v1/bills/{id}"
CASH_REASONS = "/v1/cash-reasons"
NOTICE = "/v1/notice"
CONSENTS = "/v1/consents"
TERMINAL = "/v1/terminal"
TERMINAL_CHAIN = "/v1/terminal/chain"
TERMINAL_SIGNATURES = "/v1/terminal/signatures"
FINGER_STANDING = "/v1/fingers/standing"
FINGER_ENROLMENTS = "/v1/fingers/enrolments"
FINGER_CHECKS = "/v1/fingers/checks"
FINGER_RETURNS = "/v1/fingers/returns"
STAFF_CALLS = "/v1/staff-calls"
STAFF_CALL = "/v1/staff-calls/{id}"
STAFF_CALL_CANCEL = "/v1/staff-calls/{id}/cancel"
STAFF_CALL_EVENTS = "/v1/staff-calls/{id}/events"

CATALOGUE = "/v1/catalogue"
CATALOGUE_VERSION = "/v1/catalogue/version"
CATALOGUE_CALENDAR = "/v1/catalogue/calendar"
GUIDANCE = "/v1/guidance"
GUIDANCE_PICTURE = "/v1/guidance/pictures/{name}"
UPLOADS = "/v1/uploads"
UPLOAD = "/v1/uploads/{id}"
UPLOAD_EVENTS = "/v1/uploads/{id}/events"
UPLOAD_CLOSE = "/v1/uploads/{id}/close"
UPLOAD_PREVIEW = "/v1/uploads/{id}/documents/{document}/preview"
DOCUMENTS = "/v1/documents"
DOCUMENT_DELETE = "/v1/documents/{id}/delete"
DOSSIERS = "/v1/dossiers"
FIND_DOSSIERS = "/v1/dossiers/find"
DRAFTS = "/v1/drafts"
OPEN_DRAFT = "/v1/drafts/open"
DELETE_DRAFT = "/v1/drafts/delete"
RATINGS = "/v1/ratings"
ASK_RATING = "/v1/ratings/ask"
ASSISTS = "/v1/assists"
ASSIST_END = "/v1/assists/{id}/end"
DIGITAL_HELP = "/v1/digital-help"

KIOSK_CLOCK = "Kiosk-Clock"
"""Header of every request: the kiosk's clock at sending, so that the gateway knows how far it is off."""


class Write(Enum):
    """Every write that carries an idempotency key, by its name."""

    CHECK_IN = "check-in"
    FALLBACK = "fallback"
    ABANDON = "abandon"
    SLIP = "slip"
    ELIGIBILITY = "eligibility"
    PAYMENT_INTENT = "payment-intent"
    PAYMENT_CLAIM = "payment-claim"
    PAYMENT_CANCEL = "payment-cancel"
    CARD_ATTEMPT = "card-attempt"
    CARD_RESULT = "card-result"
    CARD_DUTY = "card-duty"
    CASH_REASON = "cash-reason"
    CONSENT = "consent"
    STAFF_CALL = "staff-call"
    STAFF_CALL_CANCEL = "staff-call-cancel"
    LEASES = "leases"
    NONCES = "nonces"
    DIAGNOSTICS = "diagnostics"
    TERMINAL_SIGNATURE = "terminal-signature"
    FINGER_ENROLMENT = "finger-enrolment"
    FINGER_CHECK = "finger-check"
    FINGER_RETURN = "finger-return"
    UPLOAD = "upload"
    UPLOAD_CLOSE = "upload-close"
    DOCUMENT = "document"
    DOCUMENT_DELETE = "document-delete"
    DOSSIER = "dossier"
    DRAFT = "draft"
    DRAFT_DELETE = "draft-delete"
    RATING = "rating"
    ASSIST = "assist"
    ASSIST_END = "assist-end"
    DIGITAL_HELP = "digital-help"


_LATER = {
    Write.CHECK_IN,
    Write.FALLBACK,
    Write.ABANDON,
    Write.SLIP,
    Write.CONSENT,
    Write.CASH_REASON,
    Write.RATING,
    Write.DIGITAL_HELP,
}

CLASSES: dict[Write, OperationClass] = {
    write: OperationClass.DELIVER_LATER if write in _LATER else OperationClass.ASK_AGAIN for write in Write
}
