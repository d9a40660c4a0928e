"""The demo's member of staff: logs in at the gateway like a browser, sees the ringing calls, answers them."""

from __future__ import annotations

from typing import Any

import httpx
from fastapi import HTTPException

from simulators.desk.world import WorldFacts


class StaffHands:
    """One session at the staff desk, made when it is first needed and again when it ended."""

    def __init__(self, facts: WorldFacts) -> None:
        self._facts = facts
        self._client = httpx.AsyncClient(base_url=facts.gateway, timeout=10, trust_env=False)

    async def calls(self) -> list[dict[str, Any]]:
        """Calls that ring or were acknowledged; none while the gateway cannot be reached."""
        try:
            answer = await self._asked("GET", "/staff/state")
        except httpx.HTTPError:
            return []
        return answer.json().get("calls", []) if answer.status_code == 200 else []

    async def answer(self, action: str) -> dict[str, Any]:
        """Acknowledge or close every open call. 409 when there is none."""
        open_calls = await self.calls()
        done = 0
        for call in open_calls:
            answer = await self._asked("POST", f"/staff/calls/{call['id']}/{action}")
            done += answer.status_code == 204
        if not done:
            raise HTTPException(409, "Không có cuộc gọi nào để trả lời")
        return {"answered": done}

    async def _asked(self, method: str, path: str) -> httpx.Response:
        answer = await self._client.request(method, path)
        if answer.status_code != 401:
            return answer
        await self._client.post(
            "/staff/login", data={"name": self._facts.staff_name, "password": self._facts.staff_password}
        )
        return await self._client.request(method, path)
