"""nexo messages as values and text, without a wire."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_terminal import nexo
from drivers.card_terminal.errors import TerminalError, TerminalErrorReason
from drivers.card_terminal.framing import TooLong, Unframer, framed
from drivers.card_terminal.nexo import Parties
from drivers.card_terminal.terminal import Answer, Attempt, Decline, Outcome, Stage

PARTIES = Parties("TRAM03", "SimPOS-00000001")
ATTEMPT = Attempt("A1B2C3D4E5", "intent-7", 122_500)
AT = datetime(2026, 11, 23, 3, 42, 17, tzinfo=UTC)
CARD = "4111 1111 1111 1111"


def approved(**card: object) -> dict[str, Any]:
    return {
        "Response": {"Result": "Success"},
        "POIData": {"POITransactionID": {"TransactionID": "BV0q001643892070000"}},
        "PaymentResult": {
            "AmountsResp": {"Currency": "VND", "AuthorizedAmount": 122_500},
            "PaymentAcquirerData": {"AcquirerTransactionID": {"TransactionID": "RRN1"}, "ApprovalCode": "123456"},
            "PaymentInstrumentData": {"CardData": card},
        },
    }


def failed(condition: str, reason: str = "") -> dict[str, Any]:
    more = {"AdditionalResponse": f"reason={reason}"} if reason else {}
    return {"Response": {"Result": "Failure", "ErrorCondition": condition, **more}}


def response(body: dict[str, Any], category: str = "Payment") -> bytes:
    header = {"MessageCategory": category, "MessageType": "Response", "ServiceID": "A1B2C3D4E5"}
    return json.dumps({"SaleToPOIResponse": {"MessageHeader": header, f"{category}Response": body}}).encode()


def test_a_purchase_asks_for_whole_dong_under_its_own_service_id() -> None:
    envelope = nexo.payment(PARTIES, ATTEMPT, AT)["SaleToPOIRequest"]
    assert envelope["MessageHeader"] == {
        "ProtocolVersion": "3.0",
        "MessageClass": "Service",
        "MessageCategory": "Payment",
        "MessageType": "Request",
        "ServiceID": "A1B2C3D4E5",
        "SaleID": "TRAM03",
        "POIID": "SimPOS-00000001",
    }
    request = envelope["PaymentRequest"]
    assert request["PaymentTransaction"]["AmountsReq"] == {"Currency": "VND", "RequestedAmount": 122_500}
    assert request["SaleData"]["SaleTransactionID"]["TransactionID"] == "intent-7"


@pytest.mark.parametrize("service_id", ["", "A" * 11, "abc", "A B", "Ạ"])
def test_a_service_id_that_no_terminal_takes_is_never_sent(service_id: str) -> None:
    with pytest.raises(ValueError):
        nexo.payment(PARTIES, Attempt(service_id, "i", 1), AT)


def test_status_and_abort_name_the_purchase_they_are_about() -> None:
    for message in (nexo.transaction_status(PARTIES, ATTEMPT, "S1"), nexo.abort(PARTIES, ATTEMPT, "S1")):
        envelope = message["SaleToPOIRequest"]
        body = envelope[f"{envelope['MessageHeader']['MessageCategory']}Request"]
        reference = {"MessageCategory": "Payment", "SaleID": "TRAM03", "ServiceID": "A1B2C3D4E5"}
        assert (envelope["MessageHeader"]["ServiceID"], body["MessageReference"]) == ("S1", reference)


def test_an_approval_says_what_was_charged_and_how_it_is_found_again() -> None:
    answer = nexo.payment_answer(nexo.parse(response(approved())).body)
    assert answer == Answer(Outcome.APPROVED, 122_500, "BV0q001643892070000", "RRN1", "123456")


@pytest.mark.parametrize(
    ("condition", "reason", "outcome", "decline"),
    [
        ("Refusal", "", Outcome.DECLINED, Decline.REFUSED),
        ("WrongPIN", "", Outcome.DECLINED, Decline.WRONG_PIN),
        ("InvalidCard", "", Outcome.DECLINED, Decline.INVALID_CARD),
        ("Aborted", "cancelled", Outcome.ABORTED, Decline.CANCELLED),
        ("Cancel", "time-over", Outcome.ABORTED, Decline.TIME_OVER),
        ("InsertedCard", "card-pulled", Outcome.ABORTED, Decline.CARD_PULLED),
        ("SomethingNew", "", Outcome.DECLINED, Decline.UNSPECIFIED),
        ("UnreachableHost", "", Outcome.UNKNOWN, None),
    ],
)
def test_a_failure_is_told_by_its_condition(
    condition: str, reason: str, outcome: Outcome, decline: Decline | None
) -> None:
    answer = nexo.payment_answer(failed(condition, reason))
    assert (answer.outcome, answer.decline, answer.amount) == (outcome, decline, None)


@pytest.mark.parametrize("condition", ["Busy", "LoggedOut", "MessageFormat", "UnavailableService", "DeviceOut"])
def test_a_request_that_was_not_taken_moved_no_money(condition: str) -> None:
    with pytest.raises(TerminalError) as caught:
        nexo.payment_answer(failed(condition))
    assert not caught.value.sent


@pytest.mark.parametrize("amount", [None, "122500", True, -1, 0.5])
def test_an_approval_without_a_readable_amount_leaves_the_outcome_open(amount: object) -> None:
    body = approved()
    body["PaymentResult"]["AmountsResp"]["AuthorizedAmount"] = amount
    with pytest.raises(TerminalError) as caught:
        nexo.payment_answer(body)
    assert caught.value.sent, "money may have moved: only the status tells"


def test_a_status_gives_the_repeated_answer_or_says_that_it_runs_or_was_never_there() -> None:
    repeated = {"RepeatedResponseMessageBody": {"PaymentResponse": approved()}}
    found = nexo.status_answer({"Response": {"Result": "Success"}, "RepeatedMessageResponse": repeated})
    assert found.outcome is Outcome.APPROVED
    assert nexo.status_answer(failed("InProgress")).outcome is Outcome.IN_PROGRESS
    assert nexo.status_answer(failed("NotFound")).outcome is Outcome.NOT_FOUND
    with pytest.raises(TerminalError):
        nexo.status_answer({"Response": {"Result": "Success"}})


@pytest.mark.parametrize("value", [CARD, CARD.replace(" ", ""), int(CARD.replace(" ", "")), f"PAN={CARD};1230"])
def test_a_card_number_goes_no_further_than_the_parser(value: object) -> None:
    message = nexo.parse(response(approved(MaskedPan=value, More=[{"PAN": value}], EntryMode=["ICC"])))
    text = json.dumps(message.body).replace(" ", "")
    assert "4111111111111111" not in text
    assert "ICC" in text
    assert nexo.payment_answer(message.body).outcome is Outcome.APPROVED, "the payment itself is not lost"


def test_identifiers_with_many_digits_are_not_taken_for_cards() -> None:
    body = approved()
    body["POIData"]["POITransactionID"]["TransactionID"] = "BV0q001643892070000.1643892070007"
    assert nexo.payment_answer(nexo.parse(response(body)).body).reference == "BV0q001643892070000.1643892070007"
    body["POIData"]["POITransactionID"]["TransactionID"] = CARD.replace(" ", "")
    assert nexo.payment_answer(nexo.parse(response(body)).body).reference == ""


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[]", b"null", b"\xff", b'{"SaleToPOIResponse": 1}', b'{"SaleToPOIResponse": {}}']
)
def test_what_is_no_message_is_a_protocol_error(text: bytes) -> None:
    with pytest.raises(TerminalError) as caught:
        nexo.parse(text)
    assert caught.value.reason is TerminalErrorReason.PROTOCOL


def test_a_display_notification_is_a_live_stage() -> None:
    def shown(event: str) -> Stage | None:
        text = {"PredefinedContent": {"ReferenceID": f"TransactionID=1&event={event}"}}
        header = {"MessageCategory": "Display", "MessageType": "Notification"}
        body = {"DisplayOutput": [{"OutputContent": text}]}
        message = {"SaleToPOIRequest": {"MessageHeader": header, "DisplayRequest": body}}
        return nexo.stage_of(nexo.parse(json.dumps(message).encode()))

    assert shown("WAIT_FOR_PIN") is Stage.PIN_WANTED
    assert shown("CARD_INSERTED") is Stage.CARD_PRESENTED
    assert shown("PRINT_RECEIPT") is None


@given(st.lists(st.binary(max_size=40), max_size=5), st.integers(1, 7))
def test_messages_come_whole_however_the_line_cuts_them(texts: list[bytes], piece: int) -> None:
    stream = b"".join(framed(text) for text in texts)
    unframer, found = Unframer(), list[bytes]()
    for at in range(0, len(stream), piece):
        found += unframer.feed(stream[at : at + piece])
    assert found == texts


def test_a_length_beyond_reason_ends_the_line() -> None:
    with pytest.raises(TooLong):
        Unframer().feed(b"HTTP/1.1 200 OK")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)
    )
)
def test_rubbish_raises_only_the_rooms_own_error(value: object) -> None:
    for text in (json.dumps(value), json.dumps({"SaleToPOIResponse": value})):
        try:
            message = nexo.parse(text.encode())
        except TerminalError:
            continue
        for read in (nexo.payment_answer, nexo.status_answer, nexo.reversal_answer, nexo.totals_of):
            try:
                read(message.body)
            except TerminalError:
                continue


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        ("Refusal", Outcome.DECLINED),
        ("Busy", Outcome.DECLINED),
        ("NotFound", Outcome.NOT_FOUND),
        ("InProgress", Outcome.IN_PROGRESS),
        ("UnreachableHost", Outcome.UNKNOWN),
    ],
)
def test_a_reversal_is_declined_only_where_the_money_surely_stayed(condition: str, outcome: Outcome) -> None:
    assert nexo.reversal_answer(failed(condition)).outcome is outcome
    repeated = {"RepeatedMessageResponse": {"RepeatedResponseMessageBody": {"ReversalResponse": failed(condition)}}}
    assert nexo.reversal_status_answer({"Response": {"Result": "Success"}, **repeated}).outcome is outcome


@pytest.mark.parametrize("condition", ["Busy", "LoggedOut", "NotAllowed", "UnavailableService", "Refusal"])
def test_a_status_that_was_not_given_says_nothing_about_the_reversal(condition: str) -> None:
    with pytest.raises(TerminalError):
        nexo.reversal_status_answer(failed(condition))


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (
            {"Response": {"Result": "Success"}, "TransactionTotals": [{"PaymentTotals": [{"TransactionType": "x"}]}]},
            True,
        ),
        ({}, True),
        (failed("UnreachableHost"), True),
        (failed("Busy"), False),
    ],
)
def test_a_batch_whose_totals_cannot_be_read_may_be_closed(body: dict[str, Any], sent: bool) -> None:
    with pytest.raises(TerminalError) as caught:
        nexo.totals_of(body)
    assert caught.value.sent is sent
