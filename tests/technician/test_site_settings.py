"""Settings on site: laid over the installer's file, checked with it, backed up, undone, never in the way of a start."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.doctor.examine import examine
from kiosk.settings import load
from kiosk.technician.changes import checker
from services.technician.site_settings import BACKUPS, CHOICES, FILE, Choice, NotChanged, SiteSettings, with_value

TEXT = """\
# the installer's own words
[gateway]
url = "https://gateway.hospital.example:8443"  # behind the firewall

[printer]
kind = "usb"
path = "/dev/usb/lp0"

[scanner]
path = "/dev/serial/by-path/x"

[site] # what sessions start with
volume = 60   # measured 62 dBA
"""
VOLUME = CHOICES[0]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(TEXT)
    path.chmod(0o444)
    (tmp_path / "state").mkdir()
    return path


@pytest.fixture
def file(installed: Path) -> Path:
    return installed.parent / "state" / FILE


@pytest.fixture
def site(installed: Path, file: Path) -> SiteSettings:
    return SiteSettings(file, checker(installed))


def test_a_change_counts_and_the_installers_file_stays_letter_by_letter(
    site: SiteSettings, installed: Path, file: Path
) -> None:
    site.change(VOLUME, 40)
    assert installed.read_text() == TEXT and site.value(VOLUME, 0) == 40
    assert load(installed).site.volume == 40 and file.stat().st_mode & 0o777 == 0o600
    assert any("site.volume = 40" in one.text for one in examine(installed, {})[0].findings)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.name)
def test_every_choice_on_site_leaves_settings_the_kiosk_starts_with(
    site: SiteSettings, installed: Path, choice: Choice
) -> None:
    for value in choice.values:
        site.change(choice, value)
        assert getattr(getattr(load(installed), choice.table), choice.key) == value


@pytest.mark.parametrize(
    "text",
    [
        "[site\n",
        '[gateway]\nurl = "https://evil.example"\n',
        "[site]\nvolume = 1000\n",
        'site = "x"\n',
        "\x00",
        "[site]\n",
    ],
)
def test_whatever_stands_in_the_file_the_kiosk_starts_and_only_offered_values_count(
    installed: Path, file: Path, text: str
) -> None:
    file.write_text(text)
    settings = load(installed)
    assert settings.site.volume == 60 and settings.gateway.url == "https://gateway.hospital.example:8443"


def test_a_choice_on_site_goes_before_what_the_installer_writes_later(site: SiteSettings, installed: Path) -> None:
    site.change(next(one for one in CHOICES if one.name == "printer.mode"), "text")
    installed.chmod(0o644)
    installed.write_text(TEXT.replace('kind = "usb"', 'kind = "usb"\nmode = "raster"'))
    assert load(installed).printer.mode == "text"


def test_undo_goes_back_step_by_step(site: SiteSettings, file: Path) -> None:
    site.change(VOLUME, 40)
    site.change(VOLUME, 80)
    site.undo()
    assert site.value(VOLUME, 0) == 40
    site.undo()
    assert file.read_text() == ""
    with pytest.raises(NotChanged):
        site.undo()


def test_only_the_last_backups_are_kept(site: SiteSettings) -> None:
    for number in range(BACKUPS + 4):
        site.change(VOLUME, VOLUME.values[number % 6])
    assert len(site.backups) == BACKUPS


def test_what_is_not_offered_or_would_be_wrong_is_not_written(site: SiteSettings, file: Path) -> None:
    with pytest.raises(NotChanged):
        site.change(VOLUME, 1000)
    with pytest.raises(NotChanged):
        site.change(Choice("scanner", "speed", (1,)), 1)
    assert not file.exists() and site.backups == []


def test_a_file_that_cannot_be_written_is_said_and_stays(tmp_path: Path) -> None:
    site = SiteSettings(tmp_path / "no folder" / FILE, lambda text: None)
    with pytest.raises(NotChanged):
        site.change(VOLUME, 40)


def test_a_table_or_key_that_is_missing_is_added() -> None:
    assert with_value("a = 1\n", "site", "volume", 20) == "a = 1\n\n[site]\nvolume = 20\n"
    assert with_value('[site]\nlanguage = "vi"\n', "site", "volume", 20) == '[site]\nvolume = 20\nlanguage = "vi"\n'
