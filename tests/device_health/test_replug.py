"""Every device is pulled and plugged on its wire ten times: noticed, back by itself, nothing left behind, logged once.

How soon is held by `script/soak`, which does the same two hundred times on a machine that does nothing else.
"""

from __future__ import annotations

import logging
from ctypes.util import find_library
from functools import partial

import pytest
import trio

from benchmarks.replug.pulling import pull
from benchmarks.replug.wires import ALSA, SANED, WIRES, Occupied

pytestmark = pytest.mark.wire
TIMES = 10
PATIENCE_SECONDS = 60.0
"""Others build beside this test."""


@pytest.mark.parametrize("name", WIRES)
def test_a_device_that_is_pulled_comes_back_by_itself(name: str, caplog: pytest.LogCaptureFixture) -> None:
    if name == "sound" and not ALSA.exists():
        pytest.skip("no ALSA on this machine")
    if name == "document scanner, network" and not SANED.exists():
        pytest.skip("no saned on this machine")
    if name == "finger reader, libfprint" and find_library("fprint-2") is None:
        pytest.skip("libfprint is not on this machine")
    caplog.set_level(logging.INFO, "drivers.supervisor")
    try:
        result = trio.run(partial(pull, WIRES[name](), TIMES, within_seconds=PATIENCE_SECONDS))
    except Occupied as occupied:
        pytest.skip(str(occupied))
    assert result.left == {}
    assert len(result.back) == len(result.noticed) == TIMES
    # One more than counted: the first warms up. Each is said once when lost and once when back.
    assert result.losses == TIMES + 1
    said = [record.levelno for record in caplog.records if record.name == "drivers.supervisor"]
    assert said == [logging.INFO, *[logging.WARNING, logging.INFO] * (TIMES + 1)]
