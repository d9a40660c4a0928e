"""Settings on site: checked whole, the rest of the file untouched, backed up, undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.settings import parse
from kiosk.technician.changes import checker
from services.technician.site_settings import BACKUPS, CHOICES, Choice, NotChanged, SiteSettings, with_value

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
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(TEXT)
    return path


@pytest.fixture
def site(file: Path) -> SiteSettings:
    return SiteSettings(file, checker(file))


def test_one_value_changes_and_every_other_letter_stays(site: SiteSettings, file: Path) -> None:
    site.change(VOLUME, 40)
    assert file.read_text() == TEXT.replace("volume = 60 ", "volume = 40 ")
    assert site.value(VOLUME, 0) == 40


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.name)
def test_every_choice_on_site_leaves_settings_the_kiosk_starts_with(file: Path, choice: Choice) -> None:
    site = SiteSettings(file, checker(file))
    for value in choice.values:
        site.change(choice, value)
        assert getattr(getattr(parse(file.read_text(), file), choice.table), choice.key) == value


def test_undo_goes_back_step_by_step(site: SiteSettings, file: Path) -> None:
    site.change(VOLUME, 40)
    site.change(VOLUME, 80)
    site.undo()
    assert site.value(VOLUME, 0) == 40
    site.undo()
    assert file.read_text() == TEXT
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
    assert file.read_text() == TEXT and site.backups == []


def test_a_file_that_cannot_be_written_is_said_and_stays(tmp_path: Path) -> None:
    site = SiteSettings(tmp_path / "missing.toml", lambda text: None)
    with pytest.raises(NotChanged):
        site.change(VOLUME, 40)


def test_a_table_or_key_that_is_missing_is_added() -> None:
    assert with_value("a = 1\n", "site", "volume", 20) == "a = 1\n\n[site]\nvolume = 20\n"
    assert with_value('[site]\nlanguage = "vi"\n', "site", "volume", 20) == '[site]\nvolume = 20\nlanguage = "vi"\n'
