"""An officer of the centre at the reception page: logs in like a browser, finds a dossier by its code, decides."""

from __future__ import annotations

import re

import requests

from simulators.world.person import StepFailed
from simulators.world.world import OFFICER_NAME, World

SECONDS = 60.0


class Officer:
    """One session at the reception."""

    def __init__(self, world: World) -> None:
        self._address = f"{world.gateway_url}/staff"
        self._browser = requests.Session()
        self._browser.trust_env = False
        log_in = {"name": OFFICER_NAME, "password": world.secrets.staff_password}
        page = self._browser.post(f"{self._address}/login", data=log_in, timeout=SECONDS)
        if not page.url.endswith("/staff/reception"):
            raise StepFailed(f"the officer was not let in: {page.status_code}")

    def decide(self, code: str, act: str) -> None:
        """ "accept" or "hand-over" for the dossier with this sending code. StepFailed where the page says why not."""
        found = self._browser.get(f"{self._address}/reception", params={"asked": code}, timeout=SECONDS)
        links = re.findall(r'href="/staff/reception/([0-9A-Za-z-]+)"><strong>', found.text)
        if len(links) != 1:
            raise StepFailed(f"the reception page shows {len(links)} dossiers for {code}")
        address = f"{self._address}/reception/{links[0]}/decide"
        page = self._browser.post(address, data={"act": act}, timeout=SECONDS)
        if page.status_code != 200:
            raise StepFailed(f"the reception page did not take {act!r}: {page.status_code}")
