"""Texts inside the QR codes a person carries: dates as they are spelt there, and the paper insurance card."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulators.citizens.citizen import Insurance


def compact_date(day: date) -> str:
    """ddmmyyyy."""
    return day.strftime("%d%m%Y")


def compact_birth(birth: str) -> str:
    """ddmmyyyy, or mmyyyy or yyyy when no more is on record."""
    return "".join(reversed(birth.split("-")))


def slashed_birth(birth: str) -> str:
    """dd/mm/yyyy, or mm/yyyy or yyyy."""
    return "/".join(reversed(birth.split("-")))


def slashed_date(day: date | None) -> str:
    """dd/mm/yyyy, or `-` when there is none."""
    return "-" if day is None else day.strftime("%d/%m/%Y")


def paper_insurance(insurance: Insurance, name: str, birth: str, sex: str, parent: str) -> str:
    """The 17 fields of the present layout, texts as hex of UTF-8."""
    child = insurance.card_number.startswith("TE")
    fields = [
        insurance.bhxh,
        name.encode().hex(),
        slashed_birth(birth),
        "1" if sex == "M" else "2",
        "-",
        f"{insurance.facility[:2]} - {insurance.facility[2:]}",
        slashed_date(insurance.valid_from),
        "-",
        slashed_date(insurance.valid_from),
        f"0000{insurance.bhxh}",
        parent.encode().hex() if child and parent else "-",
        str(insurance.benefit_digit),
        f" {slashed_date(insurance.valid_from.replace(year=insurance.valid_from.year + 5))}",
        "7a6f-0000",
        "4",
        "Tỉnh Hòa Giang".encode().hex(),
        "$",
    ]
    return "|".join(fields)
