"""The doctor beside a real gateway, printer and scanner: what is well is called well, what is broken by its code."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from simulators.world.processes import Process

pytestmark = pytest.mark.wire

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(
        "printer", [sys.executable, "-m", "simulators.printer"], tmp_path_factory.mktemp("printer") / "log", cwd=ROOT
    )
    process.ready()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(
        "scanner", [sys.executable, "-m", "simulators.scanner"], tmp_path_factory.mktemp("scanner") / "log", cwd=ROOT
    )
    process.ready()
    yield process
    process.stop()


@pytest.fixture
def settings(state: Path, enrolled: Path, gateway, printer: Process, scanner: Process) -> Path:
    file = state.parent / "kiosk.toml"
    file.write_text(
        f"""\
state_directory = "{state}"
[gateway]
url = "http://{gateway.address}"
[printer]
kind = "network"
host = "127.0.0.1"
port = {printer.facts["port"]}
[scanner]
path = "{scanner.facts["path"]}"
[audio]
device = "off"
""",
        "utf-8",
    )
    return file


def doctor(settings: Path) -> dict[str, list[dict[str, object]]]:
    ran = subprocess.run(
        [sys.executable, "-m", "kiosk", "doctor", "--json", "--seconds", "30", "--settings", str(settings)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return {section["name"]: section["findings"] for section in json.loads(ran.stdout)["sections"]}


def test_what_is_well_is_called_well(settings: Path) -> None:
    found = doctor(settings)
    for part in ("settings", "state directory", "gateway", "printer", "scanner", "outbox", "sound"):
        assert {finding["level"] for finding in found[part]} == {"good"}, found[part]
    assert "knows this kiosk" in str(found["gateway"][0]["text"])


def test_a_printer_without_paper_is_told_by_its_code(settings: Path, printer: Process) -> None:
    requests.post(f"{printer.facts['control']}/paper", json={"state": "out"}, timeout=5).raise_for_status()
    try:
        assert doctor(settings)["printer"][0]["code"] == "PR-02"
    finally:
        requests.post(f"{printer.facts['control']}/paper", json={"state": "ok"}, timeout=5).raise_for_status()


def test_a_gateway_that_does_not_know_the_kiosk_is_told_by_its_code(settings: Path, state: Path) -> None:
    from services.gateway_client import identity

    (state / identity.KEY).unlink()
    identity.make_key(state)
    assert doctor(settings)["gateway"][0]["code"] == "GW-204"
