"""What the doctor finds: one section for each part, worst first."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


class Level(IntEnum):
    """How bad; also the exit code of the command."""

    GOOD = 0
    WARNING = 1
    """People are served; somebody should look."""
    FAULT = 2
    """Something people need does not work."""


Fact = str | int | float | bool | None


@dataclass(frozen=True)
class Finding:
    """One sentence about a part. `code` is a failure code where there is one; `facts` are for machines."""

    level: Level
    text: str
    code: str | None = None
    facts: dict[str, Fact] = field(default_factory=dict[str, Fact])


@dataclass(frozen=True)
class Section:
    """One part: its findings."""

    name: str
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        """The worst of its findings."""
        return max((finding.level for finding in self.findings), default=Level.GOOD)


def good(text: str, **facts: Fact) -> Finding:
    """Nothing to do."""
    return Finding(Level.GOOD, text, None, facts)


def warning(text: str, code: str | None = None, **facts: Fact) -> Finding:
    """Somebody should look."""
    return Finding(Level.WARNING, text, code, facts)


def fault(text: str, code: str | None = None, **facts: Fact) -> Finding:
    """Something people need does not work."""
    return Finding(Level.FAULT, text, code, facts)
