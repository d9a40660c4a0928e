"""The figures as a CSV file that a spreadsheet opens without a question and without danger."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from gateway.figures.counts import Counts, Figures
from services.contract.models import CashReason

BOM = "\ufeff"
"""Spreadsheets read Vietnamese letters right only with it."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

_HEADS = (
    "day", "kiosk", "checkins", "givenup", "bychip", "lookups", "answered", "mismatches", "bills", "cashless",
    "wait50", "wait90", "called",
)  # fmt: skip


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV Injection): an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def as_csv(found: Figures, words: Mapping[str, str]) -> str:
    """One line for each day and kiosk, days as 2026-11-23, numbers plain; heads in the reader's language."""
    heads = [words[f"figures.csv.{name}"] for name in _HEADS]
    heads += [f"{words['figures.csv.reason']}: {words[f'figures.reason.{reason.value}']}" for reason in CashReason]
    lines = [
        [day.isoformat(), found.name(kiosk), *_numbers(counts)]
        for (day, kiosk), counts in sorted(found.rows.items(), key=lambda row: (row[0][0], found.name(row[0][1])))
    ]
    return BOM + written([heads, *lines])


def _numbers(counts: Counts) -> list[str]:
    whole = (
        counts.check_ins, counts.given_up, counts.by_chip, counts.look_ups, counts.answered, counts.mismatches,
        counts.bills, counts.cashless,
    )  # fmt: skip
    waits = (counts.wait(50), counts.wait(90))
    return [
        *(str(number) for number in whole),
        *("" if minutes is None else f"{minutes:.1f}" for minutes in waits),
        str(len(counts.waits)),
        *(str(counts.reasons[reason]) for reason in CashReason),
    ]


def written(lines: Iterable[Iterable[str]]) -> str:
    """As a spreadsheet reads it (RFC 4180): commas, quotes doubled, CR LF."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerows([[harmless(cell) for cell in line] for line in lines])
    return target.getvalue()
