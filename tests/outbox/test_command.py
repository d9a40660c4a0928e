"""A technician sees what waits and what was set aside, and settles it without reading anybody's data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.__main__ import main
from services.contract.routes import Write
from services.outbox import Database, Draft, Outbox

SETTINGS = """\
[gateway]
url = "http://127.0.0.1:9"
[printer]
kind = "usb"
path = "/dev/usb/lp0"
[scanner]
path = "/dev/null"
"""


@pytest.fixture
def outbox(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    file = tmp_path / "k.toml"
    file.write_text(SETTINGS, "utf-8")

    def run(*words: str) -> tuple[int, str]:
        code = main(["outbox", "--settings", str(file), *words])
        return code, capsys.readouterr().out

    return run


@pytest.fixture
def filled(tmp_path: Path) -> None:
    database = Database(tmp_path / "state" / "outbox.db")
    kept, now = Outbox(database), datetime.now(UTC)
    for key in ("waits", "dead"):
        kept.add(Draft(key, key, Write.CHECK_IN, "/v1/check-ins", b"sealed"), now=now)
    kept.add(Draft("old", "old", Write.CHECK_IN, "/v1/check-ins", b"sealed"), now=now - timedelta(days=40))
    kept.due(now)
    kept.refused("dead", 422, "GW-206")
    database.close()


def test_a_kiosk_that_never_kept_anything_says_so(outbox: Callable[..., tuple[int, str]]) -> None:
    assert outbox() == (0, "nothing was ever kept\n")


@pytest.mark.usefixtures("filled")
def test_every_entry_is_listed_by_key_state_and_code(outbox: Callable[..., tuple[int, str]]) -> None:
    code, said = outbox()
    rows = {line.split()[4]: line for line in said.splitlines()}
    assert code == 0 and set(rows) == {"waits", "dead", "old"}
    assert rows["dead"].startswith("dead") and rows["dead"].endswith("GW-206, status 422")
    assert rows["old"].startswith("reconcile") and "GW-207" in rows["old"]


@pytest.mark.usefixtures("filled")
def test_a_refused_entry_is_sent_again_one_too_old_never(outbox: Callable[..., tuple[int, str]]) -> None:
    assert outbox("--retry", "dead")[0] == 0
    assert outbox("--retry", "old")[0] == 1
    assert [line.split()[0] for line in outbox()[1].splitlines()].count("waiting") == 2


@pytest.mark.usefixtures("filled")
def test_what_was_reconciled_is_forgotten_what_waits_is_not(outbox: Callable[..., tuple[int, str]]) -> None:
    assert outbox("--settle", "old")[0] == 0
    assert outbox("--settle", "waits")[0] == 1
    assert len(outbox()[1].splitlines()) == 2
