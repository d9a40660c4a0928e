"""Papers of a dossier: photographed by a phone, left out again, or brought; another one's are never sent."""

from __future__ import annotations

from typing import Any

import pytest

from services.contract.one_stop import UploadedDocument, WifiJoin
from services.gateway_client import GatewayError, GatewayReason
from services.journeys.prompts import (
    DocumentRemoved,
    DocumentsAnswer,
    FilingAnswer,
    GatherDocuments,
    PhoneAnswer,
    PhoneStep,
    Problem,
    ProblemChoice,
    ReviewFiling,
    SendByPhone,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent
from tests.journeys.test_filing import AGREE, FILLS, NUMBER, SEND, card, centre, play, prepares, shelf

__all__ = ["centre", "shelf"]

PHONE, GO_ON = on(GatherDocuments, DocumentsAnswer.PHONE), on(GatherDocuments, DocumentsAnswer.GO_ON)
MARRIAGE = UploadedDocument(id="d1", component="tk-hon-nhan", name="x", pages=2, bytes=9)
LOOSE = UploadedDocument(id="d2", pages=1, bytes=9)


@pytest.fixture
def phones(centre: Any) -> Any:
    """The site has a page for phones."""
    site = centre.gateway.site
    centre.gateway.site = site.model_copy(update={"one_stop": site.one_stop.model_copy(update={"uploads": True})})
    return centre.gateway.phones


def sends(phones: Any, centre: Any, *documents: UploadedDocument, answer: object = PhoneAnswer.DONE) -> Line:
    """The phone opens the link and sends; the person waits until it is seen with its pictures."""

    async def phone() -> None:
        phones.does(opened=True)
        phones.does(documents=documents)
        await centre.stage.until(lambda: all(row.picture for row in centre.stage.last(SendByPhone).rows) and rows())

    def rows() -> int:
        return len(centre.stage.last(SendByPhone).rows)

    return on(SendByPhone, answer, step=PhoneStep.LINK, does=phone)


def test_what_the_phone_sends_appears_and_goes_with_the_dossier(centre: Any, phones: Any):
    play(
        centre,
        *prepares(centre),
        *FILLS,
        PHONE,
        sends(phones, centre, MARRIAGE, LOOSE),
        GO_ON,
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    (request,) = phones.requests
    assert [one.component for one in request.wanted] == ["tk-hon-nhan"]
    shown = centre.stage.last(SendByPhone)
    assert (shown.step, [row.pages for row in shown.rows]) == (PhoneStep.OPENED, [2, 1])
    assert shown.rows[0].name != "x" and shown.rows[0].picture == b"\xff\xd8d1"
    assert centre.stage.last(ReviewFiling).photographed == 2
    filed = {
        one.component: [(ref.id, ref.upload_id) for ref in one.files] for one in centre.gateway.filings[0].documents
    }
    assert filed == {"tk-hon-nhan": [("d1", "up1")], "giay-to-khac": [("d2", "up1")]}
    assert phones.closed == ["up1"]


def test_what_is_removed_is_not_sent(centre: Any, phones: Any):
    play(
        centre,
        *prepares(centre),
        *FILLS,
        PHONE,
        sends(phones, centre, MARRIAGE, LOOSE, answer=DocumentRemoved("d2")),
        on(SendByPhone, PhoneAnswer.DONE),
        on(GatherDocuments, DocumentRemoved("d1")),
        on(GatherDocuments, DocumentsAnswer.GO_ON, rows=()),
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    assert [one.files for one in centre.gateway.filings[0].documents] == [()]


def test_originals_are_brought_and_no_link_is_made(centre: Any, phones: Any):
    play(centre, *prepares(centre), *FILLS, GO_ON, SEND, AGREE, *NUMBER, card(centre))
    assert not phones.requests and not phones.closed
    assert [one.files for one in centre.gateway.filings[0].documents] == [()]


def test_the_sites_wifi_is_joined_before_the_link(centre: Any, phones: Any):
    phones.wifi = WifiJoin(ssid="Tram", text="WIFI:T:nopass;S:Tram;;")
    play(
        centre,
        *prepares(centre),
        *FILLS,
        PHONE,
        on(SendByPhone, PhoneAnswer.NEXT, step=PhoneStep.WIFI, code="WIFI:T:nopass;S:Tram;;", ssid="Tram"),
        on(SendByPhone, touches=StageEvent.BACK, step=PhoneStep.LINK, code="https://anh.example/u/0123"),
        on(GatherDocuments, touches=StageEvent.HOME),
        card(centre),
    )
    assert phones.closed == ["up1"]


def test_a_link_whose_time_is_over_is_told_and_another_one_made(centre: Any, phones: Any):
    def over() -> None:
        phones.does(closed=True)

    play(
        centre,
        *prepares(centre),
        *FILLS,
        PHONE,
        on(SendByPhone, PhoneAnswer.AGAIN, step=PhoneStep.LINK, does=lambda: ended(centre, over)),
        on(SendByPhone, PhoneAnswer.DONE, step=PhoneStep.LINK),
        on(GatherDocuments, touches=StageEvent.HOME),
        card(centre),
    )
    assert len(phones.requests) == 2


async def ended(centre: Any, over: Any) -> None:
    over()
    await centre.stage.until(lambda: centre.stage.last(SendByPhone).step is PhoneStep.OVER)


def test_without_the_page_for_phones_the_originals_are_brought(centre: Any, phones: Any):
    centre.gateway.faults["open-upload"] = [GatewayError(GatewayReason.SERVER, status=503, code="MC-103")]
    play(
        centre,
        *prepares(centre),
        *FILLS,
        PHONE,
        on(Problem, ProblemChoice.GO_ON, code="MC-103"),
        GO_ON,
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    assert len(centre.gateway.filings) == 1


def test_papers_that_are_gone_are_told_and_nothing_is_sent_without_them(centre: Any, phones: Any):
    centre.gateway.faults["file-dossier"] = [GatewayError(GatewayReason.CONFLICT, status=422, code="MC-105")]
    play(
        centre,
        *prepares(centre),
        *FILLS,
        PHONE,
        sends(phones, centre, MARRIAGE),
        GO_ON,
        SEND,
        AGREE,
        on(Problem, ProblemChoice.GO_ON, code="MC-105"),
        on(GatherDocuments, DocumentsAnswer.GO_ON, rows=()),
        on(ReviewFiling, FilingAnswer.SEND, photographed=0),
        AGREE,
        *NUMBER,
        card(centre),
    )
    assert [one.files for one in centre.gateway.filings[0].documents] == [()]


def test_a_link_that_another_phone_opened_first_is_given_up_for_a_new_one(centre: Any, phones: Any):
    """A stolen link, or a browser that lost it: nothing came by it, so the person gets another one at once."""

    async def stolen() -> None:
        phones.does(opened=True)
        await centre.stage.until(lambda: centre.stage.last(SendByPhone).step is PhoneStep.OPENED)

    play(
        centre,
        *prepares(centre),
        *FILLS,
        PHONE,
        on(SendByPhone, PhoneAnswer.AGAIN, step=PhoneStep.LINK, does=stolen),
        sends(phones, centre, MARRIAGE),
        GO_ON,
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    assert len(phones.requests) == 2 and "up1" in phones.closed
    assert centre.stage.last(SendByPhone).answers == (PhoneAnswer.DONE,), "what came is not thrown away by a touch"
    assert [[ref.upload_id for ref in one.files] for one in centre.gateway.filings[0].documents] == [["up2"]]
