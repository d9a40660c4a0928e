"""What became of a write."""

from __future__ import annotations

from enum import Enum

from services.contract.base import Wire


class OperationClass(Enum):
    """DESIGN section 6."""

    DELIVER_LATER = "deliver-later"
    ASK_AGAIN = "ask-again"


class OperationState(Enum):
    """GET /v1/operations/{operation}/{key}."""

    UNKNOWN = "unknown"
    IN_PROGRESS = "in-progress"
    DONE = "done"


class Operation(Wire):
    """What became of a key: the kept answer as it was sent, or that nothing arrived."""

    state: OperationState
    status: int | None = None
    body: dict[str, object] | None = None
