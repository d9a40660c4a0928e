"""What a reading makes of cards that misbehave at every command: an error of the one type, or a true reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from drivers.emrtd.read import read_chip
from drivers.emrtd.reading import AccessKeys, ChipReading, FileId
from drivers.smartcard.connection import CardError, CardErrorReason
from simulators.chip.injection import Injector, Torn
from simulators.chip.world import World

PROFILES = ("vietnam-2021", "vietnam-2024")


class Faulty:
    """A simulated card with its faults, without a wire."""

    def __init__(self, card: Any) -> None:
        self.card = card
        self.atr = card.atr
        self.injector = Injector(card)
        self.apdus = 0

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        self.apdus += 1
        try:
            answer = self.injector.process(apdu)
        except Torn:
            raise CardError(CardErrorReason.REMOVED) from None
        return answer[:-2], int.from_bytes(answer[-2:], "big")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.emrtd.access._SPACING_SECONDS", 0)


@pytest.fixture
def attempt(world: World) -> Callable[..., ChipReading | CardError]:
    """Read a faulty card with its right keys; whatever comes out but a reading or a CardError fails the test."""

    def run(**options: Any) -> ChipReading | CardError:
        card = Faulty(world.card(options))
        keys = AccessKeys(card.card.content.can, (card.card.content.mrz_information,))
        try:
            return read_chip(card, keys, b"12345678")
        except CardError as error:
            return error
        finally:
            assert card.apdus < 400

    return run


Attempt = Callable[..., ChipReading | CardError]


def _is_truthful(world: World, result: ChipReading, options: dict[str, Any]) -> bool:
    """Whether every file is what the card really holds (a fault must never leave an altered file unnoticed)."""
    content = world.card(options).content
    held = {bytes(data) for data in (*content.application.values(), *content.master.values())}
    return all(data in held for data in result.files.values())


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("number", range(1, 17))
def test_a_card_torn_away_at_any_command_is_removed(attempt: Attempt, profile: str, number: int) -> None:
    result = attempt(profile=profile, tear_at=number)
    if isinstance(result, CardError):
        assert result.reason is CardErrorReason.REMOVED
    else:
        assert result.figures.apdus < number


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", ["rubbish_at", "absurd_length_at", "wrong_mac_at"])
@pytest.mark.parametrize("number", range(1, 17))
def test_rubbish_at_any_command_is_an_error_or_leaves_only_true_files(
    attempt: Attempt, world: World, profile: str, kind: str, number: int
) -> None:
    options: dict[str, Any] = {"profile": profile, kind: number}
    result = attempt(**options)
    if isinstance(result, CardError):
        assert result.reason in {CardErrorReason.PROTOCOL, CardErrorReason.ACCESS_DENIED, CardErrorReason.NOT_EMRTD}
    else:
        assert _is_truthful(world, result, options)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("status", ["6F00", "6982", "6988", "6A82", "6100", "6C00", "9000"])
@pytest.mark.parametrize("number", range(1, 17))
def test_a_wrong_status_word_at_any_command_is_an_error_or_leaves_only_true_files(
    attempt: Attempt, world: World, profile: str, status: str, number: int
) -> None:
    options: dict[str, Any] = {"profile": profile, "status_at": {number: status}}
    result = attempt(**options)
    if isinstance(result, CardError):
        assert result.reason in {CardErrorReason.PROTOCOL, CardErrorReason.ACCESS_DENIED, CardErrorReason.NOT_EMRTD}
    else:
        assert _is_truthful(world, result, options)


@pytest.mark.parametrize("number", [5, 6, 7, 8])
def test_a_session_lost_by_an_error_is_opened_again(attempt: Attempt, number: int) -> None:
    result = attempt(profile="vietnam-2021", status_at={number: "6988"})
    assert isinstance(result, ChipReading)
    assert FileId.DG2 in result.files


@pytest.mark.parametrize("group", [2, 13, 14, 15])
def test_a_group_that_claims_absurd_lengths_is_left_out_and_the_rest_is_read(attempt: Attempt, group: int) -> None:
    result = attempt(profile="vietnam-2021", absurd_group=group)
    assert isinstance(result, ChipReading)
    assert FileId[f"DG{group}"] in result.refused
    assert {FileId.DG1, FileId.SOD} <= result.files.keys()


def test_a_broken_dg13_is_kept_as_it_is(attempt: Attempt) -> None:
    result = attempt(profile="vietnam-2021", broken_dg13=True)
    assert isinstance(result, ChipReading)
    assert FileId.DG13 in result.files
