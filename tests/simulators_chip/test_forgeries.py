"""Every forgery and fault of the card, and the verdict the product names for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from drivers.emrtd.chip_authentication import ChipAuthenticationUse
from drivers.emrtd.read import read_chip
from drivers.emrtd.reading import AccessKeys, ChipReading, FileId
from drivers.smartcard.connection import CardError, CardErrorReason
from services.trust.judgement import ChipLevel, Judgement, judge
from services.trust.store import load_store
from services.trust.verdicts import PassiveOutcome, PassiveReason, ProofOutcome
from simulators.chip.card import Card
from simulators.chip.injection import Injector, Torn
from simulators.chip.world import World

NONCE = bytes.fromhex("0102030405060708")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Injected:
    """A connection without a wire, with the card's faults."""

    def __init__(self, card: Card) -> None:
        self._injector = Injector(card)
        self.atr = card.atr

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        try:
            answer = self._injector.process(apdu)
        except Torn as torn:
            raise CardError(CardErrorReason.REMOVED) from torn
        return answer[:-2], int.from_bytes(answer[-2:], "big")


@pytest.fixture(scope="module")
def world() -> World:
    return World({"photo_bytes": 9000})


@pytest.fixture(scope="module")
def trust(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trust")
    world.write_trust(folder)
    return folder


@pytest.fixture
def read(world: World) -> Callable[..., ChipReading]:
    def read(options: dict[str, Any], **how: Any) -> ChipReading:
        card = world.card(options)
        keys = AccessKeys(card.content.can, (card.content.mrz_information,))
        return read_chip(Injected(card), keys, NONCE, **how)

    return read


@pytest.fixture
def judged(read: Callable[..., ChipReading], trust: Path) -> Callable[..., Judgement]:
    def judged(options: dict[str, Any], **how: Any) -> Judgement:
        return judge(read(options, **how), NONCE, load_store(trust), NOW)

    return judged


@pytest.mark.parametrize("person", ["khang", "hoa", "tam", "sau", "na", "dai"])
def test_the_card_of_every_citizen_is_genuine(judged: Callable[..., Judgement], person: str) -> None:
    judgement = judged({"citizen": person})
    assert judgement.level is ChipLevel.GENUINE, judgement.reason


@pytest.mark.parametrize("profile", ["passport", "passport-old"])
def test_an_honest_passport_is_trusted(judged: Callable[..., Judgement], profile: str) -> None:
    judgement = judged({"passport": "erika", "profile": profile})
    assert judgement.passive.outcome is PassiveOutcome.TRUSTED, judgement.reason
    assert judgement.level is (ChipLevel.GENUINE if profile == "passport" else ChipLevel.READ)


@pytest.mark.parametrize("person", ["khang", "hoa"])
@pytest.mark.parametrize(
    ("forgery", "outcome", "reason"),
    [
        ({"signer": "unknown-root"}, PassiveOutcome.NO_TRUST_ROOT, PassiveReason.NO_ROOT),
        ({"signer": "impostor"}, PassiveOutcome.FAILED, PassiveReason.SIGNER_FORGED),
        ({"signer": "expired"}, PassiveOutcome.FAILED, PassiveReason.SIGNER_NOT_VALID_THEN),
        ({"signer": "revoked"}, PassiveOutcome.FAILED, PassiveReason.REVOKED),
        ({"signer": "revoked-later"}, PassiveOutcome.REVOKED_AFTER_SIGNING, PassiveReason.REVOKED_LATER),
        ({"break_signature": True}, PassiveOutcome.FAILED, PassiveReason.SIGNATURE_WRONG),
        ({"altered": ["DG1"]}, PassiveOutcome.FAILED, PassiveReason.GROUP_DIFFERS),
        ({"altered": ["DG2"]}, PassiveOutcome.FAILED, PassiveReason.GROUP_DIFFERS),
        ({"altered": ["DG13"]}, PassiveOutcome.FAILED, PassiveReason.GROUP_DIFFERS),
        ({"altered": ["DG15"]}, PassiveOutcome.FAILED, PassiveReason.GROUP_DIFFERS),
        ({"swapped_keys": True}, PassiveOutcome.FAILED, PassiveReason.GROUP_DIFFERS),
    ],
    ids=str,
)
def test_a_forged_content_has_its_verdict(
    judged: Callable[..., Judgement],
    person: str,
    forgery: dict[str, Any],
    outcome: PassiveOutcome,
    reason: PassiveReason,
) -> None:
    judgement = judged({"citizen": person, **forgery})
    assert (judgement.passive.outcome, judgement.passive.reason) == (outcome, reason)
    assert judgement.level is not ChipLevel.GENUINE


@pytest.mark.parametrize("person", ["khang", "hoa"])
def test_a_clone_fails_its_active_authentication(judged: Callable[..., Judgement], person: str) -> None:
    judgement = judged({"citizen": person, "cloned": True})
    assert judgement.passive.outcome is PassiveOutcome.TRUSTED
    assert judgement.active.outcome is ProofOutcome.FAILED
    assert judgement.level is ChipLevel.FAILED


def test_a_clone_without_active_authentication_is_never_genuine(judged: Callable[..., Judgement]) -> None:
    changes = {"active_authentication": None, "groups": [1, 2, 13, 14]}
    judgement = judged({"citizen": "hoa", "cloned": True, "profile_changes": changes})
    assert judgement.level is not ChipLevel.GENUINE


def test_a_cloned_passport_fails_its_mapping(judged: Callable[..., Judgement]) -> None:
    judgement = judged({"passport": "erika", "cloned": True})
    assert judgement.level is ChipLevel.FAILED


def test_an_honest_chip_proves_itself_by_chip_authentication_too(judged: Callable[..., Judgement]) -> None:
    judgement = judged({"citizen": "hoa"}, chip_authentication=ChipAuthenticationUse.ALWAYS)
    assert judgement.chip.outcome is ProofOutcome.PASSED
    assert judgement.level is ChipLevel.GENUINE


def test_a_security_object_without_signing_time_is_dated_by_the_card(judged: Callable[..., Judgement]) -> None:
    judgement = judged({"signing_time": False})
    assert judgement.level is ChipLevel.GENUINE
    assert judgement.passive.time is not None and judgement.passive.time.source.value == "date-of-issue-dg13"


def test_a_passport_without_signing_time_is_dated_by_its_details(judged: Callable[..., Judgement]) -> None:
    judgement = judged({"passport": "erika", "signing_time": False})
    assert judgement.level is ChipLevel.GENUINE
    assert judgement.passive.time is not None and judgement.passive.time.source.value == "date-of-issue-dg12"


def test_a_document_nobody_dates_is_judged_at_the_beginning_of_its_signer(judged: Callable[..., Judgement]) -> None:
    judgement = judged({"passport": "erika", "profile": "passport-old", "signing_time": False})
    assert judgement.passive.outcome is PassiveOutcome.TRUSTED
    assert judgement.passive.time is not None and judgement.passive.time.source.value == "time-unknown"


def test_a_broken_vietnamese_group_does_not_fail_the_reading(judged: Callable[..., Judgement]) -> None:
    assert judged({"broken_dg13": True}).level is ChipLevel.GENUINE


@pytest.mark.parametrize("group", [2, 13, 14, 15])
def test_a_group_of_four_gigabytes_is_left_out(read: Callable[..., ChipReading], group: int) -> None:
    reading = read({"absurd_group": group})
    assert FileId[f"DG{group}"] not in reading.files
    assert FileId.DG1 in reading.files


def test_a_listed_group_that_is_missing_is_told(read: Callable[..., ChipReading]) -> None:
    assert read({"missing": ["DG13"]}).refused == {FileId.DG13: 0x6A82}


def test_a_chip_without_a_list_of_its_groups_is_read(judged: Callable[..., Judgement]) -> None:
    assert judged({"missing": ["COM"]}).level is ChipLevel.GENUINE


def test_a_chip_without_a_security_object_proves_nothing(judged: Callable[..., Judgement]) -> None:
    judgement = judged({"missing": ["SOD"]})
    assert (judgement.passive.outcome, judgement.passive.reason) == (PassiveOutcome.UNREADABLE, PassiveReason.NO_SOD)
    assert judgement.level is ChipLevel.FAILED


def test_a_card_torn_away_at_any_moment_is_a_lost_card(read: Callable[..., ChipReading]) -> None:
    for place in range(1, 12):
        with pytest.raises(CardError) as error:
            read({"tear_at": place})
        assert error.value.reason is CardErrorReason.REMOVED


@pytest.mark.parametrize("percent", [1, 50, 99])
def test_a_card_torn_away_at_a_percentage_is_a_lost_card(read: Callable[..., ChipReading], percent: int) -> None:
    with pytest.raises(CardError) as error:
        read({"remove_at_percent": percent, "max_response": 500})
    assert error.value.reason is CardErrorReason.REMOVED


def test_no_travel_document_is_told_as_such(read: Callable[..., ChipReading]) -> None:
    with pytest.raises(CardError) as error:
        read({"not_emrtd": True})
    assert error.value.reason is CardErrorReason.NOT_EMRTD


@pytest.mark.parametrize("fault", ["wrong_mac_at", "absurd_length_at", "rubbish_at"])
@pytest.mark.parametrize("place", range(1, 13))
def test_nonsense_from_the_chip_is_a_card_error_or_a_refused_file(
    read: Callable[..., ChipReading], fault: str, place: int
) -> None:
    try:
        reading = read({fault: place})
    except CardError as error:
        assert error.reason in set(CardErrorReason)
    else:
        assert FileId.DG1 in reading.files


def test_a_wrong_checksum_is_never_taken(read: Callable[..., ChipReading]) -> None:
    with pytest.raises(CardError) as error:
        read({"wrong_mac_at": 4})
    assert error.value.reason is CardErrorReason.PROTOCOL


@pytest.mark.parametrize(
    "active",
    [
        {"key": "rsa1024", "digest": "sha1", "least": True},
        {"key": "rsa1024", "digest": "sha256"},
        {"key": "rsa2048", "digest": "sha512"},
        {"key": "secp224r1", "digest": "sha224"},
        {"key": "brainpoolP320r1", "digest": "sha256", "plain": False},
        {"key": "secp521r1", "digest": "sha512"},
    ],
    ids=str,
)
def test_every_kind_of_active_authentication_is_judged_a_proof(
    judged: Callable[..., Judgement], active: dict[str, Any]
) -> None:
    judgement = judged({"profile_changes": {"active_authentication": active}})
    assert judgement.active.outcome is ProofOutcome.PASSED, judgement.active.reason


@pytest.mark.parametrize("parameters", [0, 1, 2, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18])
def test_chip_authentication_on_every_domain_is_judged_a_proof(
    judged: Callable[..., Judgement], parameters: int
) -> None:
    chip = [{"parameters": parameters, "suites": ["AES-192"], "key_id": 5}]
    changes = {"active_authentication": None, "chip_authentication": chip, "groups": [1, 13, 14]}
    judgement = judged({"profile_changes": changes})
    assert judgement.chip.outcome is ProofOutcome.PASSED, judgement.chip.reason
    assert judgement.level is ChipLevel.GENUINE


@pytest.mark.parametrize(
    "algorithms",
    [
        {"csca": "secp521r1", "signer": "secp384r1"},
        {"csca": "brainpoolP512r1", "signer": "brainpoolP224r1"},
        {"csca": "secp256r1", "signer": "brainpoolP320r1", "explicit_parameters": False},
        {"csca": "rsa2048", "signer": "secp256r1", "signer_signature": {"scheme": "ecdsa", "digest": "sha1"}},
        {
            "csca": "rsa2048",
            "csca_signature": {"scheme": "pss", "digest": "sha512"},
            "signer": "rsa2048",
            "signer_signature": {"scheme": "pkcs1", "digest": "sha384"},
        },
    ],
    ids=str,
)
def test_every_algorithm_of_a_signer_is_trusted(judged: Callable[..., Judgement], algorithms: dict[str, Any]) -> None:
    judgement = judged({"profile_changes": {"algorithms": algorithms, "sod_digest": "sha384"}})
    assert judgement.passive.outcome is PassiveOutcome.TRUSTED, (judgement.passive.reason, judgement.passive.detail)
