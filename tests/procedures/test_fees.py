"""What a procedure costs: by channel, beneficiary, pieces, pages and day, at every edge."""

from datetime import date
from typing import Any

import pytest

from services.procedures.fees import Asked, Bill, bill, price_of_pages, who_pays_less
from services.procedures.records import Catalogue, Channel, Fee, PerPage

DAY = date(2026, 11, 30)
RULE = PerPage(first_pages=2, first_price=2000, next_price=1000, most_per_copy=200_000)


def cost(catalogue: Catalogue, code: str, *answers: str, day: date = DAY, **more: Any) -> Bill:
    procedure = catalogue.at(code, day)
    assert procedure is not None
    channel = more.pop("channel", Channel.COUNTER)
    return bill(procedure, catalogue.reductions, Asked(day=day, channel=channel, answers=answers, **more))


@pytest.mark.parametrize(
    ("pages", "copies", "price"),
    [
        (1, 1, 2000), (2, 1, 4000), (3, 1, 5000), (3, 4, 20_000), (198, 1, 200_000), (197, 1, 199_000),
        (199, 1, 200_000), (500, 2, 400_000),
    ],
)  # fmt: skip
def test_certified_copies_by_pages_with_a_ceiling_per_copy(pages: int, copies: int, price: int):
    assert price_of_pages(RULE, pages, copies) == price


@pytest.mark.parametrize(("pages", "copies"), [(0, 1), (1, 0), (-1, 1)])
def test_no_page_and_no_copy_have_no_price(pages: int, copies: int):
    with pytest.raises(ValueError, match="at least one"):
        price_of_pages(RULE, pages, copies)


def test_pages_that_are_not_counted_yet_have_no_amount(catalogue: Catalogue):
    assert cost(catalogue, "2.000815").due is None
    assert not cost(catalogue, "2.000815").free
    assert cost(catalogue, "2.000815", pieces={"trang": 3, "ban-sao": 2}).due == 10_000


def test_online_costs_less_where_the_fee_says_so(catalogue: Catalogue):
    assert cost(catalogue, "1.004222", "nha-minh").due == 20_000
    assert cost(catalogue, "1.004222", "nha-minh", channel=Channel.ONLINE).due == 10_000


def test_per_piece(catalogue: Catalogue):
    assert cost(catalogue, "2.000635").due is None
    assert cost(catalogue, "2.000635", pieces={"ban": 3}).due == 24_000


def test_a_case_decides_about_the_fee(catalogue: Catalogue):
    assert cost(catalogue, "MAU.CC-02", "mat-the").due == 70_000
    assert cost(catalogue, "MAU.CC-02", "hong-the").due == 50_000
    assert cost(catalogue, "1.001193", "co-ket-hon", "dung-han").free
    assert cost(catalogue, "1.001193", "co-ket-hon", "qua-han").due == 8_000


def test_the_line_of_a_beneficiary_stands_instead_of_everybodys(catalogue: Catalogue):
    assert cost(catalogue, "3.000333", "tu-nop", "trong-nuoc").due == 200_000
    assert cost(catalogue, "3.000333", "tu-nop", "trong-nuoc", beneficiaries=["hoc-sinh"]).due == 100_000


@pytest.mark.parametrize("who", ["tre-em", "cao-tuoi", "khuyet-tat", "nguoi-co-cong", "ho-ngheo", "vung-kho-khan"])
def test_who_is_exempt_pays_nothing_for_residence(catalogue: Catalogue, who: str):
    found = cost(catalogue, "1.004222", "nha-minh", beneficiaries=[who])
    assert found.due == 0
    assert found.lines[0].full == 20_000
    assert found.lines[0].reduction is not None


def test_who_is_exempt_needs_no_pieces(catalogue: Catalogue):
    exempt = catalogue.reductions[0].model_copy(
        update={"sectors": (), "kinds": (), "procedures": ("2.000635",), "beneficiary": "ho-ngheo"}
    )
    changed = catalogue.model_copy(update={"reductions": (exempt,)})
    assert cost(changed, "2.000635", beneficiaries=["ho-ngheo"]).due == 0


@pytest.mark.parametrize(
    ("day", "due"), [("2025-12-31", 8000), ("2026-01-01", 4000), ("2026-12-31", 4000), ("2027-01-01", 8000)]
)
def test_a_reduction_holds_from_its_first_to_its_last_day(catalogue: Catalogue, day: str, due: int):
    found = cost(catalogue, "1.001193", "co-ket-hon", "qua-han", day=date.fromisoformat(day), channel=Channel.ONLINE)
    assert found.due == due


def test_of_several_reductions_the_best_one_counts_once(catalogue: Catalogue):
    found = cost(catalogue, "1.001193", "co-ket-hon", "qua-han", channel=Channel.ONLINE, beneficiaries=["ho-ngheo"])
    assert found.due == 0


def test_half_a_dong_is_rounded_up(catalogue: Catalogue):
    third = next(one for one in catalogue.reductions if one.id == "truc-tuyen-2026")
    changed = catalogue.model_copy(update={"reductions": (third.model_copy(update={"percent_off": 33}),)})
    found = cost(changed, "1.001193", "co-ket-hon", "qua-han", channel=Channel.ONLINE)
    assert found.due == 5360
    odd = third.model_copy(update={"percent_off": 99})
    changed = catalogue.model_copy(update={"reductions": (odd,)})
    fee = catalogue.at("1.001193", DAY)
    assert fee is not None
    assert cost(changed, "1.001193", "co-ket-hon", "qua-han", channel=Channel.ONLINE).due == 80


def test_a_reduction_of_a_place_holds_only_there(catalogue: Catalogue):
    here = next(one for one in catalogue.reductions if one.id == "truc-tuyen-2026").model_copy(update={"place": "79"})
    changed = catalogue.model_copy(update={"reductions": (here,)})
    asked = ("1.001193", "co-ket-hon", "qua-han")
    assert cost(changed, *asked, channel=Channel.ONLINE, places=("26740", "79")).due == 4000
    assert cost(changed, *asked, channel=Channel.ONLINE, places=("00070", "01")).due == 8000


# --- edges of dates, channels and beneficiaries of one fee, on a procedure with lines of its own

LINE = {"kind": "le-phi", "name": "Lệ phí", "valid_from": date(2026, 3, 1), "basis": "b", "id": "le-phi"}


def dues(catalogue: Catalogue, *lines: dict[str, Any], **asked: Any) -> list[int | None]:
    procedure = catalogue.at("1.000656", DAY)
    assert procedure is not None
    fees = tuple(Fee.model_validate(LINE | line) for line in lines)
    told = Asked(day=asked.pop("day", DAY), channel=asked.pop("channel", Channel.COUNTER), **asked)
    return [line.due for line in bill(procedure.model_copy(update={"fees": fees}), (), told).lines]


@pytest.mark.parametrize(
    ("day", "amounts"),
    [("2026-02-28", []), ("2026-03-01", [100]), ("2026-06-30", [100]), ("2026-07-01", [250]), ("2027-01-01", [250])],
)
def test_a_fee_holds_from_its_first_to_its_last_day(catalogue: Catalogue, day: str, amounts: list[int]):
    old = {"amount": 100, "valid_to": date(2026, 6, 30)}
    new = {"amount": 250, "valid_from": date(2026, 7, 1)}
    assert dues(catalogue, old, new, day=date.fromisoformat(day)) == amounts


@pytest.mark.parametrize("channel", list(Channel))
def test_a_channels_own_line_stands_instead_of_everybodys(catalogue: Catalogue, channel: Channel):
    lines = ({"amount": 100}, {"amount": 40, "channel": Channel.ONLINE}, {"amount": 70, "channel": Channel.POST})
    expected = {Channel.COUNTER: 100, Channel.ONLINE: 40, Channel.POST: 70}[channel]
    assert dues(catalogue, *lines, channel=channel) == dues(catalogue, *reversed(lines), channel=channel) == [expected]


def test_a_beneficiarys_line_goes_before_a_channels(catalogue: Catalogue):
    lines = (
        {"amount": 40, "channel": Channel.ONLINE},
        {"amount": 60, "beneficiary": "ho-ngheo"},
        {"amount": 10, "beneficiary": "ho-ngheo", "channel": Channel.ONLINE},
    )
    assert dues(catalogue, *lines, channel=Channel.ONLINE) == [40]
    assert dues(catalogue, *lines, beneficiaries=["ho-ngheo"]) == [60]
    assert dues(catalogue, *lines, beneficiaries=["ho-ngheo"], channel=Channel.ONLINE) == [10]
    assert dues(catalogue, *lines, beneficiaries=["tre-em"]) == []


def test_two_fees_are_both_paid_and_one_that_is_not_counted_yet_leaves_the_sum_open(catalogue: Catalogue):
    assert dues(catalogue, {"amount": 100}, {"amount": 8, "per": "ban", "id": "phi"}, pieces={"ban": 2}) == [100, 16]
    assert dues(catalogue, {"amount": 100}, {"amount": 8, "per": "ban", "id": "phi"}) == [100, None]


def less(catalogue: Catalogue, code: str, *answers: str, **more: Any) -> dict[str, bool]:
    procedure = catalogue.at(code, DAY)
    assert procedure is not None
    asked = Asked(day=DAY, channel=more.pop("channel", Channel.COUNTER), answers=answers, **more)
    kinds = [one.id for one in catalogue.beneficiaries]
    return {one.beneficiary: one.free for one in who_pays_less(procedure, catalogue.reductions, asked, kinds)}


def test_who_pays_less_is_told(catalogue: Catalogue):
    exempt = {"nguoi-co-cong", "ho-ngheo", "khuyet-tat", "tre-em", "cao-tuoi", "vung-kho-khan"}
    assert less(catalogue, "1.004222", "nha-minh") == dict.fromkeys(exempt, True)
    found = less(catalogue, "3.000333", "tu-nop", "trong-nuoc")
    assert found["hoc-sinh"] is False and found["ho-ngheo"] is True
    assert less(catalogue, "1.000656", "co-giay-bao-tu") == {}, "free for everybody"


def test_a_reduction_of_what_is_not_counted_yet_is_told_too(catalogue: Catalogue):
    half = next(one for one in catalogue.reductions if one.id == "truc-tuyen-2026").model_copy(
        update={"channel": None, "beneficiary": "hoc-sinh", "sectors": ("ho-tich",)}
    )
    assert less(catalogue.model_copy(update={"reductions": (half,)}), "2.000635") == {"hoc-sinh": False}
