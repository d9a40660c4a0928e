"""What the insurer's `maKetQua` means and what follows from it: a dated table with a safe default."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from gateway.insurance.dated import Timeline, grouped
from services.contract.models import MismatchField


class Action(Enum):
    """What a result code leads to."""

    VALID = "valid"
    NEW_CARD = "new-card"
    """The card the answer names is asked for."""
    EXPIRED = "expired"
    NOT_FOUND = "not-found"
    STOPPED = "stopped"
    MOVED = "moved"
    CHILD = "child"
    MISMATCH = "mismatch"
    PAPER_CARD = "paper-card"
    """Received as insured; the desk looks at the paper card."""
    UNCLEAR = "unclear"
    ASK_AGAIN = "ask-again"
    DOWN = "down"
    ACCOUNT = "account"
    TOKEN = "token"  # noqa: S105 - not a secret


NO_ANSWER = frozenset({Action.DOWN, Action.ACCOUNT, Action.TOKEN})
"""Codes that say nothing about the patient."""


@dataclass(frozen=True)
class ResultCode:
    """One row: `then` is the action when the same code comes a second time, `field` what a mismatch is about."""

    action: Action
    meaning: str
    first_day: date
    last_day: date | None = None
    staff_check: bool = False
    alarm: bool = False
    field: MismatchField | None = None
    then: Action | None = None
    for_paper_cards: Action | None = None
    """The action where the answer names no card to use, and the card is one the insurer's list need not hold."""

    @property
    def settled(self) -> Action:
        """The action when nothing more is asked."""
        return self.then or self.action


@dataclass(frozen=True)
class ResultCodes:
    """All codes."""

    codes: dict[str, Timeline[ResultCode]]
    default: Action

    def on(self, code: str, day: date) -> ResultCode:
        """The row of a code on a day; one that is not known is treated as the table's default says."""
        known = self.codes.get(code)
        row = None if known is None else known.on(day)
        return row or ResultCode(self.default, "unknown code", day, staff_check=True)


def load_result_codes(file: Path) -> ResultCodes:
    """Read the table. KeyError or ValueError for a broken one: it ships with the program."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    since: date = content["from"]

    def row(fields: dict[str, Any]) -> ResultCode:
        return ResultCode(
            action=Action(fields["action"]),
            meaning=fields["meaning"],
            first_day=fields.get("from", since),
            last_day=fields.get("to"),
            staff_check=fields.get("staff_check", False),
            alarm=fields.get("alarm", False),
            field=MismatchField(fields["field"]) if "field" in fields else None,
            then=Action(fields["then"]) if "then" in fields else None,
            for_paper_cards=Action(fields["for_paper_cards"]) if "for_paper_cards" in fields else None,
        )

    return ResultCodes(grouped(content["code"], "code", row), Action(content["default"]))
