"""A kiosk's catalogue: fetched when it changed, kept over a restart, never replaced by a broken one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import trio

from services.contract import models as wire
from services.contract import routes
from services.contract.one_stop import CatalogueVersion
from services.gateway_client.bookkeeper import BookKeeper
from services.gateway_client.channel import Channel
from services.gateway_client.http import Answer, Call, Place
from services.procedures.files import SAMPLE, SAMPLE_CALENDAR

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class FakeChannel:
    """A gateway with two files."""

    def __init__(self) -> None:
        self.files = {routes.CATALOGUE: SAMPLE.read_bytes(), routes.CATALOGUE_CALENDAR: SAMPLE_CALENDAR.read_bytes()}
        self.told: dict[str, str] = {}
        self.fetched: list[str] = []

    def digest(self, path: str) -> str:
        return self.told.get(path) or hashlib.sha256(self.files[path]).hexdigest()

    async def ask(self, place: Place, call: Call, model: type[Any]) -> Any:
        await trio.lowlevel.checkpoint()
        assert call.path == routes.CATALOGUE_VERSION
        return CatalogueVersion(
            digest=self.digest(routes.CATALOGUE),
            calendar_digest=self.digest(routes.CATALOGUE_CALENDAR),
            name="x",
            updated=date(2026, 11, 1),
            sample=True,
            procedures=54,
        )

    async def send(self, place: Place, call: Call) -> Answer:
        await trio.lowlevel.checkpoint()
        self.fetched.append(call.path)
        return Answer(status=200, body=self.files[call.path], date="")


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


async def inline(device: str, work: Callable[[], Any]) -> Any:
    await trio.lowlevel.checkpoint()
    return work()


ONE_STOP = wire.OneStopSite(agency="x", agency_en="x", commune="26740", province="79", files=False, uploads=False)
SITE = wire.Site(
    place="x",
    place_en="x",
    kiosk_name="x",
    kiosk_name_en="x",
    kiosk_letter="B",
    help_desk=wire.Desk(name="x", name_en="x"),
    insurance_desk=wire.Desk(name="x", name_en="x"),
    cashier=wire.Desk(name="x", name_en="x"),
    demo=True,
    notice_version="1",
    server_time=NOW,
    one_stop=ONE_STOP,
)


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keeper(tmp_path: Path, channel: FakeChannel, clock: Clock) -> BookKeeper:
    return BookKeeper(tmp_path, cast("Channel", channel), cast("Any", inline), clock)


def test_the_files_are_fetched_once_and_kept_over_a_restart(
    keeper: BookKeeper, tmp_path: Path, channel: FakeChannel, clock: Clock
):
    changes: list[str] = []
    keeper.on_change(lambda: changes.append("changed"))

    async def run() -> None:
        await keeper.open()
        assert keeper.books(NOW.date()) is None
        await keeper.refresh(SITE)
        await keeper.refresh(SITE)
        again = BookKeeper(tmp_path, cast("Channel", channel), cast("Any", inline), clock)
        await again.open()
        books = again.books(NOW.date())
        assert books is not None
        assert books.digest == channel.digest(routes.CATALOGUE)
        await again.refresh(SITE)

    trio.run(run)
    assert changes == ["changed"]
    assert channel.fetched == [routes.CATALOGUE, routes.CATALOGUE_CALENDAR]


def test_a_broken_catalogue_is_not_taken_over_and_not_fetched_again(keeper: BookKeeper, channel: FakeChannel):
    async def run() -> None:
        await keeper.refresh(SITE)
        good = keeper.books(NOW.date())
        channel.files[routes.CATALOGUE] = SAMPLE.read_bytes().replace(b'"ho-tich"', b'"ho"', 1)
        await keeper.refresh(SITE)
        await keeper.refresh(SITE)
        assert keeper.books(NOW.date()) is good

    trio.run(run)
    assert len(channel.fetched) == 4


def test_bytes_that_are_not_the_named_ones_are_left(keeper: BookKeeper, channel: FakeChannel):
    channel.told[routes.CATALOGUE] = "0" * 64

    async def run() -> None:
        await keeper.refresh(SITE)
        assert keeper.books(NOW.date()) is None

    trio.run(run)


def test_a_new_day_has_the_records_of_that_day(keeper: BookKeeper, channel: FakeChannel, clock: Clock):
    whole = json.loads(SAMPLE.read_text())
    for row in whole["procedures"]:
        if row["code"] == "2.000815":
            row["valid_to"] = "2026-11-23"
    channel.files[routes.CATALOGUE] = json.dumps(whole).encode()

    async def run() -> None:
        await keeper.refresh(SITE)
        books = keeper.books(NOW.date())
        assert books is not None and books.index.find("2.000815")
        clock.at += timedelta(days=1)
        await keeper.refresh(SITE)
        books = keeper.books(clock.at.date())
        assert books is not None and not books.index.find("2.000815")

    trio.run(run)


def test_a_hospital_is_not_asked(keeper: BookKeeper, channel: FakeChannel):
    trio.run(keeper.refresh, SITE.model_copy(update={"one_stop": None}))
    assert channel.fetched == []
