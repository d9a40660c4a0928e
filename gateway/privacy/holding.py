"""The words in which a table declares what it holds: class, subject key, retention, export and erasure.

Pure declarations; `gateway.privacy.holdings` is the register of every table, `reach`, `purge`, `erase` and `export`
carry it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sqlalchemy import Column, ColumnElement, Table

from gateway.store.vault import Vault


class DataClass(Enum):
    """Classes of data. The value names the setting `privacy.retention.<value>` (days, dashes as underscores)."""

    SESSION = "session"
    """Log-ins, tokens, nonces: nothing of theirs is asked for again."""
    ASKED = "asked"
    """Kept answers about insurance: asked again within a session, never later."""
    ANSWER = "answer"
    """Kept answers of every other write, and writes that came too early or too late."""
    VISIT = "visit"
    """Who came: registration with its evidence, slip codes."""
    INSURANCE = "insurance"
    """The insurer's raw answers, evidence of every look-up (TT 12/2026 article 4)."""
    PAYER = "payer"
    """The text of a transfer: may name who paid."""
    PAYMENT = "payment"
    """Bills, payments and movements: accounting vouchers (Decree 174/2016 articles 12 and 13)."""
    CONSENT = "consent"
    """Evidence of a consent or of its refusal (Law 91/2025 article 9)."""
    BIOMETRIC = "biometric"
    """Templates of fingers (Decree 356/2025 article 4: sensitive)."""
    OVERSIGHT = "oversight"
    """Who looked and why, requests of people, incidents, reports of what was purged."""
    STAFF = "staff"
    """People who work here."""
    DOSSIER = "dossier"
    """What this gateway holds of a dossier, counted from its end; the archive is the authority's."""
    DRAFT = "draft"
    """Drafts and documents that were sent before anything was filed."""
    FIGURES = "figures"
    """What is left of a visit without the person: counted, then deleted."""


@dataclass(frozen=True)
class ByHash:
    """Rows whose column is the vault's keyed hash of the person's number (`vault.hash(purpose, number)`)."""

    column: Column[Any]
    purpose: str


@dataclass(frozen=True)
class ByRecord:
    """Rows that a subject link names (`gateway.privacy.subjects`), by the kind of record."""

    column: Column[Any]
    kind: str


@dataclass(frozen=True)
class Through:
    """Rows that point at rows of another declared table: (own column, other's column), …"""

    pairs: tuple[tuple[Column[Any], Column[Any]], ...]
    where: ColumnElement[bool] | None = None

    @property
    def parent(self) -> Table:
        """The other table."""
        return self.pairs[0][1].table  # type: ignore[return-value]


Reach = ByHash | ByRecord | Through


@dataclass(frozen=True)
class Deletion:
    """The whole row goes."""


@dataclass(frozen=True)
class Stripping:
    """The row stays without the person: these columns get these values (a function makes one from the vault)."""

    values: Mapping[str, Callable[[Vault], object] | object]


@dataclass(frozen=True)
class Kept:
    """The law keeps it, whatever the person asks: told to them with this reason."""

    reason: str


@dataclass(frozen=True)
class Rule:
    """When a class's time is over, counted from `since`, `action` is done to the rows.

    `since` may belong to the table that `through` leads to: children never outlive what they point at.
    """

    data_class: DataClass
    since: Column[Any]
    action: Deletion | Stripping
    through: tuple[Column[Any], Column[Any]] | None = None
    where: ColumnElement[bool] | None = None


@dataclass(frozen=True)
class Holding:
    """What one table holds of people."""

    table: Table
    about: str
    """One line for the data inventory."""
    rules: tuple[Rule, ...] = ()
    reach: tuple[Reach, ...] = ()
    """How a person's rows are found; empty: no row is about a patient, a companion or a payer."""
    export: tuple[str, ...] = ()
    """Columns a person gets a copy of, as they stand."""
    sealed: Mapping[str, Callable[[bytes], object]] = field(default_factory=dict[str, Callable[[bytes], object]])
    """Sealed columns a person gets a copy of, with how to read them once opened."""
    erasure: Deletion | Stripping | Kept | None = None
    """What becomes of a person's rows at their request."""
    personal: bool = True
    forever: str = ""
    """Why there is no rule: how this table ends otherwise."""


def no_personal_data(table: Table, about: str, *rules: Rule, forever: str = "") -> Holding:
    """A table in which nobody can be recognised, neither patients nor staff."""
    return Holding(table, about, rules=rules, personal=False, forever=forever)
