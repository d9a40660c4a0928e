"""Every device is pulled and plugged on its wire ten times: noticed, back within 5 s, nothing left behind, logged once.

`script/soak` does the same two hundred times.
"""

from __future__ import annotations

import logging
import statistics
from ctypes.util import find_library

import pytest

from benchmarks.replug.pulling import BACK_SECONDS, pull
from benchmarks.replug.wires import ALSA, SANED, WIRES

pytestmark = [pytest.mark.wire, pytest.mark.trio]
TIMES = 10


@pytest.mark.parametrize("name", WIRES)
async def test_a_device_that_is_pulled_comes_back_by_itself(name: str, caplog: pytest.LogCaptureFixture) -> None:
    if name == "sound" and not ALSA.exists():
        pytest.skip("no ALSA on this machine")
    if name == "document scanner, network" and not SANED.exists():
        pytest.skip("no saned on this machine")
    if name == "finger reader, libfprint" and find_library("fprint-2") is None:
        pytest.skip("libfprint is not on this machine")
    caplog.set_level(logging.INFO, "drivers.supervisor")
    result = await pull(WIRES[name](), TIMES)
    assert result.left == {}
    assert max(result.back) <= BACK_SECONDS
    # The worst of them is printed by the benchmark on a machine that is left alone; others build beside this one.
    assert statistics.median(result.noticed) <= 1.0
    # One more than counted: the first warms up. Each is said once when lost and once when back.
    assert result.losses == TIMES + 1
    said = [record.levelno for record in caplog.records if record.name == "drivers.supervisor"]
    assert said == [logging.INFO, *[logging.WARNING, logging.INFO] * (TIMES + 1)]
