"""The figures as a page and as a file, for the steering committee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from gateway.api.deps import TheHouse
from gateway.clock import day_of
from gateway.figures.counts import LONGEST, Figures, figures
from gateway.figures.table import as_csv
from gateway.house import House
from gateway.problems import Refused
from gateway.staff.accounts import Account, Role
from gateway.web.keeper_pages import keeper_texts, only, render
from gateway.web.staff import TheLanguage
from gateway.web.texts import LANGUAGES
from services.contract.models import CashReason

router = APIRouter(prefix="/staff/figures", tags=["figures"], include_in_schema=False)

TheReader = Annotated[Account, Depends(only(Role.COMMITTEE, Role.DATA_OFFICER, Role.ADMIN))]

USUAL = timedelta(days=6)
"""The page opens with seven days, today the last."""

WIDTH, HEIGHT, GAP = 1000, 160, 4
"""Of the chart, in its own units."""


@dataclass(frozen=True)
class Bar:
    """One day of the chart, in its units."""

    day: date
    count: int
    x: float
    y: float
    width: float
    height: float


@router.get("")
def page(
    house: TheHouse, who: TheReader, first: date | None = None, last: date | None = None, language: TheLanguage = None
) -> HTMLResponse:
    """Sums, a bar for each day, tables by day and by kiosk."""
    found = _read(house, first, last)
    return render(
        "figures.html",
        language,
        account=who,
        tab="figures",
        one_stop=house.one_stop is not None,
        found=found,
        total=found.total(),
        days=found.by_day(),
        kiosks=found.by_kiosk(),
        bars=bars(found),
        reasons=list(CashReason),
        size=(WIDTH, HEIGHT),
    )


@router.get("/csv")
def file(
    house: TheHouse, _who: TheReader, first: date | None = None, last: date | None = None, language: TheLanguage = None
) -> Response:
    """One line for each day and kiosk."""
    found = _read(house, first, last)
    words = keeper_texts(language if language in LANGUAGES else LANGUAGES[0])
    name = f"tram-{found.first:%Y%m%d}-{found.last:%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(found, words), media_type="text/csv; charset=utf-8", headers=headers)


def bars(found: Figures) -> list[Bar]:
    """Check-ins of each day; the highest bar fills the chart."""
    days = found.by_day()
    most = max([counts.check_ins for counts in days.values()] + [1])
    wide = WIDTH / len(days)
    gap = min(GAP, wide / 4)
    return [
        Bar(
            day,
            counts.check_ins,
            round(place * wide + gap / 2, 1),
            round(HEIGHT * (1 - counts.check_ins / most), 1),
            round(wide - gap, 1),
            round(HEIGHT * counts.check_ins / most, 1),
        )
        for place, (day, counts) in enumerate(days.items())
    ]


def _read(house: House, first: date | None, last: date | None) -> Figures:
    end = last or day_of(house.now())
    begin = first or end - USUAL
    if end < begin or end - begin > LONGEST:
        raise Refused(422, "From one day to a year")
    with house.store.read() as transaction:
        return figures(transaction, begin, end)
