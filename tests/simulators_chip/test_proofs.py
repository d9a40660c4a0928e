"""Every protocol of the card against the product's reader, which is the other side's own code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from drivers.emrtd.chip_authentication import ChipAuthenticationUse
from drivers.emrtd.read import read_chip
from drivers.emrtd.reading import AccessKeys, AccessProtocol, ChipReading, FileId
from drivers.smartcard.connection import CardError, CardErrorReason
from simulators.chip.card import Card
from simulators.chip.chipauth import ChipKey
from simulators.chip.domain import STANDARDISED
from simulators.chip.pace import PROTOCOLS
from simulators.chip.pki import Signature
from simulators.chip.world import Laboratory, World

NONCE = bytes.fromhex("0102030405060708")
EC_IDS = [number for number in STANDARDISED if number >= 8]


class Direct:
    """A connection without a wire."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.apdus = 0

    @property
    def atr(self) -> bytes:
        return self.card.atr

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        self.apdus += 1
        answer = self.card.process(apdu)
        return answer[:-2], int.from_bytes(answer[-2:], "big")


class LaboratorySigner:
    """Signs with the simulator's own terminal."""

    def __init__(self, laboratory: Laboratory) -> None:
        self._laboratory = laboratory

    def chain(self, authority: bytes) -> Sequence[bytes]:
        if authority != self._laboratory.cvca.reference:
            raise LookupError
        return self._laboratory.dv.certificate, self._laboratory.terminal.certificate

    def sign(self, data: bytes) -> bytes:
        return self._laboratory.terminal.key.sign(data, self._laboratory.terminal.signature)


@pytest.fixture(scope="module")
def world() -> World:
    return World({"photo_bytes": 4000})


@pytest.fixture
def read(world: World) -> Callable[..., ChipReading]:
    def read(options: dict[str, Any], *, can: bool = True, **how: Any) -> ChipReading:
        card = world.card(options)
        keys = AccessKeys(card.content.can if can else None, (card.content.mrz_information,))
        return read_chip(Direct(card), keys, NONCE, **how)

    return read


def pace_only(protocol: str, parameters: int, **more: Any) -> dict[str, Any]:
    fields = {"groups": [1, 14], "basic_access": False, "pace": [{"protocol": protocol, "parameters": parameters}]}
    return {"profile": {**fields, **more}}


def rotating(protocols: list[str]) -> list[tuple[str, int]]:
    """Each protocol at least once and each parameter set at least once with each mapping."""
    pairs: list[tuple[str, int]] = []
    for place, name in enumerate(protocols):
        protocol = PROTOCOLS[name]
        ids = [0, 1, 2] if protocol.agreement == "DH" else [i for i in EC_IDS if i != 10 or "IM" not in name]
        pairs += [(name, number) for number in ids[place % 4 :: 4] or ids[:1]]
    return pairs


@pytest.mark.parametrize(("protocol", "parameters"), rotating(sorted(PROTOCOLS)))
@pytest.mark.parametrize("can", [True, False], ids=["CAN", "MRZ"])
def test_pace_opens_the_chip(read: Callable[..., ChipReading], protocol: str, parameters: int, can: bool) -> None:
    reading = read(pace_only(protocol, parameters), can=can)
    assert reading.transcript.access is AccessProtocol.PACE
    assert ("CAN" if can else "MRZ") in reading.transcript.access_detail
    assert FileId.DG1 in reading.files


@pytest.mark.parametrize("suite", ["3DES", "AES-128", "AES-192", "AES-256"])
def test_the_reader_refuses_integration_on_secp224r1(read: Callable[..., ChipReading], suite: str) -> None:
    with pytest.raises(CardError) as error:
        read(pace_only(f"ECDH-IM-{suite}", 10))
    assert error.value.reason is CardErrorReason.ACCESS_DENIED


@pytest.mark.parametrize("suite", ["3DES", "AES-128", "AES-192", "AES-256"])
@pytest.mark.parametrize("parameters", [0, 2, 8, 12, 13, 14, 18])
def test_chip_authentication_restarts_secure_messaging(
    read: Callable[..., ChipReading], suite: str, parameters: int
) -> None:
    profile = {"groups": [1, 13, 14], "chip_authentication": [{"parameters": parameters, "suites": [suite]}]}
    reading = read({"profile": profile})
    proof = reading.transcript.chip_authentication
    assert proof is not None and proof.oid.startswith("0.4.0.127.0.7.2.2.3.")
    assert FileId.DG13 in reading.files


def test_one_of_several_chip_keys_is_named(read: Callable[..., ChipReading]) -> None:
    keys = [
        {"parameters": 12, "suites": ["3DES"], "key_id": 3},
        {"parameters": 16, "suites": ["AES-256"], "key_id": 7},
    ]
    reading = read({"profile": {"groups": [1, 14], "chip_authentication": keys}})
    proof = reading.transcript.chip_authentication
    assert proof is not None and proof.key_id in (3, 7)


@pytest.mark.parametrize("access", ["BAC", "PACE"])
@pytest.mark.parametrize("agreement", [13, 1])
def test_a_laboratory_terminal_reads_fingers(
    world: World, read: Callable[..., ChipReading], access: str, agreement: int
) -> None:
    pace = [{"protocol": "ECDH-GM-AES-128", "parameters": 13}] if access == "PACE" else []
    profile = {
        "groups": [1, 3, 14],
        "pace": pace,
        "chip_authentication": [{"parameters": agreement, "suites": ["AES-128"]}],
        "terminal_authentication": True,
    }
    wanted = frozenset({FileId.COM, FileId.DG1, FileId.DG3, FileId.DG14, FileId.SOD})
    reading = read(
        {"profile": profile},
        wanted=wanted,
        chip_authentication=ChipAuthenticationUse.ALWAYS,
        terminal=LaboratorySigner(world.laboratory),
    )
    assert reading.transcript.access is AccessProtocol[access]
    assert reading.files[FileId.DG3][:1] == b"\x63"


def test_fingers_are_refused_to_everybody_else(read: Callable[..., ChipReading]) -> None:
    wanted = frozenset({FileId.COM, FileId.DG1, FileId.DG3, FileId.DG14, FileId.SOD})
    reading = read({}, wanted=wanted)
    assert reading.refused == {FileId.DG3: 0x6982}
    stranger = read({}, wanted=wanted, terminal=LaboratorySigner(Laboratory.make()))
    assert FileId.DG3 not in stranger.files


@pytest.mark.parametrize(
    "active",
    [
        {"key": "rsa1024", "digest": "sha1"},
        {"key": "rsa2048", "digest": "sha256"},
        {"key": "rsa2048", "digest": "sha512"},
        {"key": "secp256r1", "digest": "sha256"},
        {"key": "brainpoolP512r1", "digest": "sha512"},
        {"key": "brainpoolP256r1", "digest": "sha256", "plain": False},
    ],
    ids=str,
)
def test_active_authentication_answers_over_the_nonce(read: Callable[..., ChipReading], active: dict[str, Any]) -> None:
    reading = read({"profile": {"groups": [1, 14, 15], "active_authentication": active}})
    answered = reading.transcript.active_authentication
    assert answered is not None and answered.nonce == NONCE
    size = {"rsa1024": 128, "rsa2048": 256, "secp256r1": 64, "brainpoolP512r1": 128}.get(active["key"])
    assert size is None or len(answered.response) == size


def test_a_clone_cannot_agree_on_new_keys(read: Callable[..., ChipReading]) -> None:
    profile = {"groups": [1, 14], "chip_authentication": [{"parameters": 13, "suites": ["AES-128"]}]}
    reading = read({"profile": profile, "cloned": True})
    assert reading.transcript.chip_authentication is None


@pytest.mark.parametrize("form", ["td1", "td2", "td3"])
@pytest.mark.parametrize("number", ["L898902C3", "D2314589"])
def test_documents_of_every_size_are_opened_by_their_zone(
    read: Callable[..., ChipReading], form: str, number: str
) -> None:
    fields = {
        "format": form, "issuer": "UTO", "number": number, "name": "Eriksson Anna", "birth": "1974-08-12",
        "sex": "F", "issued": date(2020, 1, 1), "expiry": date(2030, 1, 1),
    }  # fmt: skip
    reading = read({"passport": fields, "profile": {"groups": [1]}}, can=False)
    assert len(reading.files[FileId.DG1]) > 70


@pytest.mark.parametrize("form", ["td1", "td2"])
def test_a_long_document_number_is_part_of_the_key(read: Callable[..., ChipReading], form: str) -> None:
    fields = {
        "format": form, "issuer": "UTO", "number": "D23145890734", "name": "Eriksson Anna", "birth": "1934-07-12",
        "sex": "F", "issued": date(2020, 1, 1), "expiry": date(2095, 7, 12),
    }  # fmt: skip
    assert FileId.DG1 in read({"passport": fields, "profile": {"groups": [1]}}, can=False).files


def test_chip_keys_know_their_protocols() -> None:
    for number, agreement in ((0, "DH"), (13, "ECDH")):
        key = ChipKey(STANDARDISED[number], 5, ())
        assert key.agreement == agreement


def test_a_passport_with_everything_is_read_with_all_its_groups(read: Callable[..., ChipReading]) -> None:
    wanted = frozenset(FileId)
    reading = read({"passport": "erika"}, wanted=wanted)
    numbers = {file.name for file in reading.files}
    assert {
        "DG1",
        "DG2",
        "DG7",
        "DG11",
        "DG12",
        "DG14",
        "DG15",
        "DG16",
        "SOD",
        "CARD_ACCESS",
        "CARD_SECURITY",
    } <= numbers
    assert reading.transcript.chip_authentication is not None and reading.transcript.chip_authentication.mapping


def test_a_file_beyond_thirty_two_kilobytes_is_read_by_the_odd_instruction(read: Callable[..., ChipReading]) -> None:
    reading = read({"photo_bytes": 70_000, "max_response": 2000})
    assert len(reading.files[FileId.DG2]) > 70_000


@pytest.mark.parametrize(
    "habit",
    [
        {"extended": False},
        {"max_response": 2000},
        {"max_response": 300, "over_limit": "6700"},
        {"extended": False, "max_response": 200, "over_limit": "6700"},
        {"warn_at_end": True},
        {"short_file_ids": False},
        {"select_mf": "6D00"},
        {"refuse_le_in_select": True},
        {"strict_parameter_id": True},
        {"card_access": False},
        {"pace_status": "6982"},
        {"pace_nonce_bytes": 48},
        {"active_le": "short"},
        {"active_le": "extended"},
        {"missing": ["COM"]},
    ],
    ids=str,
)
@pytest.mark.parametrize("citizen", ["khang", "hoa"])
def test_a_card_with_habits_is_read_all_the_same(
    read: Callable[..., ChipReading], habit: dict[str, Any], citizen: str
) -> None:
    reading = read({"citizen": citizen, **habit})
    assert {FileId.DG1, FileId.DG2, FileId.DG13, FileId.SOD} <= reading.files.keys()


def test_the_scheme_of_a_signature_is_spelt_as_the_pki_spells_it() -> None:
    assert Signature("ecdsa-plain").digest == "sha256"
