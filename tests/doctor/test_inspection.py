"""The doctor looks at the inspection system: certificates, key, who signs; nothing is signed by looking."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from kiosk.doctor.findings import Finding, Level
from kiosk.doctor.inspection import inspection
from kiosk.settings import Settings, parse
from services.gateway_client import identity
from simulators.chip.world import World

TEXT = """\
demo = true
state_directory = "state"
[gateway]
url = "{url}"
[reader]
fingerprints = {fingers}
{more}
[printer]
kind = "network"
host = "127.0.0.1"
port = 9
[scanner]
path = "/dev/null"
[audio]
device = "off"
"""


@dataclass
class Gateway:
    """Answers the two questions the doctor asks."""

    url: str = ""
    status: int = 200
    state: dict[str, Any] = field(default_factory=dict[str, Any])
    asked: list[str] = field(default_factory=list[str])


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._say(200, {"access_token": "t", "expires_in": 300})

        def do_GET(self) -> None:
            self._say(made.status, made.state)

        def _say(self, status: int, body: object) -> None:
            made.asked.append(f"{self.command} {self.path}")
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        made.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def _settings(folder: Path, url: str, *, fingers: bool = True, more: str = "") -> Settings:
    text = TEXT.format(url=url, fingers=str(fingers).lower(), more=more)
    return parse(text, folder / "kiosk.toml")


@pytest.fixture
def look(tmp_path: Path, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Finding]:
    """Ask the gateway of this test, as an enrolled kiosk, and give the one finding."""
    monkeypatch.setattr("kiosk.doctor.inspection.SECONDS", 60.0)  # a busy machine is no silent gateway
    settings = _settings(tmp_path, gateway.url)
    settings.state_directory.mkdir(mode=0o700)
    identity.make_key(settings.state_directory)
    identity.save_enrolment(settings.state_directory, identity.Enrolment(gateway.url, "k1", "ab" * 32, gateway.url))

    def ask(status: int = 200, days: int = 30, problem: object = None) -> Finding:
        today = datetime.now(UTC).date()
        gateway.status = status
        gateway.state = {
            "holder": "VNTESTIS0000001",
            "authority": "VNTESTDV0000001",
            "effective": (today - timedelta(days=60)).isoformat(),
            "expires": (today + timedelta(days=days)).isoformat(),
            "problem": problem,
        }
        (found,) = inspection(settings)
        return found

    return ask


def test_a_kiosk_that_asks_for_no_fingers_needs_none(tmp_path: Path) -> None:
    (found,) = inspection(_settings(tmp_path, "http://127.0.0.1:9", fingers=False))
    assert (found.level, found.facts) == (Level.GOOD, {"asked": False})


def test_a_terminal_whose_key_is_reached_is_good_and_nothing_was_signed(
    look: Callable[..., Finding], gateway: Gateway
) -> None:
    found = look()
    assert (found.level, found.facts["days"]) == (Level.GOOD, 30)
    assert "VNTESTIS0000001, signed by VNTESTDV0000001" in found.text
    assert gateway.asked == ["POST /v1/token", "GET /v1/terminal"]


@pytest.mark.parametrize(
    ("how", "level", "text"),
    [
        ({"days": 3}, Level.WARNING, "valid to"),
        ({"days": 0}, Level.WARNING, "valid to"),
        ({"days": -1}, Level.FAULT, "its certificate ended"),
        ({"problem": "NoSuchToken"}, Level.FAULT, "not reached: NoSuchToken"),
        ({"status": 404}, Level.FAULT, "no inspection system"),
        ({"status": 424}, Level.FAULT, "no usable certificate"),
        ({"status": 500}, Level.FAULT, "http://"),
        ({"problem": 5}, Level.FAULT, "no inspection system's state"),
    ],
    ids=str,
)
def test_what_would_keep_the_fingers_closed_is_told(
    look: Callable[..., Finding], how: dict[str, Any], level: Level, text: str
) -> None:
    found = look(**how)
    assert found.level is level
    assert text in found.text


def test_a_kiosk_that_is_not_enrolled_asks_nobody(tmp_path: Path, gateway: Gateway) -> None:
    (found,) = inspection(_settings(tmp_path, gateway.url))
    assert (found.level, gateway.asked) == (Level.FAULT, [])
    assert "was not asked" in found.text


def test_a_laboratorys_folder_is_looked_at_in_a_demo(tmp_path: Path) -> None:
    World().laboratory.write(tmp_path / "laboratory")
    more = f'terminal_files = "{tmp_path / "laboratory"}"'
    (found,) = inspection(_settings(tmp_path, "http://127.0.0.1:9", more=more))
    assert "a laboratory's terminal" in found.text
    for file in (tmp_path / "laboratory").glob("*.cvcert"):
        file.unlink()
    (found,) = inspection(_settings(tmp_path, "http://127.0.0.1:9", more=more))
    assert found.level is Level.FAULT
