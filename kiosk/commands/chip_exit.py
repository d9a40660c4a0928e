"""Exit codes and output of the chip commands."""

from __future__ import annotations

import json
import sys
from enum import IntEnum
from pathlib import Path

from services.trust.errors import TrustError
from services.trust.judgement import ChipLevel, Judgement
from services.trust.store import TrustStore, load_store
from services.trust.verdicts import PassiveOutcome, PassiveReason, PassiveVerdict


class ChipExit(IntEnum):
    """A contract with integrators: never renumber."""

    GENUINE = 0
    NOT_GENUINE = 1
    NOT_READABLE = 2
    USAGE = 3
    NOT_PROVEN = 4
    """Read, but without a trust root or without a proof of the chip."""


RESULTS = {
    ChipExit.GENUINE: "genuine",
    ChipExit.NOT_GENUINE: "not-genuine",
    ChipExit.NOT_READABLE: "not-readable",
    ChipExit.NOT_PROVEN: "not-proven",
}
"""Words of the JSON's `result`."""


def exit_of_reading(judgement: Judgement) -> ChipExit:
    """A reading with a card."""
    return {
        ChipLevel.GENUINE: ChipExit.GENUINE,
        ChipLevel.READ: ChipExit.NOT_PROVEN,
        ChipLevel.FAILED: ChipExit.NOT_GENUINE,
    }[judgement.level]


def exit_of_files(verdict: PassiveVerdict) -> ChipExit:
    """Files without a card: passive authentication is all there is."""
    if verdict.reason is PassiveReason.NO_SOD:
        return ChipExit.NOT_READABLE
    if verdict.outcome is PassiveOutcome.TRUSTED:
        return ChipExit.GENUINE
    return ChipExit.NOT_PROVEN if verdict.signature_holds else ChipExit.NOT_GENUINE


def open_store(folder: Path | None) -> TrustStore | None:
    """The trust store, an empty one without a folder; None, and why on standard error, when it cannot be read."""
    if folder is None:
        return TrustStore()
    try:
        store = load_store(folder)
    except TrustError as error:
        print(f"chip: {error.detail}", file=sys.stderr)
        return None
    for problem in store.problems:
        print(f"chip: {folder / problem.file}: {problem.detail}", file=sys.stderr)
    return store


def show(report: dict[str, object], as_json: bool) -> None:
    """JSON, or the same for the eye."""
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
        return
    for line in _lines(report, ""):
        print(line)


def _lines(value: object, indent: str) -> list[str]:
    if isinstance(value, dict):
        lines: list[str] = []
        items: dict[str, object] = value  # pyright: ignore[reportUnknownVariableType] - json by construction
        for name, inner in items.items():
            below = _lines(inner, indent + "  ")
            nested = isinstance(inner, dict | list) and below
            lines += [f"{indent}{name}:", *below] if nested else [f"{indent}{name}: {below[0] if below else '-'}"]
        return lines
    if isinstance(value, list):
        entries: list[object] = value  # pyright: ignore[reportUnknownVariableType] - json by construction
        return [f"{indent}- {line.strip()}" for entry in entries for line in _lines(entry, indent + "  ")]
    return ["" if value is None else str(value)]
