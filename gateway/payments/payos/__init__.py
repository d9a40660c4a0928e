"""payOS: orders with a VietQR of their own, notifications, and the state of an order (payment.md section 2.1)."""

from __future__ import annotations

from gateway.payments.payos.provider import PayOs

__all__ = ["PayOs"]
