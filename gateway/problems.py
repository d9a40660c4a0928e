"""Refusals: an exception that becomes an `application/problem+json` answer (RFC 9457)."""

from __future__ import annotations

from services.contract.models import Problem

MEDIA_TYPE = "application/problem+json"


class Refused(Exception):
    """A request that cannot be granted. `title` is for people who operate the place; no personal data."""

    def __init__(self, status: int, title: str, *, code: str | None = None, detail: str | None = None) -> None:
        super().__init__(title)
        self.problem = Problem(title=title, status=status, code=code, detail=detail)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status
