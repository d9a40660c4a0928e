"""Banks by their BIN, from a dated table: names and abilities change, so nothing of them stands in code."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "assets" / "data" / "banks.csv"


class VietQrSupport(Enum):
    """What a bank's apps can do with a VietQR."""

    TRANSFER = "transfer"
    """Pay one and be paid by one."""
    RECEIVE = "receive"
    NONE = "none"


@dataclass(frozen=True)
class Bank:
    """A bank. `bin` has 6 digits, or is empty for one without."""

    bin: str
    code: str
    short_name: str
    name: str
    swift: str
    vietqr: VietQrSupport
    deprecated: bool


@dataclass(frozen=True)
class BankTable:
    """All banks, where the list comes from and of which day it is."""

    banks: tuple[Bank, ...]
    source: str
    day: date

    def by_bin(self, bin: str) -> Bank | None:
        """The bank with this BIN; of several, the one that is not deprecated."""
        found = sorted((bank for bank in self.banks if bank.bin == bin and bin), key=lambda bank: bank.deprecated)
        return found[0] if found else None

    def by_code(self, code: str) -> Bank | None:
        """The bank with this short code ("VCB"), in any case."""
        wanted = code.upper()
        return next((bank for bank in self.banks if bank.code.upper() == wanted and not bank.deprecated), None)


@cache
def bank_table() -> BankTable:
    """The table of `assets/data/banks.csv`: comment lines with source and date, a head line, one bank a line."""
    lines = TABLE.read_text("utf-8").splitlines()
    marked = (line[1:].strip().partition(": ") for line in lines if line.startswith("#"))
    remarks = {name: value for name, _, value in marked}
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    banks = tuple(
        Bank(
            row["bin"],
            row["code"],
            row["short_name"],
            row["name"],
            row["swift"],
            VietQrSupport(row["vietqr"]),
            bool(row["deprecated"]),
        )
        for row in rows
    )
    return BankTable(banks, remarks["source"], date.fromisoformat(remarks["date"]))
