"""Papers of a dossier laid on the kiosk's scanner: shown, left out again, sent, and erased when they are not."""

from __future__ import annotations

from typing import Any

import pytest

from drivers.document_scanner import ScanError, ScanErrorReason
from services.gateway_client import GatewayError, GatewayReason
from services.journeys.prompts import (
    Capacity,
    ChoosePaper,
    DocumentRemoved,
    DocumentsAnswer,
    GatherDocuments,
    OneStopHome,
    PaperChosen,
    Problem,
    ProblemChoice,
    ReviewFiling,
)
from services.journeys.scripted import on
from services.journeys.stage import StageEvent
from tests.journeys.conftest import Papers
from tests.journeys.test_filing import AGREE, FILLS, NEXT, NUMBER, SEND, card, centre, play, prepares, shelf, types

__all__ = ["centre", "shelf"]

OFFERS = (DocumentsAnswer.SCAN, DocumentsAnswer.GO_ON)
SCAN, GO_ON = on(GatherDocuments, DocumentsAnswer.SCAN), on(GatherDocuments, DocumentsAnswer.GO_ON)


@pytest.fixture
def papers(centre: Any) -> Papers:
    """A document scanner stands beside the kiosk; the site has no page for phones."""
    centre.papers = Papers()
    return centre.papers


def files(centre: Any) -> dict[str, list[tuple[str, str | None]]]:
    documents = centre.gateway.filings[0].documents
    return {one.component: [(ref.id, ref.upload_id) for ref in one.files] for one in documents if one.files}


def test_what_is_scanned_appears_and_goes_with_the_dossier(centre: Any, papers: Papers):
    first = on(GatherDocuments, DocumentsAnswer.SCAN, rows=(), offers=OFFERS)
    play(centre, *prepares(centre), *FILLS, first, SCAN, GO_ON, SEND, AGREE, *NUMBER, card(centre))
    rows = centre.stage.last(GatherDocuments).rows
    assert [(row.id, row.pages, row.picture) for row in rows] == [("s1", 1, b"\xff\xd8"), ("s2", 2, b"\xff\xd8")]
    assert centre.stage.last(ReviewFiling).photographed == 2
    assert files(centre) == {"tk-hon-nhan": [("s1", None), ("s2", None)]}
    assert centre.gateway.scans.deleted == [], "they are the dossier's now"


def test_a_scan_that_is_left_out_is_not_sent_and_erased(centre: Any, papers: Papers):
    leave_out = on(GatherDocuments, DocumentRemoved("s1"))
    play(centre, *prepares(centre), *FILLS, SCAN, SCAN, leave_out, GO_ON, SEND, AGREE, *NUMBER, card(centre))
    assert files(centre) == {"tk-hon-nhan": [("s2", None)]}
    assert centre.gateway.scans.deleted == ["s1"]


def test_who_leaves_leaves_no_scan_behind(centre: Any, papers: Papers):
    home = on(GatherDocuments, touches=StageEvent.HOME)
    play(centre, *prepares(centre), *FILLS, SCAN, home, card(centre))
    assert centre.gateway.scans.deleted == ["s1"]


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (ScanErrorReason.NO_DOCUMENTS, "DS-07"),
        (ScanErrorReason.JAMMED, "DS-06"),
        (ScanErrorReason.COVER_OPEN, "DS-08"),
        (ScanErrorReason.SILENT, "DS-04"),
    ],
)
def test_what_the_scanner_met_is_told_and_tried_again(centre: Any, papers: Papers, reason: ScanErrorReason, code: str):
    papers.errors = [ScanError(reason)]
    again = on(Problem, ProblemChoice.RETRY, code=code)
    play(centre, *prepares(centre), *FILLS, SCAN, again, GO_ON, SEND, AGREE, *NUMBER, card(centre))
    assert files(centre) == {"tk-hon-nhan": [("s1", None)]}


def test_a_scan_the_gateway_does_not_take_is_told_and_the_originals_are_brought(centre: Any, papers: Papers):
    centre.gateway.faults["keep-scan"] = [GatewayError(GatewayReason.NO_NETWORK)]
    on_without = on(Problem, ProblemChoice.GO_ON, code="GW-201")
    play(centre, *prepares(centre), *FILLS, SCAN, on_without, GO_ON, SEND, AGREE, *NUMBER, card(centre))
    assert files(centre) == {}


def test_a_scanner_that_is_lost_is_not_offered(centre: Any, papers: Papers):
    papers.available = False
    play(centre, *prepares(centre), *FILLS, SEND, AGREE, *NUMBER, card(centre))
    assert len(centre.gateway.filings) == 1


def test_of_several_papers_the_person_says_which_one_lies_there(centre: Any, papers: Papers):
    power_of_attorney = on(ChoosePaper, PaperChosen("giay-uy-quyen-ho-so"))
    stage = centre.play(
        *prepares(centre, Capacity.AUTHORISED),
        NEXT,
        types("nguoi-nop.xa", "Phường Hòa Giang, Tỉnh Hòa Giang"),
        types("nguoi-duoc-thay.ho-ten", "Lê Thị Sen"),
        types("nguoi-duoc-thay.so", "099160000007"),
        types("nguoi-duoc-thay.ngay-sinh", "05/06/1960"),
        types("hon-nhan.tinh-trang", "goa"),
        types("hon-nhan.muc-dich", "Bán nhà"),
        NEXT,
        SCAN,
        power_of_attorney,
        SCAN,
        on(ChoosePaper, touches=StageEvent.BACK),
        SCAN,
        on(ChoosePaper, PaperChosen("giay-to-khac")),
        GO_ON,
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
        on(OneStopHome),
        ends=False,
    )
    assert files(centre) == {"giay-uy-quyen-ho-so": [("s1", None)], "giay-to-khac": [("s2", None)]}
    assert [row.name for row in stage.last(GatherDocuments).rows] == ["Văn bản ủy quyền", ""]
    here = {one.id: one.here for one in stage.last(ChoosePaper).papers}
    assert here == {"tk-hon-nhan": False, "giay-uy-quyen-ho-so": True, "giay-to-khac": False}
