"""The doctor looks at every part, never raises, never hangs, and its exit code is the worst it found."""

from __future__ import annotations

import json
import logging
import os
import pty
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import jwt
import pytest

from gateway.fleet.kiosks import CLOCK_SKEW
from kiosk.__main__ import main
from kiosk.doctor import books, command, devices, network, places
from kiosk.doctor.command import as_json, as_text
from kiosk.doctor.examine import CHECKS, examine
from kiosk.doctor.findings import Finding, Level, Section, good, warning
from kiosk.settings import Settings, parse
from services.contract.models import Problem, Token, TokenRequest
from services.contract.routes import Write
from services.device_health.history import History
from services.gateway_client import identity
from services.outbox import Database, Draft, Outbox

ROOT = Path(__file__).resolve().parents[2]

TEXT = """\
state_directory = "state"
[gateway]
url = "http://127.0.0.1:9"
connect_seconds = 0.2
[printer]
kind = "network"
host = "127.0.0.1"
port = 9
[scanner]
path = "scanner"
[audio]
device = "off"
"""


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(TEXT.replace('"scanner"', f'"{tmp_path / "scanner"}"'), "utf-8")
    return path


@pytest.fixture
def settings(settings_file: Path) -> Settings:
    return parse(settings_file.read_text("utf-8"), settings_file)


@pytest.fixture
def state(settings: Settings) -> Path:
    settings.state_directory.mkdir(mode=0o700)
    return settings.state_directory


def enrolled(state: Path, gateway: str = "http://127.0.0.1:9") -> None:
    identity.make_key(state)
    identity.save_enrolment(state, identity.Enrolment(gateway, "k1", "ab" * 32, gateway))


def worst(findings: list[Finding]) -> Level:
    return max(finding.level for finding in findings)


# --- as a whole


def test_every_part_is_looked_at_and_the_order_is_kept(settings_file: Path) -> None:
    sections = examine(settings_file, {name: lambda _: [good("fine")] for name in CHECKS})
    assert [section.name for section in sections] == ["settings", *CHECKS]


def test_wrong_settings_are_the_only_finding_each_with_its_line(settings_file: Path) -> None:
    settings_file.write_text(TEXT + "x = 1\ny = 2\n", "utf-8")
    (section,) = examine(settings_file)
    assert len(section.findings) == 2 and section.level is Level.FAULT
    assert f"{settings_file}:13:" in section.findings[0].text


def test_a_check_that_raises_is_a_finding(settings_file: Path) -> None:
    def broken(_: Settings) -> list[Finding]:
        raise ZeroDivisionError("by nothing")

    section = examine(settings_file, {"broken": broken})[-1]
    assert section.level is Level.FAULT and "ZeroDivisionError" in section.findings[0].text


def test_a_check_that_hangs_is_a_finding_and_the_others_are_not_held_up(settings_file: Path) -> None:
    release = threading.Event()

    def hanging(_: Settings) -> list[Finding]:
        release.wait()
        return []

    try:
        sections = examine(settings_file, {"hanging": hanging, "quick": lambda _: [good("fine")]}, seconds=0.2)
        assert [section.level for section in sections] == [Level.GOOD, Level.FAULT, Level.GOOD]
        assert "no answer" in sections[1].findings[0].text
    finally:
        release.set()


def test_the_worst_comes_first_and_a_code_brings_its_cure() -> None:
    sections = [
        Section("a", (good("fine"),)),
        Section("b", (warning("low"),)),
        Section("c", (Finding(Level.FAULT, "out", "PR-02"),)),
    ]
    lines = as_text(sections, "en")
    assert lines[0].startswith("FAULT") and "Put in an 80 mm roll" in lines[1]
    assert lines[2].startswith("warning") and lines[3].startswith("ok")


def test_json_carries_levels_codes_and_facts() -> None:
    said = as_json([Section("a", (good("fine", free_bytes=7),))], Level.GOOD)
    assert json.loads(json.dumps(said)) == {
        "level": "good",
        "sections": [
            {
                "name": "a",
                "level": "good",
                "findings": [{"level": "good", "text": "fine", "code": None, "free_bytes": 7}],
            }
        ],
    }


def test_the_command_on_a_machine_without_anything_ends_with_a_fault_not_a_trace(settings_file: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "kiosk", "doctor", "--json", "--seconds", "30", "--settings", str(settings_file)],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY"}}
        | {"PCSCLITE_CSOCK_NAME": str(settings_file.parent / "no-pcscd")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == int(Level.FAULT) and ran.stderr == ""
    found = {section["name"]: section for section in json.loads(ran.stdout)["sections"]}
    assert found["card reader"]["findings"][0]["code"] == "CR-02"
    assert found["printer"]["findings"][0]["code"] == "PR-01"
    assert found["scanner"]["findings"][0]["code"] == "QR-10"


def doctor(settings_file: Path, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
    """`kiosk doctor` as a technician types it, without a display and without a PC/SC service."""
    env = {key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    return subprocess.Popen(
        [sys.executable, "-m", "kiosk", "doctor", "--settings", str(settings_file), *arguments],
        cwd=ROOT,
        env=env | {"PCSCLITE_CSOCK_NAME": str(settings_file.parent / "no-pcscd")} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_terminal_that_knows_no_vietnamese_and_a_reader_that_goes_away_are_no_trace(settings_file: Path) -> None:
    plain = doctor(settings_file, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    said, trouble = plain.communicate(timeout=60)
    assert (plain.returncode, trouble) == (2, b"") and b"\\u2192" in said
    gone = doctor(settings_file)
    assert gone.stdout is not None and gone.stderr is not None
    gone.stdout.close()
    assert gone.stderr.read() == b"" and gone.wait(60) == 2
    gone.stderr.close()


def test_without_settings_the_installed_ones_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert str(command.INSTALLED) == "/etc/tram-kiosk/kiosk.toml"
    monkeypatch.setattr(command, "INSTALLED", tmp_path / "installed.toml")
    monkeypatch.setattr(logging, "disable", lambda _level: None)
    assert main(["doctor", "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert said["level"] == "fault"
    assert said["sections"][0]["findings"][0]["text"].startswith(f"{tmp_path}/installed.toml")


def test_output_that_goes_nowhere_or_onto_a_full_disk_changes_no_exit_code(settings_file: Path) -> None:
    command = f"{sys.executable} -m kiosk doctor --settings {settings_file}"
    for end in ("> /dev/full", ">&-", "> /dev/full 2>&-", ">&- 2>&- <&-"):
        ran = subprocess.run(["sh", "-c", f"{command} {end}"], cwd=ROOT, capture_output=True, check=False, timeout=60)
        assert ran.returncode == 2, (end, ran.stderr)
        assert ran.stdout == b"" and b"Traceback" not in ran.stderr and b"ignored" not in ran.stderr, end


def test_a_time_that_no_check_can_take_is_a_wrong_command_line(settings_file: Path) -> None:
    for seconds in ("inf", "nan", "-1", "soon"):
        ran = doctor(settings_file, f"--seconds={seconds}")
        assert b"Traceback" not in ran.communicate(timeout=60)[1] and ran.returncode == 2


@pytest.mark.parametrize(
    "broken",
    [
        'state_directory = "~nobody-of-that-name/state"',
        "state_directory = 5",
        "x = " + "[" * 5000,
        'gateway = "https://x"',
        "\ufeffstate_directory = 'state'",
        "[site]\nlanguage = 'fr'",
    ],
)
def test_no_settings_however_wrong_end_in_a_trace(settings_file: Path, broken: str) -> None:
    settings_file.write_text(f"{broken}\n" + TEXT.replace('state_directory = "state"', ""), "utf-8")
    sections = examine(settings_file)
    assert max(section.level for section in sections) is Level.FAULT


@pytest.mark.parametrize("text", ["site = 5", "[site]\nvolume = []", "[[site]]\nvolume = 20", "\x00", "site = [", "é"])
def test_whatever_stands_in_the_file_of_the_site_the_doctor_only_warns(
    settings_file: Path, state: Path, text: str
) -> None:
    (state / "on-site.toml").write_bytes(text.encode("latin-1"))
    (first, *_) = examine(settings_file, {})
    assert first.level is Level.WARNING and "on-site.toml" in first.findings[-1].text


@pytest.mark.parametrize("settings", ["nowhere.toml", ".", "\x00binary"])
def test_settings_that_are_no_file_are_a_finding(tmp_path: Path, settings: str) -> None:
    if settings.startswith("\x00"):
        (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
        settings = "binary"
    ran = doctor(tmp_path / settings, "--json")
    said, trouble = ran.communicate(timeout=60)
    assert ran.returncode == 2 and trouble == b"" and json.loads(said)["level"] == "fault"


def test_every_device_that_is_connected_and_silent_is_a_fault_and_none_holds_the_others_up(
    settings_file: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Printer, card terminal and gateway take the connection and never answer."""
    monkeypatch.setattr(devices, "SCANNER_SECONDS", 15.0)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        enrolled(state, f"http://127.0.0.1:{port}")
        text = (
            settings_file.read_text("utf-8")
            .replace("127.0.0.1:9", f"127.0.0.1:{port}")
            .replace("port = 9", f"port = {port}")
        )
        text += f'[card_terminal]\nhost = "127.0.0.1"\nport = {port}\nsale_id = "T"\npoi_id = "P"\n'
        text += f'[finger]\nkind = "serial"\npath = "{settings_file.parent}/no-finger"\n'
        text += '[document_scanner]\nname = "no:scanner"\n'
        text += f'[listening]\nkeypad = "{settings_file.parent}/no-keypad"\njack = "no such socket"\n'
        settings_file.write_text(text, "utf-8")
        sections = {section.name: section for section in examine(settings_file, seconds=20)}
    assert "settings" in sections and sections["settings"].level is Level.GOOD, sections["settings"]
    codes = {name: next((one.code for one in sections[name].findings if one.code), None) for name in sections}
    assert {name: codes[name] for name in ("printer", "card terminal", "finger reader", "document scanner")} == {
        "printer": "PR-05", "card terminal": "TT-313", "finger reader": "FP-01", "document scanner": "DS-01",
    }  # fmt: skip
    assert codes["gateway"] in {"GW-201", "GW-203"} and codes["scanner"] == "QR-10"
    assert {one.code for one in sections["listening"].findings} >= {"AU-02", "AU-03"}


# --- part by part


def test_without_a_display_no_window_can_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert worst([*places.display()]) is Level.FAULT
    monkeypatch.setenv("DISPLAY", ":6543")
    assert "does not answer" in places.display()[0].text
    monkeypatch.setenv("DISPLAY", "rubbish")
    assert "no display" in places.display()[0].text


def test_a_state_directory_others_may_enter_is_told(settings: Settings, state: Path) -> None:
    assert worst([*places.state(settings)]) is Level.GOOD
    state.chmod(0o755)
    assert "chmod 700" in places.state(settings)[0].text


def test_a_disk_without_room_or_without_room_for_files_is_a_fault(
    settings: Settings, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # bsize, frsize, blocks, bfree, bavail, files, ffree, favail, flag, namemax: what is free is not free for us.
    disks = {
        "only 0 MB are free": (4096, 4096, 1_000_000, 500_000, 0, 250_000, 200_000, 200_000, 0, 255),
        "only 0 files more can be made": (4096, 4096, 1_000_000, 500_000, 450_000, 250_000, 200_000, 0, 0, 255),
    }
    for text, disk in disks.items():
        monkeypatch.setattr(places.os, "statvfs", lambda _path, disk=disk: os.statvfs_result(disk))
        (found,) = places.state(settings)
        assert (found.level, found.code) == (Level.FAULT, "KI-904") and found.text.startswith(text)


def test_a_doctor_who_runs_as_somebody_else_says_so(
    settings: Settings, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places.os, "geteuid", lambda: state.stat().st_uid + 1)
    assert worst([*places.state(settings)]) is Level.WARNING


def test_the_last_failures_are_told_with_their_newest_code_and_make_nothing_worse(
    settings: Settings, state: Path
) -> None:
    assert books.failures(settings)[0].text == "none in 7 days"
    now = [datetime.now(UTC) - timedelta(days=8)]
    history = History(state / "failures.json", now=lambda: now[0])
    history.failed("scanner", "QR-10")
    now[0] = datetime.now(UTC)
    for code in ("PR-01", "PR-02"):
        history.failed("printer", code)
    (found,) = books.failures(settings)
    assert (found.level, found.code, found.facts["count"]) == (Level.GOOD, "PR-02", 2)
    assert "printer: 2 times in 7 days" in found.text
    lines = as_text([Section("last failures", (found,))], "en")
    assert "Put in an 80 mm roll" in lines[1]
    (state / "failures.json").write_text("rubbish", "utf-8")
    assert books.failures(settings)[0].level is Level.GOOD


def test_a_kiosk_without_key_or_enrolment_is_a_fault(settings: Settings, state: Path) -> None:
    assert "no key yet" in places.key(settings)[0].text
    identity.make_key(state)
    assert "not enrolled" in places.key(settings)[0].text
    (state / identity.ENROLMENT).write_text("{}", "utf-8")
    assert "cannot be read" in places.key(settings)[0].text


def test_a_key_in_a_file_is_a_warning_and_one_others_can_read_a_fault(settings: Settings, state: Path) -> None:
    enrolled(state)
    assert worst([*places.key(settings)]) is Level.WARNING
    (state / identity.KEY).chmod(0o644)
    assert worst([*places.key(settings)]) is Level.FAULT


def test_a_key_from_systemd_is_good(
    settings: Settings, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(state)
    (tmp_path / "credentials").mkdir()
    (state / identity.KEY).rename(tmp_path / "credentials" / identity.KEY)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    assert worst([*places.key(settings)]) is Level.GOOD


def test_another_gateway_than_the_enrolled_one_is_told(settings: Settings, state: Path) -> None:
    enrolled(state, "https://other.example")
    assert any("enrolled at https://other.example" in each.text for each in places.key(settings))


def test_an_absent_or_empty_trust_store_is_a_warning_and_bad_files_are_named(settings: Settings) -> None:
    assert worst([*places.trust(settings)]) is Level.WARNING
    settings.trust.folder.mkdir()
    assert "no certificate" in places.trust(settings)[0].text
    (settings.trust.folder / "bad.cer").write_bytes(b"rubbish")
    assert any("bad.cer" in each.text for each in places.trust(settings))


@pytest.fixture
def line() -> Iterator[str]:
    master, slave = pty.openpty()
    yield os.ttyname(slave)
    os.close(master)
    os.close(slave)


def test_a_scanner_is_looked_at_without_opening_its_line(settings: Settings, line: str) -> None:
    assert devices.scanner(settings)[0].code == "QR-10"
    settings.scanner.path.write_text("a file", "utf-8")
    assert "no serial line" in devices.scanner(settings)[0].text
    settings.scanner.path.unlink()
    settings.scanner.path.symlink_to(line)
    assert worst([*devices.scanner(settings)]) is Level.GOOD


def test_a_loudspeaker_that_is_off_is_good(settings: Settings) -> None:
    assert worst([*devices.sound(settings)]) is Level.GOOD


def test_a_gateway_that_does_not_answer_is_told_with_its_code(settings: Settings, state: Path) -> None:
    assert "was not asked" in network.gateway(settings)[0].text
    enrolled(state)
    assert network.gateway(settings)[0].code == "GW-201"


@pytest.fixture
def slow_clock(settings_file: Path, state: Path) -> Iterator[tuple[Settings, SlowClock]]:
    """A kiosk that is enrolled at a gateway whose clock is two hours behind ours."""
    with SlowClock() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        enrolled(state, f"http://127.0.0.1:{server.server_port}")
        text = settings_file.read_text("utf-8").replace("http://127.0.0.1:9", f"http://127.0.0.1:{server.server_port}")
        yield parse(text, settings_file), server
        server.shutdown()
        thread.join()


def two_hours_ahead(finding: Finding) -> bool:
    seconds = finding.facts["skew_seconds"]
    assert isinstance(seconds, float)
    return "ahead" in finding.text and 7200 <= seconds < 7260


def test_a_clock_that_is_off_is_told_although_the_gateway_goes_on_with_us(
    slow_clock: tuple[Settings, SlowClock],
) -> None:
    settings, server = slow_clock
    found = network.gateway(settings)
    assert [(one.level, one.code) for one in found] == [(Level.GOOD, None), (Level.FAULT, "KI-903")]
    assert "knows this kiosk" in found[0].text and two_hours_ahead(found[1])
    assert server.tokens == [401, 200], "refused by our clock, then asked for by its own"
    assert [one.code for one in network.clock(settings)] == ["KI-903"]


def test_a_clock_that_is_off_is_told_also_where_the_gateway_refuses_us_for_something_else(
    slow_clock: tuple[Settings, SlowClock],
) -> None:
    settings, server = slow_clock
    server.knows_us = False
    found = network.gateway(settings)
    assert [one.code for one in found] == ["KI-903", "GW-204"] and two_hours_ahead(found[0])
    assert [one.code for one in network.clock(settings)] == ["KI-903"]


class SlowClock(HTTPServer):
    """A gateway that judges an assertion's times as ours does, by a clock two hours behind."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SlowAnswers)
        self.knows_us = True
        self.tokens: list[int] = []

    def now(self) -> datetime:
        return datetime.now(UTC) - timedelta(hours=2)

    def token(self, assertion: str) -> Token | Problem:
        claims = jwt.decode(assertion, options={"verify_signature": False})
        now = self.now().timestamp()
        if not self.knows_us:
            return Problem(title="The assertion does not hold", status=401)
        if claims["exp"] < now - CLOCK_SKEW.total_seconds() or claims["iat"] > now + CLOCK_SKEW.total_seconds():
            return Problem(title="The kiosk's clock is off", status=401, detail=self.now().isoformat())
        return Token(access_token="a-token", expires_in=900)


class SlowAnswers(BaseHTTPRequestHandler):
    server: SlowClock

    def do_POST(self) -> None:
        asked = TokenRequest.model_validate_json(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.server.token(asked.assertion)
        status = answer.status if isinstance(answer, Problem) else 200
        self.server.tokens.append(status)
        self._answer(status, answer.model_dump_json().encode())

    def do_GET(self) -> None:
        self._answer(200 if self.headers["Authorization"] == "Bearer a-token" else 401, b"{}")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        del timestamp
        return format_datetime(self.server.now(), usegmt=True)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


def test_an_authority_that_is_not_there_is_told_before_anything_is_asked(settings_file: Path, state: Path) -> None:
    enrolled(state)
    text = settings_file.read_text("utf-8").replace("[printer]", 'ca = "nowhere.pem"\n[printer]')
    assert "[gateway] ca" in network.gateway(parse(text, settings_file))[0].text


@pytest.mark.parametrize(
    ("ahead", "level"),
    [(0, Level.GOOD), (20, Level.WARNING), (-20, Level.WARNING), (200, Level.FAULT)],
)
def test_clocks_that_are_apart_are_told(ahead: int, level: Level) -> None:
    there = datetime.now(UTC) - timedelta(seconds=ahead)
    assert worst(network._clock(f"{there:%a, %d %b %Y %H:%M:%S} GMT")) is level


def test_rubbish_for_a_date_is_a_warning() -> None:
    assert worst(network._clock("soon")) is Level.WARNING


def test_an_outbox_tells_what_waits_and_what_was_set_aside(settings: Settings, state: Path) -> None:
    assert worst([*books.outbox(settings)]) is Level.GOOD
    database = Database(state / "outbox.db")
    outbox = Outbox(database)
    now = datetime.now(UTC)
    for key in ("a", "b"):
        outbox.add(Draft(key, key, Write.CHECK_IN, "/v1/check-ins", b"x"), now=now - timedelta(hours=3))
    outbox.refused("a", 422, "GW-206")
    database.close()
    found = [*books.outbox(settings)]
    assert "the oldest for 3 h" in found[0].text
    assert (found[1].code, found[1].facts["key"]) == ("GW-206", "a")


def test_a_damaged_outbox_is_a_fault_and_one_set_aside_a_warning(settings: Settings, state: Path) -> None:
    (state / "outbox.db").write_bytes(b"rubbish" * 1000)
    assert worst([*books.outbox(settings)]) is Level.FAULT
    (state / "outbox.db").rename(state / "outbox.db.broken-20261121-080000")
    assert worst([*books.outbox(settings)]) is Level.WARNING


def test_the_doctor_leaves_a_running_kiosks_outbox_alone(settings: Settings, state: Path) -> None:
    database = Database(state / "outbox.db")
    with database.transaction() as connection:
        connection.execute("INSERT INTO open_operations VALUES ('k', 'payment-intent', '', 0)")
        assert worst([*books.outbox(settings)]) is Level.GOOD
    database.close()
    with pytest.raises(sqlite3.ProgrammingError):
        database.rows("SELECT 1")


def test_the_listening_modes_keypad_and_socket_are_looked_for(settings_file: Path, tmp_path: Path) -> None:
    assert devices.listening(parse(settings_file.read_text("utf-8"), settings_file))[0].level is Level.GOOD
    text = settings_file.read_text("utf-8") + f'[listening]\nkeypad = "{tmp_path}/event-kbd"\njack = "no such socket"\n'
    found = devices.listening(parse(text, settings_file))
    assert [finding.level for finding in found] == [Level.WARNING] * 3, "no keypad, no socket, no sound"
    (tmp_path / "event-kbd").touch()
    assert devices.listening(parse(text, settings_file))[0].level is Level.GOOD
