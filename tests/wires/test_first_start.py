"""The first start of a demo folder that was ended half-way goes on where it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulators.world.world import World


def test_a_first_start_that_ended_before_the_pin_makes_the_account_no_second_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").mkdir()
    done = list[str]()
    monkeypatch.setattr(World, "gateway_command", lambda *_, **__: done.append("account"))

    def ended(_world: World) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(World, "set_pin", ended)
    with pytest.raises(KeyboardInterrupt):
        World(tmp_path).staff_house()
    monkeypatch.setattr(World, "set_pin", lambda _: done.append("pin"))
    for _start in range(2):
        World(tmp_path).staff_house()
    assert done == ["account", "pin"]
