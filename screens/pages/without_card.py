""" "Đăng ký không dùng thẻ": what the person can show instead."""

from __future__ import annotations

from screens.shell.page import Page


class WithoutCardPage(Page):
    """Only the ways the journey offers."""
