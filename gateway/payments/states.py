"""States of a payment intent and the only ways between them: forward, never back (payment.md section 5)."""

from __future__ import annotations

from services.contract.models import EndReason
from services.contract.models import PaymentStatus as S

OPEN = frozenset({S.CREATED, S.QR_SHOWN, S.UNDERPAID})
"""A code may be on a screen, or a card at the terminal: the one live intent of its bill."""

CLOSED_UNPAID = frozenset({S.CANCELLED, S.EXPIRED, S.FAILED, S.UNKNOWN})
"""No code is shown any more; money that still comes is late."""

PAID = frozenset({S.PAID, S.PAID_LATE, S.OVERPAID})

_ENDS = frozenset({S.CANCELLED, S.EXPIRED, S.FAILED, S.UNKNOWN})
_MONEY_GOES_BACK = frozenset({S.REFUND_REQUESTED})

TRANSITIONS: dict[S, frozenset[S]] = {
    S.CREATED: frozenset({S.QR_SHOWN, S.UNDERPAID, S.PAID, S.OVERPAID}) | _ENDS,
    S.QR_SHOWN: frozenset({S.UNDERPAID, S.PAID, S.OVERPAID}) | _ENDS,
    S.UNDERPAID: frozenset({S.UNDERPAID, S.PAID, S.OVERPAID}) | _ENDS,
    # What a person or the provider found out: it came after all, or nothing came.
    S.UNKNOWN: frozenset({S.PAID_LATE, S.EXPIRED, S.FAILED}) | _MONEY_GOES_BACK,
    S.EXPIRED: frozenset({S.PAID_LATE}) | _MONEY_GOES_BACK,
    S.CANCELLED: frozenset({S.PAID_LATE}) | _MONEY_GOES_BACK,
    S.FAILED: frozenset({S.PAID_LATE}) | _MONEY_GOES_BACK,
    S.PAID: frozenset({S.OVERPAID}) | _MONEY_GOES_BACK,
    S.PAID_LATE: frozenset({S.OVERPAID}) | _MONEY_GOES_BACK,
    S.OVERPAID: frozenset({S.OVERPAID}) | _MONEY_GOES_BACK,
    S.REFUND_REQUESTED: frozenset({S.REFUNDED}),
    S.REFUNDED: frozenset(),
}
"""Every way there is. `OVERPAID` and `UNDERPAID` lead to themselves: one more transfer."""

ENDED_BY: dict[S, EndReason] = {
    S.PAID: EndReason.PAID,
    S.PAID_LATE: EndReason.PAID,
    S.OVERPAID: EndReason.PAID,
    S.CANCELLED: EndReason.LEFT,
    S.EXPIRED: EndReason.TIME_OVER,
    S.FAILED: EndReason.PROVIDER,
    S.UNKNOWN: EndReason.NO_ANSWER,
}
"""Why a state ended an intent, where whoever ended it says nothing else."""


def may_become(now: S, then: S) -> bool:
    """Whether an intent may go from one state to the other."""
    return then in TRANSITIONS[now]
