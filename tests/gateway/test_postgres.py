"""Two gateway processes on one PostgreSQL: the same code, one number for one person, changes heard by both."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.wire

BIN = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """An own cluster on a socket in a temporary folder; initdb refuses root, so an ordinary user owns it."""
    if BIN is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp())  # not under pytest's, which only root may enter
    ordinary: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        ordinary = ["runuser", "-u", "nobody", "--"]

    def run(program: str, *words: str) -> None:
        subprocess.run([*ordinary, str(BIN / program), *words], cwd=folder, check=True, capture_output=True)

    data = str(folder / "data")
    run("initdb", "-D", data, "-A", "trust", "-U", "tram", "--no-sync")
    run("pg_ctl", "-D", data, "-o", f"-k {folder} -h ''", "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg://tram@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def pair(postgres: str, start_gateway: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Two processes, as behind a load balancer."""
    return start_gateway(tmp_path_factory.mktemp("pair"), postgres, 2)


def test_an_old_database_is_not_served(postgres: str, start_gateway: Any, tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="python -m gateway migrate"):
        start_gateway(tmp_path, postgres, 1, migrate_first=False)


def test_two_processes_never_give_one_number_twice(pair: Any) -> None:
    kiosks = [pair.kiosk("B", 0), pair.kiosk("C", 1)]
    numbers: list[str] = []

    def many(kiosk: Any, start: int) -> None:
        for n in range(start, start + 20):
            numbers.append(kiosk.check_in(patient={"number": f"0990880{n:05}", "name": "x"}).json()["number"])

    threads = [threading.Thread(target=many, args=(kiosk, 1000 * n)) for n, kiosk in enumerate(kiosks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"T{n:03}" for n in range(1, 41)]


def test_a_person_at_two_kiosks_of_two_processes_takes_one_number(pair: Any) -> None:
    kiosks = [pair.kiosk("D", 0), pair.kiosk("E", 1)]
    numbers: list[str] = []
    threads = [
        threading.Thread(target=lambda kiosk=kiosk: numbers.append(kiosk.check_in(clinic_id="mat").json()["number"]))
        for kiosk in kiosks
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == ["T001", "T001"]


def test_a_change_made_by_one_process_reaches_the_stream_of_the_other(pair: Any) -> None:
    kiosk = pair.kiosk("F", 0)
    call = kiosk.post("/v1/staff-calls", {"step": ""}).json()
    seen: list[str] = []
    headers = {"Authorization": f"Bearer {kiosk.token}"}
    url = f"{pair.peers[1].url}/v1/staff-calls/{call['id']}/events"
    with httpx.stream("GET", url, headers=headers, timeout=10) as stream:
        for line in stream.iter_lines():
            if not line.startswith("data: "):
                continue
            seen.append(json.loads(line.removeprefix("data: "))["status"])
            if len(seen) == 1:
                kiosk.post(f"/v1/staff-calls/{call['id']}/cancel")
    assert seen == ["ringing", "cancelled"]
