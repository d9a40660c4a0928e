"""A settings file is right, or the technician reads where it is wrong and what is allowed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.settings import NetworkPrinter, SerialPrinter, Settings, UsbPrinter, load, parse
from kiosk.settings_errors import SettingsError, line_of
from kiosk.settings_page import page

ROOT = Path(__file__).resolve().parents[2]

GOOD = """\
state_directory = "books"

[gateway]
url = "https://gateway.example:8443/"
ca = "ca.pem"

[printer]
kind = "network"
host = "10.1.2.3"

[scanner]
path = "/dev/serial/by-path/scanner"
"""


def faults(text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        parse(text, Path("k.toml"))
    return str(caught.value).splitlines()


def test_a_short_file_is_enough_and_the_rest_has_defaults() -> None:
    settings = parse(GOOD, Path("/srv/kiosk/k.toml"))
    assert settings.gateway.url == "https://gateway.example:8443"
    assert isinstance(settings.printer, NetworkPrinter) and settings.printer.port == 9100
    assert settings.printer.width == 576
    assert (settings.site.language, settings.demo) == ("vi", False)


def test_relative_paths_are_relative_to_the_file() -> None:
    settings = parse(GOOD, Path("/srv/kiosk/k.toml"))
    assert settings.state_directory == Path("/srv/kiosk/books")
    assert settings.gateway.ca == Path("/srv/kiosk/ca.pem")
    assert settings.trust.folder == Path("/srv/kiosk/trust")


@pytest.mark.parametrize(
    ("printer", "kind"),
    [
        ('kind = "serial"\npath = "/dev/ttyS0"', SerialPrinter),
        ('kind = "usb"\npath = "/dev/usb/lp0"', UsbPrinter),
    ],
)
def test_a_printer_may_hang_on_another_line(printer: str, kind: type) -> None:
    text = GOOD.replace('kind = "network"\nhost = "10.1.2.3"', printer)
    assert isinstance(parse(text, Path("k.toml")).printer, kind)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (GOOD + "speed = 3\n", "k.toml:13: scanner.speed is no setting; allowed: baud, kind, path, prefix, suffix"),
        (GOOD.replace("host =", "hots ="), "(did you mean host?)"),
        (GOOD.replace('"network"', '"laser"'), "k.toml:8: printer.kind: allowed: network, serial, usb"),
        (GOOD.replace('kind = "network"', ""), "k.toml:7: printer.kind: allowed: network, serial, usb"),
        (GOOD.replace("https", "http"), "k.toml:4: gateway.url: allowed: https"),
        (GOOD.replace("https://gateway.example:8443/", "gateway"), "k.toml:4: gateway.url: allowed: an address"),
        (GOOD.replace('path = "/dev/serial/by-path/scanner"', ""), "k.toml:11: scanner.path is missing"),
        (GOOD + '[site]\nlanguage = "fr"\n', "k.toml:14: site.language: allowed: 'vi' or 'en'"),
        (GOOD + "[site]\nvolume = 101\n", "k.toml:14: site.volume: input should be less than or equal to 100"),
        (GOOD + "[times]\nidle_warning = 5\n", "k.toml:14: times.idle_warning: input should be greater"),
        (GOOD + "printer.port = 1\n", "scanner.printer is no setting"),
        ("demo = yes\n", "k.toml:1: is not TOML"),
        ("", "k.toml: gateway is missing"),
    ],
)
def test_a_wrong_key_or_value_names_file_line_and_what_is_allowed(wrong: str, said: str) -> None:
    assert any(said in fault for fault in faults(wrong)), faults(wrong)


def test_only_the_chosen_kind_of_printer_says_what_is_allowed() -> None:
    (fault,) = faults(GOOD.replace('host = "10.1.2.3"', 'host = "10.1.2.3"\nbaud = 9600'))
    assert fault == "k.toml:10: printer.baud is no setting; allowed: code_page, cut, host, kind, mode, port, width"


def test_every_fault_is_told_at_once_in_the_order_of_the_file() -> None:
    text = "langage = 1\n" + GOOD.replace("url =", "adress =") + "[site]\nvolume = -1\n"
    lines = [int(fault.split(":")[1]) for fault in faults(text)]
    assert len(lines) == 4 and lines == sorted(lines)


def test_plain_http_is_for_this_machine_only() -> None:
    assert parse(GOOD.replace("https://gateway.example", "http://127.0.0.1"), Path("k.toml")).gateway.ca


def test_a_laboratorys_key_is_for_the_demo_only(tmp_path: Path) -> None:
    text = GOOD + '[reader]\nfingerprints = true\nterminal_files = "laboratory"\n'
    (fault,) = faults(text)
    assert "reader.terminal_files is for the demo only" in fault
    real = tmp_path / "real.toml"
    real.write_text(text, "utf-8")
    ran = kiosk("run", "--settings", str(real))
    assert ran.returncode == 78 and "terminal_files" in ran.stderr
    settings = parse("demo = true\n" + text, Path("/srv/kiosk/k.toml"))
    assert settings.reader.terminal_files == Path("/srv/kiosk/laboratory")


def test_fingers_are_read_only_where_a_site_wants_it() -> None:
    assert not parse(GOOD, Path("k.toml")).reader.fingerprints
    assert parse(GOOD + "[reader]\nfingerprints = true\n", Path("k.toml")).reader.fingerprints


def test_a_file_that_is_absent_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "no.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="is not UTF-8"):
        load(tmp_path / "b.toml")


@pytest.mark.parametrize(
    ("text", "loc", "line"),
    [
        ("[a]\nb = 1\n", ("a", "b"), 2),
        ("a.b = 1\n", ("a", "b"), 1),
        ('[ "a" ]\n"b" = 1\n', ("a", "b"), 2),
        ("[a]\n[a.c]\nd = 1\n", ("a", "c", "d"), 3),
        ("[a]\nx = 1\n", ("a", "b"), 1),
        ("x = 1\n", ("a",), None),
        ("# a = 1\na = 2\n", ("a",), 2),
    ],
)
def test_a_key_is_found_wherever_toml_lets_it_stand(text: str, loc: tuple[str, ...], line: int | None) -> None:
    assert line_of(text, loc) == line


def kiosk(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


def test_run_refuses_demo_settings_and_demo_refuses_real_ones(tmp_path: Path) -> None:
    demo = tmp_path / "demo.toml"
    demo.write_text("demo = true\n" + GOOD, "utf-8")
    real = tmp_path / "real.toml"
    real.write_text(GOOD, "utf-8")
    ran = kiosk("run", "--settings", str(demo))
    assert ran.returncode == 78 and "demo = true" in ran.stderr
    ran = kiosk("demo", "--settings", str(real))
    assert ran.returncode == 78 and "real kiosk" in ran.stderr


def test_run_says_that_the_kiosk_was_never_enrolled(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text(GOOD, "utf-8")
    ran = kiosk("run", "--settings", str(real))
    assert ran.returncode == 78 and "kiosk enrol" in ran.stderr


@pytest.mark.parametrize("command", ["run", "demo", "settings", "doctor", "enrol", "outbox", "chip", "qr", "failures"])
def test_every_command_says_how_it_is_used(command: str) -> None:
    ran = kiosk(command, "--help")
    assert ran.returncode == 0 and f"python -m kiosk {command}" in ran.stdout and ran.stderr == ""


def test_run_with_wrong_settings_ends_with_the_faults(tmp_path: Path) -> None:
    wrong = tmp_path / "k.toml"
    wrong.write_text(GOOD + "x = 1\n", "utf-8")
    ran = kiosk("run", "--settings", str(wrong))
    assert ran.returncode == 78 and f"{wrong}:13: scanner.x is no setting" in ran.stderr


def test_the_command_line_loads_nothing_heavy_before_it_knows_the_command() -> None:
    look = (
        "import sys; import kiosk.__main__, kiosk.commands.run;"
        "heavy = {'requests', 'kivy', 'smartcard', 'cryptography', 'escpos', 'trio'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_an_unknown_worker_is_refused() -> None:
    ran = kiosk("worker", "toaster")
    assert ran.returncode == 2 and "smartcard" in ran.stderr


def test_the_page_of_settings_is_current_and_names_every_one() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert text == page()
    for name in ("state_directory", "answer_seconds", "baud", "idle_warning", "exclude"):
        assert f"`{name}`" in text
    example = text.split("```toml\n")[1].split("```")[0]
    assert isinstance(parse(example, Path("k.toml")).printer, NetworkPrinter)


def test_a_file_is_checked_before_it_is_used(tmp_path: Path) -> None:
    file = tmp_path / "k.toml"
    file.write_text(GOOD, "utf-8")
    assert kiosk("settings", str(file)).returncode == 0
    file.write_text(GOOD + "x = 1\n", "utf-8")
    ran = kiosk("settings", str(file))
    assert ran.returncode == 78 and f"{file}:13: scanner.x" in ran.stderr


def test_settings_cannot_be_changed() -> None:
    settings = parse(GOOD, Path("k.toml"))
    with pytest.raises(ValueError, match="frozen"):
        Settings.__setattr__(settings, "demo", True)


@pytest.mark.parametrize("line", ['key_next = "RIGHT"', 'key_next = "KEY_NOWHERE"', 'key_next = "KEY_LEFT"'])
def test_keys_of_the_listening_mode_are_the_kernels_and_each_means_one_thing(line: str, tmp_path: Path) -> None:
    text = '[gateway]\nurl = "http://127.0.0.1:9"\n[printer]\nkind = "network"\nhost = "h"\n[scanner]\npath = "s"\n'
    with pytest.raises(SettingsError):
        parse(f"{text}[listening]\n{line}\n", tmp_path / "kiosk.toml")
