"""Cards drawn at random from all knobs: honest ones are genuine, forged ones never, faults only ever a card error."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from drivers.emrtd.chip_authentication import ChipAuthenticationUse
from drivers.emrtd.read import read_chip
from drivers.emrtd.reading import AccessKeys
from drivers.smartcard.connection import CardError, CardErrorReason
from services.trust.judgement import ChipLevel, judge
from services.trust.store import TrustStore, load_store
from simulators.chip.card import Card
from simulators.chip.domain import STANDARDISED
from simulators.chip.injection import Injector, Mute, Torn
from simulators.chip.pace import PROTOCOLS
from simulators.chip.world import World

NONCE = bytes.fromhex("0102030405060708")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOST_COMMANDS = 2000
PEOPLE = ["khang", "hoa", "tam", "sau", "na", "dai"]
HABITS: dict[str, list[Any]] = {
    "extended": [True, False],
    "max_response": [None, 230, 256, 500, 2000],
    "over_limit": ["cut", "6700"],
    "warn_at_end": [True],
    "short_file_ids": [False],
    "select_mf": ["9000", "6D00"],
    "refuse_le_in_select": [True],
    "strict_parameter_id": [True],
}
FORGERIES: list[dict[str, Any]] = [
    {"signer": "expired"},
    {"signer": "revoked"},
    {"signer": "revoked-later"},
    {"signer": "unknown-root"},
    {"signer": "impostor"},
    {"altered": ["DG1"]},
    {"altered": ["DG13"]},
    {"altered": ["SOD"]},
    {"cloned": True},
    {"swapped_keys": True},
    {"break_signature": True},
]
WIRE_FAULTS = ["tear_at", "mute_at", "wrong_mac_at", "absurd_length_at", "rubbish_at"]


class Faulty:
    """A connection without a wire; a card that is pulled away or mute is a removed one."""

    def __init__(self, card: Card) -> None:
        self._injector = Injector(card)
        self._commands = 0
        self.atr = card.atr

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        self._commands += 1
        assert self._commands < MOST_COMMANDS
        try:
            answer = self._injector.process(apdu)
        except (Torn, Mute) as gone:
            raise CardError(CardErrorReason.REMOVED) from gone
        return answer[:-2], int.from_bytes(answer[-2:], "big")


@pytest.fixture(scope="module")
def world() -> World:
    return World({"photo_bytes": 7000})


@pytest.fixture(scope="module")
def store(world: World, tmp_path_factory: pytest.TempPathFactory) -> TrustStore:
    folder: Path = tmp_path_factory.mktemp("trust")
    world.write_trust(folder)
    return load_store(folder)


def drawn_card(draw: random.Random) -> dict[str, Any]:
    """Who, which protocols and which habits; honest."""
    changes: dict[str, Any] = {}
    if draw.random() < 0.5:
        name = draw.choice(sorted(PROTOCOLS))
        ids = [0, 1, 2] if name.startswith("DH") else [8, 9, *range(11, 19)]
        changes["pace"] = [{"protocol": name, "parameters": draw.choice(ids)}]
    if draw.random() < 0.4:
        suite = draw.choice(["3DES", "AES-128", "AES-192", "AES-256"])
        changes["chip_authentication"] = [{"parameters": draw.choice(sorted(STANDARDISED)), "suites": [suite]}]
    if draw.random() < 0.3:
        key = draw.choice(["rsa1024", "secp256r1", "brainpoolP384r1", "secp521r1"])
        changes["active_authentication"] = {"key": key, "digest": "sha256", "plain": draw.random() < 0.7}
    options = {"citizen": draw.choice(PEOPLE), "profile_changes": changes}
    return options | {name: draw.choice(values) for name, values in HABITS.items() if draw.random() < 0.3}


def level(world: World, store: TrustStore, draw: random.Random, options: dict[str, Any]) -> ChipLevel:
    """What the product thinks of the card."""
    card = world.card(options)
    keys = AccessKeys(draw.choice([card.content.can, None]), (card.content.mrz_information,))
    use = draw.choice(list(ChipAuthenticationUse))
    return judge(read_chip(Faulty(card), keys, NONCE, chip_authentication=use), NONCE, store, NOW).level


@pytest.fixture(autouse=True)
def no_pause_between_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.emrtd.access._SPACING_SECONDS", 0)


@pytest.mark.parametrize("seed", range(15))
def test_an_honest_card_is_genuine_whatever_its_protocols_and_habits(
    world: World, store: TrustStore, seed: int
) -> None:
    draw = random.Random(seed)
    options = drawn_card(draw)
    assert level(world, store, draw, options) is ChipLevel.GENUINE, options


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("forgery", FORGERIES, ids=str)
def test_a_forged_card_is_never_genuine(world: World, store: TrustStore, forgery: dict[str, Any], seed: int) -> None:
    draw = random.Random(seed)
    options = drawn_card(draw)
    assert level(world, store, draw, {**options, **forgery}) is not ChipLevel.GENUINE, options


@pytest.mark.parametrize("seed", range(40))
def test_a_fault_on_the_wire_is_a_card_error_or_an_honest_verdict(world: World, store: TrustStore, seed: int) -> None:
    draw = random.Random(seed)
    options = {**drawn_card(draw), draw.choice(WIRE_FAULTS): draw.randrange(1, 25)}
    try:
        found = level(world, store, draw, options)
    except CardError as error:
        assert error.reason in set(CardErrorReason)
    else:
        assert found in set(ChipLevel)
