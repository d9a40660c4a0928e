"""What leaves the kiosk in a bundle, and where it may go."""

from __future__ import annotations

import base64
import io
import json
import logging
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.technician.bundle import KEPT_LINES, LogTail, write
from kiosk.technician.sticks import stick
from services.contract.diagnostics import PARTS, BadBundle, pack, redacted, repacked

AT = datetime(2026, 11, 23, 12, 31)
CANARIES = (
    "001085012345", "0912 345 678", "0912.345.678", "DN4010112345678", "K7M4-2Q9D", "hoa@example.org",
    "IDVNM0850123456001085012345<<4",
)  # fmt: skip


@pytest.mark.parametrize("canary", CANARIES)
def test_what_looks_like_a_persons_never_leaves(canary: str) -> None:
    archive = zipfile.ZipFile(io.BytesIO(pack({"log.txt": f"a line with {canary} in it", "a.json": {"x": [canary]}})))
    said = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert canary not in said and "•••" in said


def test_times_versions_codes_and_wires_stay() -> None:
    line = "2026-11-23 12:31:08,123 WARNING drivers: printer 10.20.0.31:9100: noDevice (PR-01), version 0.4.2"
    assert redacted(line) == line


@pytest.mark.parametrize(
    "line",
    [
        '"since": "2026-11-23T05:31:08.123456+00:00"',
        "printer 192.168.100.200:9100 at 2026-11-23 12:31:08",
        "0.0.0.0, 255.255.255.255, 2026-11-23T05:31Z",
        "File /usr/lib/tram/kiosk/internal/services/journeys/prompts/screens/declare, line 12",
        "/dev/serial/by-id/usb-Silicon_Labs_CP2102_USB_to_UART_Bridge_Controller_0001-if00-port0",
    ],
)
def test_moments_and_addresses_of_the_network_stay(line: str) -> None:
    assert redacted(line) == line


@pytest.mark.parametrize(
    "line",
    [
        "1985-03-12",
        "2026-11-23 0912345678",
        "0912.345.678",
        "1.2.3.4.5.6.7.8",
        "01.02.0304",
        "1985-03-12T00:00:00+07:00",
        "1985-03-12 00:00",
        "2019-12-31T00:00Z",
    ],
)
def test_dates_of_birth_and_numbers_that_look_like_them_do_not(line: str) -> None:
    assert "•••" in redacted(line)


def test_parts_in_json_are_json_still_and_hide_what_a_text_would() -> None:
    at = datetime(2026, 11, 23, 5, 31, 8, tzinfo=UTC)
    part = {
        "at": at,
        "free_bytes": 52_345_678_901,
        "n": [1, 2.5, None, True],
        "pin": 4711,
        "0912345678": "001085012345",
    }
    sent = repacked(pack({"doctor.json": part}))
    assert json.loads(zipfile.ZipFile(io.BytesIO(sent)).read("doctor.json")) == {
        "at": "2026-11-23 05:31:08+00:00", "free_bytes": "•••", "n": [1, 2.5, None, True], "pin": "•••", "•••": "•••",
    }  # fmt: skip


FINGER = bytes(range(256)) * 2
"""Any bytes: a template, a row of a picture, a file of a chip."""


@pytest.mark.parametrize(
    "written",
    [FINGER.hex(), FINGER.hex().upper(), FINGER.hex(" "), base64.b64encode(FINGER).decode(),
     base64.urlsafe_b64encode(FINGER).decode(), repr(FINGER), repr(FINGER[128:])],
)  # fmt: skip
def test_bytes_of_a_finger_do_not_leave_in_any_way_they_may_be_written(written: str) -> None:
    for part in ({"log.txt": f"12:00 x: got {written} now"}, {"devices.json": {"x": {written: [written]}}}):
        archive = zipfile.ZipFile(io.BytesIO(repacked(pack(part))))
        said = b"".join(archive.read(name) for name in archive.namelist()).decode()
        assert "•••" in said
        # What is left is no longer than a word of it.
        assert not [begin for begin in range(0, len(written) - 40, 8) if written[begin : begin + 40] in said]


def test_secrets_of_the_settings_are_hidden_and_names_of_keys_stay() -> None:
    assert "1a2b3c4d" not in redacted('[finger]\npassword = "1a2b3c4d"\nkey_choose = "KEY_ENTER"')
    assert "KEY_ENTER" in redacted('key_choose = "KEY_ENTER"')


@pytest.mark.parametrize(
    "line",
    [
        'finger = { kind="serial", password="A1B2" }',
        'finger.password = "A1B2"',
        '"finger"."password" = \'A1B2\'',
        "[{pin:A1B2}]",
        '{"kind": "x", "door_token" : "A1B2"}',
        'secret = """A1B2"""',
        "2026-11-23 12:31:08,123 WARNING settings: token = A1B2 C3D4",
    ],
)
def test_a_secret_is_hidden_wherever_it_stands_on_its_line(line: str) -> None:
    said = redacted(f"{line}\npath = 1")
    assert "A1B2" not in said and "C3D4" not in said and "•••" in said and said.endswith("\npath = 1")
    assert redacted("the pin is asked, [pin] stays: spinning = 3") == "the pin is asked, [pin] stays: spinning = 3"


def test_what_arrived_is_redacted_again_and_only_bundles_are_taken() -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("log.txt", "number 001085012345 was not hidden by an old kiosk")
    archive = zipfile.ZipFile(io.BytesIO(repacked(raw.getvalue())))
    assert archive.read("log.txt").decode() == "number ••• was not hidden by an old kiosk"
    assert {"log.txt", "trace.txt"} <= PARTS
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.txt", bytes(20_000_000))
    foreign = pack({"outbox.db": "x"})
    for data in (b"", b"rubbish", raw.getvalue()[:-30], bomb.getvalue(), foreign, pack({})):
        with pytest.raises(BadBundle):
            repacked(data)


def test_half_a_character_costs_nobody_the_bundle() -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("doctor.json", '{"\\ud800": "\\udfff", "printer": "ready"}')
    archive = zipfile.ZipFile(io.BytesIO(repacked(raw.getvalue())))
    assert json.loads(archive.read("doctor.json")) == {"?": "?", "printer": "ready"}
    assert b"a ? b" in zipfile.ZipFile(io.BytesIO(pack({"log.txt": "a \udc80 b"}))).read("log.txt")


def test_the_tail_of_the_log_is_bounded() -> None:
    tail = LogTail()
    for number in range(KEPT_LINES + 50):
        tail.handle(logging.LogRecord("x", logging.INFO, "", 0, "line %d", (number,), None))
    assert len(tail.text.splitlines()) == KEPT_LINES and f"line {KEPT_LINES + 49}" in tail.text


def test_a_bundle_is_written_whole_and_never_over_another(tmp_path: Path) -> None:
    path = write(b"zip", tmp_path, "HG-BV-03/../x", AT)
    assert path.parent == tmp_path and path.read_bytes() == b"zip"
    with pytest.raises(FileExistsError):
        write(b"other", tmp_path, "HG-BV-03/../x", AT)


@pytest.fixture
def plugged(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A stick as the kernel and udev show it: device, link by UUID, mount."""
    device, links, place = tmp_path / "sdb1", tmp_path / "by-uuid", tmp_path / "my stick"
    device.touch()
    place.mkdir()
    links.mkdir()
    (links / "1A2B-3C4D").symlink_to(device)
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"/dev/sda1 / ext4 rw 0 0\n{device} {str(place).replace(' ', chr(92) + '040')} vfat rw,noexec 0 0\n"
    )
    return mounts, links, place


def test_only_a_stick_of_the_allow_list_is_found(plugged: tuple[Path, Path, Path]) -> None:
    mounts, links, place = plugged
    assert stick(["1A2B-3C4D"], mounts, links) == place
    assert stick(["FFFF-0000"], mounts, links) is None
    assert stick([], mounts, links) is None
    assert stick(["../sdb1", ""], mounts, links) is None


def test_a_stick_that_is_read_only_or_not_mounted_is_none(plugged: tuple[Path, Path, Path]) -> None:
    mounts, links, _ = plugged
    mounts.write_text(mounts.read_text().replace("rw,noexec", "ro,noexec"))
    assert stick(["1A2B-3C4D"], mounts, links) is None
    assert stick(["1A2B-3C4D"], mounts.with_name("none"), links) is None
