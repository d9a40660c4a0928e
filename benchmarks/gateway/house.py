"""The gateway under load: its settings, database and processes in a temporary folder, and a day that is well begun."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from string import ascii_uppercase
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import insert, text

from benchmarks.gateway.standins import WEBHOOK_SECRET
from gateway.app import open_house
from gateway.clock import day_of
from gateway.fleet.enrolment import QUEUE_LETTERS, make_code
from gateway.house import House, new_id
from gateway.settings import load
from gateway.store.migrate import migrate
from gateway.store.tables import check_ins, queue_days, registrations, tickets

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "gateway" / "data" / "demo-hoa-giang.toml"
_BATCH = 5000


@dataclass(frozen=True)
class Peers:
    """Where the stand-ins answer."""

    insurer: str
    bank: str


def settings_file(folder: Path, database: str, trust: Path, peers: Peers) -> Path:
    """What goes over the demo's settings."""
    for name in ("password", "operator_name", "operator_number", "api_token"):
        (folder / name).write_text("099180999901", encoding="utf-8")
    (folder / "webhook_secret").write_text(WEBHOOK_SECRET, encoding="utf-8")
    over = folder / "over.toml"
    over.write_text(
        f"""
database = "{database}"
[keys]
directory = "{folder}/keys"
[trust]
directory = "{trust}"
[insurance]
url = "{peers.insurer}"
password = {{ file = "{folder}/password" }}
operator_name = {{ file = "{folder}/operator_name" }}
operator_number = {{ file = "{folder}/operator_number" }}
[bank]
api_url = "{peers.bank}"
webhook_secret = {{ file = "{folder}/webhook_secret" }}
api_token = {{ file = "{folder}/api_token" }}
""",
        encoding="utf-8",
    )
    return over


def prepare(over: Path, kiosks: int, day_tickets: int) -> dict[str, Any]:
    """Migrate, make enrolment codes, put `day_tickets` tickets of today there: what the load program needs to know."""
    settings = load([DEMO, over])
    house = open_house(settings)
    migrate(house.store)
    codes = [make_code(house, f"Trạm {each}", f"Kiosk {each}", each) for each in itertools.islice(_letters(), kiosks)]
    clinics = [clinic.id for clinic in settings.clinics if not clinic.guide_desk]
    if day_tickets:
        _seed(house, clinics, day_tickets)
    if house.store.engine.dialect.name != "sqlite":
        with house.store.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    house.store.close()
    asyncio.run(house.insurer.close())
    return {"codes": codes, "clinics": clinics, "account": settings.bank.account}


def _letters() -> Iterator[str]:
    allowed = [letter for letter in ascii_uppercase if letter not in QUEUE_LETTERS]
    yield from allowed
    yield from (first + second for first in allowed for second in ascii_uppercase)


def _seed(house: House, clinics: list[str], count: int) -> None:
    """Tickets as check-ins leave them (half done, half waiting), and the counters that go with them."""
    now = house.now()
    day = day_of(now)
    sealed = house.vault.seal(b"{}" * 1500)
    for start in range(0, count, _BATCH):
        rows = [(new_id(), place) for place in range(start, min(start + _BATCH, count))]
        with house.store.write() as transaction:
            transaction.execute(insert(check_ins), [
                {
                    "id": id, "kiosk_id": "seed", "clinic_id": clinics[place % len(clinics)], "day": day,
                    "arrived_at": now - timedelta(seconds=count - place), "received_at": now, "person": new_id() * 2,
                    "claimed_level": "chip-genuine", "verified_level": "chip-genuine", "evidence_reason": "",
                    "priority": "none", "priority_proven": False, "use_insurance": True, "insurance_pending": False,
                    "sealed_registration": sealed,
                }
                for id, place in rows
            ])  # fmt: skip
            transaction.execute(insert(registrations), [
                {
                    "kiosk_id": "seed", "registration_key": id, "check_in_id": id, "first": True,
                    "slip_token": id[:26], "reprint_code": id[:9],
                }
                for id, _ in rows
            ])  # fmt: skip
            transaction.execute(insert(tickets), [
                {
                    "id": new_id(), "check_in_id": id, "clinic_id": clinics[place % len(clinics)], "day": day,
                    "number": f"T{place // len(clinics) + 1:03}", "series": "T",
                    "status": "done" if place % 2 else "waiting", "waiting_ahead": 0,
                    "issued_at": now - timedelta(seconds=count - place), "changed_at": now,
                    "turn_at": now - timedelta(seconds=count - place), "arrival": place // len(clinics) + 1,
                }
                for id, place in rows
            ])  # fmt: skip
    each = -(-count // len(clinics))
    with house.store.write() as transaction:
        transaction.execute(insert(queue_days), [
            {
                "day": day, "clinic_id": clinic, "last_priority": 0, "last_ordinary": each, "waiting_priority": 0,
                "waiting_ordinary": each // 2, "last_arrival": each,
            }
            for clinic in clinics
        ])  # fmt: skip


class Gateway:
    """One gateway process."""

    def __init__(self, over: Path, log: Path) -> None:
        self._log = log.open("ab")
        command = [sys.executable, "-m", "gateway", "--log-level", "WARNING", "run", "--announce"]
        self._process = subprocess.Popen(
            [*command, "--settings", str(DEMO), "--settings", str(over)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, env=os.environ,
        )  # fmt: skip
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the gateway did not start: {log.read_text('utf-8')[-2000:]}")
        url: str = json.loads(line)["url"]
        address = urlsplit(url)
        self.address = (str(address.hostname), int(address.port or 80))

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._log.close()
