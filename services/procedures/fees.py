"""What a procedure costs one person: fees of the channel and the beneficiary, less the best reduction, on a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.procedures.cases import Answers, fits
from services.procedures.records import Channel, Fee, PerPage, Procedure, Reduction


@dataclass(frozen=True)
class Asked:
    """Who pays, how, when and where; `places` are codes of the commune and its province."""

    day: date
    channel: Channel
    places: tuple[str, ...] = ()
    answers: Answers = ()
    beneficiaries: Collection[str] = ()
    pieces: Mapping[str, int] | None = None
    """How many of what a fee counts ("ban": 3); for pages by formula "trang" and "ban-sao". What is not told has no
    amount yet."""


def channel_of_kiosk(procedure: Procedure) -> Channel:
    """As what a dossier that is sent from a kiosk counts: online; where the authority takes nothing online it is only
    prepared here and handed in at the counter."""
    return Channel.ONLINE if Channel.ONLINE in procedure.channels else Channel.COUNTER


@dataclass(frozen=True)
class Line:
    """One fee: before and after the reduction. Amounts are None while the pieces are not known."""

    fee: Fee
    full: int | None
    due: int | None
    reduction: Reduction | None = None

    def reduced(self, amount: int) -> int:
        """Another amount of this fee, as far as it is reduced: of one piece or page, or the most of a copy."""
        return amount if self.reduction is None else _less(amount, self.reduction.percent_off)


@dataclass(frozen=True)
class Bill:
    """All lines of a procedure."""

    lines: tuple[Line, ...]

    @property
    def due(self) -> int | None:
        """What is to be paid in đồng; None while a line's amount is not known."""
        amounts = [line.due for line in self.lines]
        return None if any(amount is None for amount in amounts) else sum(amount or 0 for amount in amounts)

    @property
    def free(self) -> bool:
        """Whether nothing is due, however many pieces."""
        return all(line.due == 0 for line in self.lines)


def bill(procedure: Procedure, reductions: tuple[Reduction, ...], asked: Asked) -> Bill:
    """The fees that hold; of the lines of one fee the most particular one (beneficiary before channel)."""
    chosen: dict[str, Fee] = {}
    for fee in procedure.fees:
        if _applies(fee, procedure, asked) and _particular(fee) > _particular(chosen.get(fee.id)):
            chosen[fee.id] = fee
    return Bill(tuple(_line(fee, procedure, reductions, asked) for fee in chosen.values()))


@dataclass(frozen=True)
class PaysLess:
    """A kind of beneficiary that pays less than everybody; `free`: nothing at all."""

    beneficiary: str
    free: bool


def who_pays_less(
    procedure: Procedure, reductions: tuple[Reduction, ...], asked: Asked, beneficiaries: Collection[str]
) -> tuple[PaysLess, ...]:
    """Who of `beneficiaries` pays less than somebody who is none of them, in their order."""
    usual = bill(procedure, reductions, asked)
    if usual.free:
        return ()
    found: list[PaysLess] = []
    for one in beneficiaries:
        theirs = bill(procedure, reductions, replace(asked, beneficiaries=(one,)))
        if theirs.free:
            found.append(PaysLess(one, True))
        elif theirs.lines != usual.lines and _sum(theirs) < _sum(usual):
            found.append(PaysLess(one, False))
    return tuple(found)


def _sum(found: Bill) -> float:
    """What is known of it; a line that is reduced before it is counted weighs less than one that is not."""
    known = sum(line.due or 0 for line in found.lines)
    return known - sum(line.due is None and line.reduction is not None for line in found.lines)


def price_of_pages(rule: PerPage, pages: int, copies: int) -> int:
    """Certified copies: `pages` of one original, `copies` of it. Raises ValueError below one."""
    if pages < 1 or copies < 1:
        raise ValueError("at least one page and one copy")
    first = min(pages, rule.first_pages) * rule.first_price
    one = first + max(0, pages - rule.first_pages) * rule.next_price
    return copies * min(one, rule.most_per_copy)


def _applies(fee: Fee, procedure: Procedure, asked: Asked) -> bool:
    return (
        fee.holds(asked.day)
        and fee.channel in {None, asked.channel}
        and (fee.beneficiary is None or fee.beneficiary in asked.beneficiaries)
        and fits(fee.when, asked.answers, procedure)
    )


def _particular(fee: Fee | None) -> int:
    return -1 if fee is None else 2 * (fee.beneficiary is not None) + (fee.channel is not None)


def _line(fee: Fee, procedure: Procedure, reductions: tuple[Reduction, ...], asked: Asked) -> Line:
    full = _full(fee, asked.pieces or {})
    best = max(
        (one for one in reductions if _reduces(one, fee, procedure, asked)),
        key=lambda one: one.percent_off,
        default=None,
    )
    if best is None:
        return Line(fee, full, full)
    # Exempt is exempt, however many pieces.
    due = 0 if best.percent_off == 100 else None if full is None else _less(full, best.percent_off)
    return Line(fee, full, due, best)


def _full(fee: Fee, pieces: Mapping[str, int]) -> int | None:
    if fee.per_page is not None:
        pages, copies = pieces.get("trang"), pieces.get("ban-sao")
        return None if pages is None or copies is None else price_of_pages(fee.per_page, pages, copies)
    if fee.amount is None or fee.amount == 0 or fee.per is None:
        return fee.amount
    number = pieces.get(fee.per)
    return None if number is None else fee.amount * number


def _less(full: int, percent_off: int) -> int:
    """Whole đồng, rounded up: half a đồng exists nowhere."""
    return -(-full * (100 - percent_off) // 100)


def _reduces(one: Reduction, fee: Fee, procedure: Procedure, asked: Asked) -> bool:
    where = one.procedures or one.sectors
    return (
        one.holds(asked.day)
        and (not where or procedure.code in one.procedures or procedure.sector in one.sectors)
        and (not one.kinds or fee.kind in one.kinds)
        and one.channel in {None, asked.channel}
        and (one.beneficiary is None or one.beneficiary in asked.beneficiaries)
        and any(covers(one.place, place) for place in (*asked.places, "*"))
    )


def covers(where: str, place: str) -> bool:
    """Whether something that holds at `where` ("*", a province, a commune) holds at `place`."""
    return where == "*" or where == place
