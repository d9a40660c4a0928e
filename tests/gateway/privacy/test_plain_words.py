"""What the data officer reads of a record, in people's words."""

from __future__ import annotations

import pytest

from gateway.web.keeper_pages import keeper_texts, plain


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("True", "Có"),
        ("False", "Không"),
        ("2026-11-30", "30/11/2026"),
        ("2026-11-30T16:52:54.063781Z", "30/11/2026 23:52"),
        ("2026-11-30T23:52:54+07:00", "30/11/2026 23:52"),
        ("1988", "1988"),
        ("1988-13-45", "1988-13-45"),
        ("2026-11-30 và hơn nữa", "2026-11-30 và hơn nữa"),
        ("tim-mach", "tim-mach"),
    ],
)
def test_a_kept_value_is_read_as_people_write_it(kept: str, read: str) -> None:
    assert plain(kept, keeper_texts("vi")) == read
