"""A dossier's whole life in the whole house of a one-stop centre: sent, accepted, paid, fetched, rated; books agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.world.centre import nothing_fell_over, somebody, tiles
from simulators.world.dossiers import Life, rate_once, track
from simulators.world.person import Manners
from simulators.world.scripted import first_home
from simulators.world.world import Options, World
from tests.wires.test_nothing_personal_is_written import found_in, traces

AUTHORITY = frozenset({"one-stop.sqlite", "one-stop.sqlite-wal", "one-stop.sqlite-shm", "one_stop.log"})
"""The authority's own system: there the dossier belongs."""
pytestmark = [pytest.mark.wire, pytest.mark.screen]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("centre"), Options(desk=False, one_stop=True)) as world:
        yield world


@pytest.mark.timeout(400)
def test_a_dossier_is_followed_paid_fetched_and_rated_as_the_authority_has_it(world: World, tmp_path: Path) -> None:
    person = somebody(world, Manners(think=0.0))
    life = Life(world, person, tiles(world, first_home(person.journal)), tmp_path)
    found = track(life)
    assert found["shown"] == ["dossier.status.4", "dossier.status.6", "dossier.status.9"]
    life.handed_over()
    rate_once(life)
    assert life.shown[-1] == "rate-rated"
    nothing_fell_over(world)
    # The canary of the one-stop journeys: who filed, and what was typed, stand in no file of kiosk and gateway.
    typed = {"typed": "mua nhà chung", "typed, escaped": "mua nh\\u00e0 chung"}
    wanted = traces(person.manners.citizen) | {kind: text.encode() for kind, text in typed.items()}
    assert (world.run / "one-stop.sqlite").exists() and found_in(world.run, wanted, AUTHORITY) == []
    assert found_in(world.run, wanted) != [], "the authority's own books hold it: the search would find it"
