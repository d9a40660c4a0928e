"""What every body of the gateway's API stands on.

JSON; times aware, UTC; money in whole đồng. Every write carries `Idempotency-Key` (a UUID made and
stored before the first send, scoped to kiosk and operation). Errors are `application/problem+json` bodies of type
`Problem`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

FailureCode = Annotated[str, Field(pattern="^[A-Z]{2}-[0-9]{2,3}$")]
"""A code of the registry (services.failures)."""

IdempotencyKey = Annotated[str, Field(pattern="^[0-9A-Za-z-]{8,64}$")]
"""A UUID."""

PairCode = Annotated[str, Field(pattern="^[0-9A-Z]{4}-[0-9A-Z]{4}$")]
"""A code people type: "7Q4K-92HM"."""

ProcedureCode = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^\S+$")]
"""An administrative procedure's: text, no validation beyond length (onestop.md section 3.2)."""


class Wire(BaseModel):
    """Frozen; an unknown field of a newer peer is ignored, never an error."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Problem(Wire):
    """RFC 9457. `code` is a failure code of the registry (BH-101, GW-202…) where there is one."""

    type: str = "about:blank"
    title: str
    status: int
    code: str | None = None
    detail: str | None = None
