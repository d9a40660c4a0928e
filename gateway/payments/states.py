"""States of a payment intent and the only ways between them: forward, never back."""

from __future__ import annotations

from services.contract.models import PaymentStatus as S

OPEN = frozenset({S.CREATED, S.QR_SHOWN, S.UNDERPAID})
"""A code may be on a screen: the one live intent of its bill."""

CLOSED_UNPAID = frozenset({S.CANCELLED, S.EXPIRED, S.FAILED, S.UNKNOWN})
"""No code is shown any more; money that still comes is late."""

PAID = frozenset({S.PAID, S.PAID_LATE, S.OVERPAID})

_ENDS = frozenset({S.CANCELLED, S.EXPIRED, S.FAILED, S.UNKNOWN})

TRANSITIONS: dict[S, frozenset[S]] = {
    S.CREATED: frozenset({S.QR_SHOWN, S.UNDERPAID, S.PAID, S.OVERPAID}) | _ENDS,
    S.QR_SHOWN: frozenset({S.UNDERPAID, S.PAID, S.OVERPAID}) | _ENDS,
    S.UNDERPAID: frozenset({S.UNDERPAID, S.PAID, S.OVERPAID}) | _ENDS,
    S.UNKNOWN: frozenset({S.PAID_LATE, S.EXPIRED, S.FAILED}),
    S.EXPIRED: frozenset({S.PAID_LATE}),
    S.CANCELLED: frozenset({S.PAID_LATE}),
    S.FAILED: frozenset({S.PAID_LATE}),
    S.PAID: frozenset({S.OVERPAID, S.REFUND_REQUESTED}),
    S.PAID_LATE: frozenset({S.OVERPAID, S.REFUND_REQUESTED}),
    S.OVERPAID: frozenset({S.OVERPAID, S.REFUND_REQUESTED}),
    S.REFUND_REQUESTED: frozenset({S.REFUNDED}),
    S.REFUNDED: frozenset(),
}


def may_become(now: S, then: S) -> bool:
    """Whether an intent may go from one state to the other."""
    return then in TRANSITIONS[now]
