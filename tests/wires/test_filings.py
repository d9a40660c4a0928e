"""Each scripted filing, played on one kiosk of a one-stop centre: the authority's software holds what was filed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.world.centre import nothing_fell_over, somebody, tiles
from simulators.world.dossiers import Life, rate
from simulators.world.filing import FILINGS, walk
from simulators.world.person import Manners
from simulators.world.scripted import first_home
from simulators.world.world import Options, World

pytestmark = [pytest.mark.wire, pytest.mark.screen]

FILED = {
    "file-procedure": ["1.004873"],
    "birth": ["1.001193", "1.004222", "2.000200", "3.000722.bao-hiem-y-te"],
    "death": ["1.000656", "2.002622.mai-tang", "2.002622.xoa-thuong-tru"],
}
"""The procedures that the authority must have, one for each part."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("filings"), Options(desk=False, one_stop=True)) as world:
        yield world


@pytest.mark.timeout(300)
@pytest.mark.parametrize("journey", FILINGS)
def test_the_authority_holds_every_part_of_what_is_filed(world: World, journey: str) -> None:
    before = held(world)
    person = somebody(world, Manners(think=0.0))
    walk(person, tiles(world, first_home(person.journal)), FILINGS[journey])
    after = held(world)
    assert sorted(after[number] for number in after.keys() - before.keys()) == FILED[journey]
    nothing_fell_over(world)


@pytest.mark.timeout(300)
def test_what_was_done_is_rated_once_and_only_after_its_result(world: World, tmp_path: Path) -> None:
    person = somebody(world, Manners(think=0.0))
    found = rate(Life(world, person, tiles(world, first_home(person.journal)), tmp_path))
    assert found["shown"] == ["rate-not-yet", "rate-rated"]
    nothing_fell_over(world)


def held(world: World) -> dict[str, str]:
    """Which procedure each dossier of the authority's own books is of."""
    with sqlite3.connect(f"file:{world.run / 'one-stop.sqlite'}?mode=ro", uri=True) as books:
        rows = books.execute("SELECT number, body FROM dossiers").fetchall()
    return {number: json.loads(body)["MaTTHC"] for number, body in rows}
