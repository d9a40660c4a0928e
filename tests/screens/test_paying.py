"""The payment code on the real window: seen by a phone at arm's length, counted down, and changed in place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.journeys.prompts import PayState

pytestmark = [pytest.mark.screen, pytest.mark.trio]


async def test_a_code_on_the_screen_changes_its_state_in_place(hall: Any) -> None:
    from screens.samples import pay

    first = pay(by_card=True)
    await hall.ask_shown(first)
    for state in PayState:
        missing = 22_500 if state in {PayState.UNDERPAID, PayState.REST} else None
        for seconds in (900, 45, 0):
            changed = replace(first, state=state, missing=missing, seconds_left=seconds)
            hall.stage.show(changed)
            await hall.shown(changed)
