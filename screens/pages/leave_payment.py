""" "Đã chuyển tiền chưa?": asked when somebody leaves while a code is live."""

from __future__ import annotations

from screens.shell.page import Page


class LeavePaymentPage(Page):
    """The code is hidden here; the safe way is the primary one."""
