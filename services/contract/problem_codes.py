"""Failure codes that cross the wire: the gateway names them in a `Problem`, the kiosk where it sees the same itself."""

PAYMENT_UNCLEAR = "TT-301"
"""Money may be on its way: never pay twice, a person at the cashier looks."""
NO_PAYMENT_CODE = "TT-302"
"""No code to pay with could be made."""
