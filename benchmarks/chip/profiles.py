"""What is measured: kinds of cards and readings, each with the promise it is held to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from drivers.emrtd.read import DEFAULT_FILES
from drivers.emrtd.reading import FileId

_PHOTO = frozenset({FileId.COM, FileId.DG1, FileId.DG2})
_IDENTITY = frozenset({FileId.COM, FileId.DG1, FileId.DG13, FileId.DG14, FileId.DG15, FileId.SOD})
UNLIMITED = 65533
"""What PC/SC and the virtual reader carry."""


@dataclass(frozen=True)
class Case:
    """One reading. `most_apdus` and `most_seconds` are promises, the latter on the radio model."""

    name: str
    card: dict[str, Any]
    wanted: frozenset[FileId]
    most_apdus: int | None = None
    most_seconds: float | None = None
    longest: int = UNLIMITED
    prove: bool = False
    """With active authentication and all verdicts."""
    can: bool = True
    environment: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def extended(self) -> bool:
        """Whether the card takes extended length."""
        return bool(self.card.get("extended", True))


CASES = (
    Case("BAC + COM + DG1 + DG2, whole answers", {"profile": "vietnam-2021"}, _PHOTO, 8, 0.86, can=False),
    Case(
        "BAC + COM + DG1 + DG2, answers to 2,000 bytes",
        {"profile": "vietnam-2021", "max_response": 2000},
        _PHOTO,
        16,
        0.96,
        longest=2000,
        can=False,
    ),
    Case(
        "BAC + COM + DG1 + DG2, short length",
        {"profile": "vietnam-2021", "extended": False},
        _PHOTO,
        93,
        1.92,
        longest=256,
        can=False,
    ),
    Case(
        "identity: PACE-CAN, DG1, 13, 14, 15, SOD, AA, verdicts",
        {"profile": "vietnam-2024", "sod_with_csca": True},
        _IDENTITY,
        15,
        0.45,
        prove=True,
    ),
    Case(
        "kiosk, card of 2021: everything with photo and proofs", {"profile": "vietnam-2021"}, DEFAULT_FILES, prove=True
    ),
    Case(
        "kiosk, card of 2024: everything with photo and proofs", {"profile": "vietnam-2024"}, DEFAULT_FILES, prove=True
    ),
    Case(
        "kiosk, card of 2024, short length",
        {"profile": "vietnam-2024", "extended": False},
        DEFAULT_FILES,
        longest=256,
        prove=True,
    ),
)
