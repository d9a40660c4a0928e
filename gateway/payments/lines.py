"""What a bill is made of, sealed with it, and how it falls into parts for the accounts of its beneficiaries."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping

from gateway.house import House
from gateway.settings import Bank
from services.contract.models import Beneficiary, Breakdown, FeeLine

MAIN = "main"


class Details(BaseModel):
    """Title, lines and sums of a bill."""

    model_config = ConfigDict(frozen=True)

    title: str = ""
    title_en: str = ""
    lines: tuple[FeeLine, ...] = ()
    breakdown: Breakdown | None = None
    counter_only: bool = False


@dataclass(frozen=True)
class Part:
    """What of a bill goes into one account."""

    account_id: str
    amount: int


def seal_details(house: House, details: Details) -> bytes:
    """For the store."""
    return house.vault.seal(details.model_dump_json(exclude_defaults=True).encode())


def details_of(house: House, bill: RowMapping) -> Details:
    """The bill's details; empty ones where nothing is known, or not any more."""
    sealed = bill["sealed_details"]
    content = b"" if sealed is None else house.vault.open(sealed)
    return Details.model_validate_json(content) if content else Details()


def account_of(line: FeeLine) -> str:
    """The account a line is paid into."""
    return MAIN if line.beneficiary is None else line.beneficiary.id


def split(lines: Iterable[FeeLine], amount: int) -> tuple[Part, ...]:
    """The parts of a bill in the order of its lines. Without lines it is one, into the main account.

    ValueError for lines that do not add up: whoever made the bill must look.
    """
    sums: dict[str, int] = {}
    for line in lines:
        if line.amount < 0:
            raise ValueError("a line below nought")
        sums[account_of(line)] = sums.get(account_of(line), 0) + line.amount
    if not sums:
        return (Part(MAIN, amount),)
    if sum(sums.values()) != amount:
        raise ValueError("the lines do not add up to the bill")
    return tuple(Part(id, value) for id, value in sums.items() if value) or (Part(MAIN, amount),)


def parts_text(parts: tuple[Part, ...]) -> str | None:
    """The parts as a bill keeps them: they outlive its lines."""
    if [part.account_id for part in parts] == [MAIN]:
        return None
    return json.dumps([[part.account_id, part.amount] for part in parts])


def parts_of(bill: RowMapping) -> tuple[Part, ...]:
    """The parts of a kept bill."""
    if bill["parts"] is None:
        return (Part(MAIN, bill["amount"]),)
    return tuple(Part(str(id), int(amount)) for id, amount in json.loads(bill["parts"]))


def beneficiary_of(house: House, account: Bank) -> Beneficiary:
    """Whose account it is."""
    place = house.settings.place
    return Beneficiary(
        id=account.id, name=account.name or place.name, name_en=account.name_en or account.name or place.name_en
    )
