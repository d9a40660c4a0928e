"""A kiosk that loses its power at any step of a registration keeps its promise, or never made one."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = [pytest.mark.wire, pytest.mark.trio]

ROOT = Path(__file__).resolve().parents[2]


def kept(state: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(f"file:{state / 'outbox.db'}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT chain, operation FROM entries ORDER BY id").fetchall()


@pytest.mark.parametrize("network", ["whole", "cut", "answer lost"])
async def test_killed_at_any_step_one_person_has_one_number(kiosk, person, gateway, cable, state, until, network):
    async with kiosk(running=True):
        await until(lambda: (state / "clinics.json").exists())
        with closing(sqlite3.connect(state / "outbox.db")) as connection:
            await until(lambda: connection.execute("SELECT COUNT(*) FROM numbers").fetchone()[0] > 0)
    program = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("killed_kiosk.py")), cable.url, str(state)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert program.stdin is not None and program.stdout is not None
    promises: list[tuple[str, str]] = []
    try:
        kill_at, killed = 0, True
        while killed:
            kill_at += 1
            cable.fresh()
            if network == "cut":
                cable.cut()
            elif network == "answer lost":
                cable.set(lose_answers=9, lose_path="check-in")
            program.stdin.write(f"{kill_at} {person().patient.number}\n")
            program.stdin.flush()
            told = json.loads(program.stdout.readline())
            killed = told["killed"]
            if told["promised"]:
                promises.append(tuple(told["promised"]))
    finally:
        program.stdin.close()
        program.wait(10)
        program.stdout.close()
    assert kill_at > 4 and promises, "the sweep went through the whole registration"
    chains = {chain for chain, _ in kept(state)} | {key for key, _ in promises}
    cable.fresh()
    async with kiosk(running=True):
        await until(lambda: kept(state) == [])
    for key, number in promises:
        assert gateway.live_numbers(key) == [number]
    assert all(len(gateway.live_numbers(chain)) <= 1 for chain in chains)
