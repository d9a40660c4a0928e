"""Messages of nexo Retailer (Sale to POI) 3.0 as JSON: pure functions between values and text.

Field names as in the public Terminal API description (docs.adyen.com, point of sale). A message holds one
`SaleToPOIRequest` or `SaleToPOIResponse` with a `MessageHeader` and a body named after its category.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qs

from drivers.card_terminal.errors import TerminalError, TerminalErrorReason
from drivers.card_terminal.terminal import Answer, Attempt, Decline, Outcome, Stage, Totals

VERSION = "3.0"
CURRENCY = "VND"
SERVICE_ID = re.compile(r"[0-9A-Z]{1,10}", re.ASCII)
_DIGITS = re.compile(r"[0-9][0-9 -]{11,22}[0-9]", re.ASCII)
_IDENTIFIERS = frozenset({"TransactionID", "TimeStamp", "ServiceID", "SaleID", "POIID", "DeviceID"})
Json = dict[str, Any]


@dataclass(frozen=True)
class Parties:
    """Who speaks with whom: SaleID is this kiosk, POIID the terminal (model and serial number)."""

    sale_id: str
    poi_id: str


@dataclass(frozen=True)
class Message:
    """A message taken apart: `request` tells requests and notifications from responses."""

    category: str
    kind: str
    service_id: str
    body: Json
    request: bool


def payment(parties: Parties, attempt: Attempt, at: datetime) -> Json:
    """PaymentRequest: the whole amount, by any card."""
    transaction = {"TransactionID": attempt.transaction_id, "TimeStamp": _stamp(at)}
    return _request(
        parties,
        "Payment",
        attempt.service_id,
        {
            "SaleData": {"SaleTransactionID": transaction},
            "PaymentTransaction": {"AmountsReq": {"Currency": CURRENCY, "RequestedAmount": attempt.amount}},
        },
    )


def transaction_status(parties: Parties, attempt: Attempt, service_id: str) -> Json:
    """TransactionStatusRequest for the attempt's payment."""
    body = {"ReceiptReprintFlag": False, "MessageReference": _reference(parties, attempt)}
    return _request(parties, "TransactionStatus", service_id, body)


def reversal_status(parties: Parties, reversal_id: str, service_id: str) -> Json:
    """TransactionStatusRequest for a reversal."""
    reference = {"MessageCategory": "Reversal", "SaleID": parties.sale_id, "ServiceID": reversal_id}
    body = {"ReceiptReprintFlag": False, "MessageReference": reference}
    return _request(parties, "TransactionStatus", service_id, body)


def abort(parties: Parties, attempt: Attempt, service_id: str) -> Json:
    """AbortRequest: it has no response of its own, the payment's response tells."""
    body = {"AbortReason": "MerchantAbort", "MessageReference": _reference(parties, attempt)}
    return _request(parties, "Abort", service_id, body)


def reversal(parties: Parties, attempt: Attempt, answer: Answer, service_id: str, at: datetime) -> Json:
    """ReversalRequest of the whole amount."""
    original = {"POITransactionID": {"TransactionID": answer.reference, "TimeStamp": _stamp(at)}}
    sale = {"SaleTransactionID": {"TransactionID": attempt.transaction_id, "TimeStamp": _stamp(at)}}
    body = {"SaleData": sale, "OriginalPOITransaction": original, "ReversalReason": "MerchantCancel"}
    return _request(parties, "Reversal", service_id, body)


def reconciliation(parties: Parties, service_id: str) -> Json:
    """ReconciliationRequest: close the batch."""
    return _request(parties, "Reconciliation", service_id, {"ReconciliationType": "SaleReconciliation"})


def diagnosis(parties: Parties, service_id: str) -> Json:
    """DiagnosisRequest with the host's reachability."""
    return _request(parties, "Diagnosis", service_id, {"HostDiagnosisFlag": True})


def _request(parties: Parties, category: str, service_id: str, body: Json) -> Json:
    if not SERVICE_ID.fullmatch(service_id):
        raise ValueError("a ServiceID has 1 to 10 capitals and digits")
    header = {
        "ProtocolVersion": VERSION,
        "MessageClass": "Service",
        "MessageCategory": category,
        "MessageType": "Request",
        "ServiceID": service_id,
        "SaleID": parties.sale_id,
        "POIID": parties.poi_id,
    }
    return {"SaleToPOIRequest": {"MessageHeader": header, f"{category}Request": body}}


def _reference(parties: Parties, attempt: Attempt) -> Json:
    return {"MessageCategory": "Payment", "SaleID": parties.sale_id, "ServiceID": attempt.service_id}


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# --- what comes back ----------------------------------------------------------------------------------------------


def parse(text: bytes) -> Message:
    """Take a message apart, without what looks like a card number. Raises TerminalError PROTOCOL.

    The text itself is in no error.
    """
    try:
        whole: Any = without_card_numbers(json.loads(text))
        request = "SaleToPOIRequest" in whole
        envelope = cast("Json", whole["SaleToPOIRequest" if request else "SaleToPOIResponse"])
        header = cast("Json", envelope["MessageHeader"])
        category = str(header["MessageCategory"])
        body = cast("Json", envelope.get(f"{category}{'Request' if request else 'Response'}") or {})
        if category == "Event":
            body = cast("Json", envelope.get("EventNotification") or {})
        service_id = str(header.get("ServiceID") or "")
        kind = str(header["MessageType"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TerminalError(TerminalErrorReason.PROTOCOL, f"no nexo message ({type(error).__name__})") from None
    return Message(category, kind, service_id, body, request)


def without_card_numbers(value: object) -> object:
    """The same without every text in which 13 to 19 digits pass the check of card numbers (ISO/IEC 7812-1).

    A terminal should never send one; what it sends all the same goes no further than this. Identifiers are spared,
    unless they have exactly the length of a card number: a time in milliseconds is one of ten that passes.
    """
    if isinstance(value, dict):
        items = cast("Json", value).items()
        return {
            key: "" if key in _IDENTIFIERS and _is_card_number(each) else
            each if key in _IDENTIFIERS else without_card_numbers(each)
            for key, each in items
        }  # fmt: skip
    if isinstance(value, list):
        return [without_card_numbers(each) for each in cast("list[object]", value)]
    if isinstance(value, bool) or not isinstance(value, str | int):
        return value
    runs = ("".join(c for c in run if c.isdigit()) for run in _DIGITS.findall(str(value)))
    return "" if any(13 <= len(run) <= 19 and _luhn(run) for run in runs) else value


def _is_card_number(value: object) -> bool:
    text = str(value)
    return len(text) in {16, 19} and text.isascii() and text.isdigit() and _luhn(text)


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * 2 if place % 2 else int(digit) for place, digit in enumerate(reversed(digits)))
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


_EVENTS = {
    "TENDER_CREATED": Stage.STARTED,
    "CARD_INSERTED": Stage.CARD_PRESENTED,
    "CARD_PRESENTED": Stage.CARD_PRESENTED,
    "CARD_SWIPED": Stage.CARD_PRESENTED,
    "WAIT_FOR_PIN": Stage.PIN_WANTED,
    "WRONG_PIN": Stage.WRONG_PIN,
    "PIN_ENTERED": Stage.ASKING_BANK,
    "WAIT": Stage.ASKING_BANK,
    "CARD_REMOVED": Stage.CARD_REMOVED,
}


def stage_of(message: Message) -> Stage | None:
    """The live stage a display notification tells of; None where it says nothing to a person."""
    if message.category != "Display":
        return None
    try:
        output = message.body["DisplayOutput"][0]["OutputContent"]["PredefinedContent"]["ReferenceID"]
    except (KeyError, IndexError, TypeError):
        return None
    events = parse_qs(str(output)).get("event", [])
    return _EVENTS.get(events[0]) if events else None


_CONDITIONS = {
    "Refusal": (Outcome.DECLINED, Decline.REFUSED),
    "PaymentRestriction": (Outcome.DECLINED, Decline.REFUSED),
    "InvalidCard": (Outcome.DECLINED, Decline.INVALID_CARD),
    "WrongPIN": (Outcome.DECLINED, Decline.WRONG_PIN),
    "Aborted": (Outcome.ABORTED, Decline.CANCELLED),
    "Cancel": (Outcome.ABORTED, Decline.CANCELLED),
    "InsertedCard": (Outcome.ABORTED, Decline.CARD_PULLED),
    "InProgress": (Outcome.IN_PROGRESS, None),
    "NotFound": (Outcome.NOT_FOUND, None),
}
_REFUSALS = {
    "Busy": TerminalErrorReason.BUSY,
    "LoggedOut": TerminalErrorReason.REFUSED,
    "MessageFormat": TerminalErrorReason.REFUSED,
    "NotAllowed": TerminalErrorReason.REFUSED,
    "UnavailableService": TerminalErrorReason.REFUSED,
    "DeviceOut": TerminalErrorReason.REFUSED,
}
"""Failures of the request itself: nothing was begun."""
_OPEN = {
    "NotFound": Outcome.NOT_FOUND,
    "InProgress": Outcome.IN_PROGRESS,
    "UnreachableHost": Outcome.UNKNOWN,
}
"""Failures that do not say that a reversal or closing did not happen; NotFound only of what was never begun."""


def payment_answer(body: Json) -> Answer:
    """The answer in a PaymentResponse. Raises TerminalError when nothing was begun, or it cannot be read.

    A host that cannot be reached leaves it open whether money moved: UNKNOWN.
    """
    response = _response(body)
    if response.get("Result") == "Success":
        return _approved(body)
    condition = str(response.get("ErrorCondition") or "")
    if condition in _REFUSALS:
        raise TerminalError(_REFUSALS[condition], condition)
    if condition == "UnreachableHost":
        return Answer(Outcome.UNKNOWN)
    reason = parse_qs(str(response.get("AdditionalResponse") or "")).get("reason", [""])[0]
    outcome, decline = _CONDITIONS.get(condition, (Outcome.DECLINED, Decline.UNSPECIFIED))
    known = {each.value for each in Decline}
    return Answer(outcome, decline=Decline(reason) if reason in known else decline)


def status_answer(body: Json) -> Answer:
    """The answer in a TransactionStatusResponse: of the payment it repeats, or why there is none."""
    response = _response(body)
    if response.get("Result") == "Success":
        try:
            repeated = cast("Json", body["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]["PaymentResponse"])
        except (KeyError, TypeError):
            raise TerminalError(TerminalErrorReason.PROTOCOL, "a status without the payment's response") from None
        return payment_answer(repeated)
    return payment_answer(body)


def reversal_answer(body: Json) -> Answer:
    """REVERSED, or DECLINED by acquirer or terminal. A host that cannot be reached leaves it open: UNKNOWN."""
    response = _response(body)
    if response.get("Result") == "Success":
        return Answer(Outcome.REVERSED, reference=_transaction(body.get("POIData"), "POITransactionID"))
    outcome = _OPEN.get(str(response.get("ErrorCondition")), Outcome.DECLINED)
    return Answer(outcome, decline=Decline.UNSPECIFIED if outcome is Outcome.DECLINED else None)


def reversal_status_answer(body: Json) -> Answer:
    """The answer in a TransactionStatusResponse: of the reversal it repeats; IN_PROGRESS while it runs.

    Raises TerminalError where the question itself was not taken: that says nothing about the reversal.
    """
    response = _response(body)
    if response.get("Result") == "Success":
        try:
            repeated = cast("Json", body["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]["ReversalResponse"])
        except (KeyError, TypeError):
            raise TerminalError(TerminalErrorReason.PROTOCOL, "a status without the reversal's response") from None
        return reversal_answer(repeated)
    condition = str(response.get("ErrorCondition"))
    if condition in _OPEN:
        return Answer(_OPEN[condition])
    raise TerminalError(_REFUSALS.get(condition, TerminalErrorReason.PROTOCOL), f"no status: {condition}")


def totals_of(body: Json) -> Totals:
    """Sums of a ReconciliationResponse. Raises TerminalError, `sent` unless it says that the batch was not closed."""
    response = _response(body)
    if response.get("Result") != "Success":
        condition = str(response.get("ErrorCondition"))
        raise TerminalError(TerminalErrorReason.REFUSED, f"the batch: {condition}", sent=condition in _OPEN)
    sums = {"Debit": (0, 0), "Reversal": (0, 0)}
    try:
        for one in cast("list[Json]", body.get("TransactionTotals") or []):
            for total in cast("list[Json]", one["PaymentTotals"]):
                count, amount = sums[total["TransactionType"]]
                count += _dong(total["TransactionCount"])
                sums[total["TransactionType"]] = count, amount + _dong(total["TransactionAmount"])
    except (KeyError, TypeError, ValueError):
        raise TerminalError(TerminalErrorReason.PROTOCOL, "totals cannot be read", sent=True) from None
    return Totals(*sums["Debit"], *sums["Reversal"])


def healthy(body: Json) -> bool:
    """Whether a DiagnosisResponse says that cards can be taken."""
    try:
        status = cast("Json", body.get("POIStatus") or {})
        reached = all(host.get("IsReachableFlag", True) for host in cast("list[Json]", body.get("HostStatus") or []))
    except (AttributeError, TypeError):
        return False
    return _response(body).get("Result") == "Success" and status.get("GlobalStatus", "OK") == "OK" and reached


def _response(body: Json) -> Json:
    response = body.get("Response")
    if not isinstance(response, dict) or "Result" not in response:
        raise TerminalError(TerminalErrorReason.PROTOCOL, "an answer without a result", sent=True)
    return cast("Json", response)


def _approved(body: Json) -> Answer:
    """An approval must say what was charged, and by which number it is found again."""
    try:
        result = cast("Json", body["PaymentResult"])
        acquirer = cast("Json", result.get("PaymentAcquirerData") or {})
        return Answer(
            Outcome.APPROVED,
            amount=_dong(result["AmountsResp"]["AuthorizedAmount"]),
            reference=_transaction(body.get("POIData"), "POITransactionID"),
            acquirer_reference=_transaction(acquirer, "AcquirerTransactionID"),
            approval_code=_plain(acquirer.get("ApprovalCode"), 12),
        )
    except (KeyError, TypeError, ValueError):
        raise TerminalError(TerminalErrorReason.PROTOCOL, "an approval without amount", sent=True) from None


def _transaction(holder: object, name: str) -> str:
    if not isinstance(holder, dict):
        return ""
    found = cast("Json", holder).get(name)
    return _plain(cast("Json", found).get("TransactionID"), 64) if isinstance(found, dict) else ""


def _plain(value: object, longest: int) -> str:
    """Letters, digits and the few signs references have; nothing else of a terminal is believed."""
    return re.sub(r"[^0-9A-Za-z._:-]", "", str(value or ""))[:longest]


def _dong(value: object) -> int:
    """Whole đồng (or a count), as a number (122500 or 122500.0)."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or value < 0:
        raise ValueError("not whole đồng")
    return int(value)
