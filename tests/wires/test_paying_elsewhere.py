"""A bill of the hospital's own system, paid at the kiosk's window through a provider that keeps orders, handed over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulators.world.paying import Paying, run_pay
from simulators.world.person import Manners
from simulators.world.world import Options

pytestmark = [pytest.mark.wire, pytest.mark.screen]


@pytest.mark.timeout(300)
def test_a_bill_of_the_hospital_is_found_by_the_chip_paid_by_payos_and_handed_over(tmp_path: Path) -> None:
    """The other profile and providers: `script/start --scripted pay --bill hospital --hospital … --bank …`."""
    place = Options(desk=False, hospital="fhir", bank="payos")
    assert run_pay(tmp_path, Manners(), Paying(finds="chip", bill="hospital"), place) == 0
    summary = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    assert (summary["bank"], summary["bill_of"]) == ("payos", "hospital")
    assert summary["bill"].startswith("HD") and summary["e_invoice"]
