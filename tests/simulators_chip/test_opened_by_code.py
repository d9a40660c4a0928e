"""The code on the card alone opens its chip: every citizen, every spelling of a birth, every rule of expiry."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from drivers.emrtd.read import opens
from services.codes.cccd import read_cccd
from services.identity.keys import keys_from_code
from simulators import citizens
from simulators.chip.card import Card
from simulators.chip.world import World

TODAY = date(2026, 11, 21)
PLAIN: dict[str, Any] = {
    "number": "099052000990", "name": "Đinh Văn Bảy", "birth": "1952", "sex": "M", "address": "Hòa Giang",
    "hometown": "Hòa Giang", "issued": date(2022, 11, 21), "card_year": 2021,
}  # fmt: skip


class Counted:
    """A connection without a wire that counts refused keys."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self.refused = 0
        self.atr = card.atr

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        answer = self._card.process(apdu)
        self.refused += self._card.wrong_password
        return answer[:-2], int.from_bytes(answer[-2:], "big")


@pytest.fixture(scope="module")
def world() -> World:
    return World({"photo": False})


@pytest.fixture(autouse=True)
def no_pause_between_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.emrtd.access._SPACING_SECONDS", 0)


@pytest.mark.parametrize("profile", ["vietnam-2021", "vietnam-2024"])
@pytest.mark.parametrize("person", citizens.load_all(), ids=lambda person: person.id)
def test_the_code_of_a_citizen_opens_their_card(world: World, person: citizens.Citizen, profile: str) -> None:
    connection = Counted(world.card({"citizen": person.id, "profile": profile}))
    assert opens(connection, keys_from_code(read_cccd(person.qr_text()), TODAY))
    assert connection.refused <= (0 if profile == "vietnam-2024" else 3)


@pytest.mark.parametrize("spelling", ["", "520000", "520101"])
def test_a_year_alone_opens_the_card_however_the_zone_spells_it(world: World, spelling: str) -> None:
    fields = {**PLAIN, "zone_birth": spelling}
    code = citizens.from_mapping("seven", dict(fields)).qr_text()
    assert opens(Counted(world.card({"citizen": fields})), keys_from_code(read_cccd(code), TODAY))


@pytest.mark.parametrize(
    ("birth", "issued"),
    [
        ("1999-11-20", date(2022, 5, 1)),
        ("1999-11-20", date(2023, 1, 1)),
        ("1985-01-02", date(2021, 3, 1)),
        ("1966-12-01", date(2024, 12, 2)),
        ("1960-02-29", date(2021, 6, 1)),
        ("2000-02-29", date(2021, 6, 1)),
        ("2013-08-08", date(2024, 9, 1)),
        ("2020-01-31", date(2024, 9, 1)),
        ("1940-05", date(2021, 6, 1)),
    ],
)
def test_a_birth_and_a_day_of_issue_open_the_card(world: World, birth: str, issued: date) -> None:
    fields = {**PLAIN, "birth": birth, "issued": issued}
    code = citizens.from_mapping("seven", dict(fields)).qr_text()
    connection = Counted(world.card({"citizen": fields}))
    assert opens(connection, keys_from_code(read_cccd(code), TODAY))
    assert connection.refused <= 7


def test_the_code_of_somebody_else_opens_nothing_and_gives_up_soon(world: World) -> None:
    connection = Counted(world.card({"citizen": "hoa"}))
    keys = keys_from_code(read_cccd(citizens.load("khang").qr_text()), TODAY)
    assert not opens(connection, keys)
    assert connection.refused <= 12
