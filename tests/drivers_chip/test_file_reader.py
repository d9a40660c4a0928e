"""Files come whole whatever lengths a card likes, in few commands, and absurd ones are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from drivers.emrtd.apdu import Command
from drivers.emrtd.channel import Channel, Extended
from drivers.emrtd.file_reader import FileReader, FileRefused
from drivers.emrtd.lds.tlv import encode
from drivers.emrtd.reading import FileId
from drivers.smartcard.connection import CardError

PHOTO = encode(0x75, bytes(range(256)) * 77)
LARGE = encode(0x75, bytes(range(256)) * 200)
SOD = encode(0x77, bytes(2500))


@pytest.mark.parametrize("content", [PHOTO, LARGE, SOD, encode(0x75, b"")], ids=["20K", "50K", "2K", "empty"])
@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"extended": False},
        {"longest": 2000},
        {"longest": 2000, "truncates": False},
        {"longest": 224, "extended": False},
        {"longest": 192, "extended": False, "truncates": False},
        {"longest": 112, "extended": False, "truncates": False},
    ],
)
def test_a_file_comes_whole_whatever_lengths_the_card_takes(
    file_card: Callable[..., Any], content: bytes, limits: dict[str, Any]
) -> None:
    card = file_card({0x02: content + b"\x00padding"}, **limits)
    assert FileReader(Channel(card)).read(FileId.DG2) == content


def test_one_command_reads_a_photo_where_the_card_has_no_limit(file_card: Callable[..., Any]) -> None:
    card = file_card({0x02: PHOTO})
    FileReader(Channel(card)).read(FileId.DG2)
    assert card.log == ["00b08200000000"]


def test_a_card_without_extended_length_costs_one_refused_command_in_all(file_card: Callable[..., Any]) -> None:
    card = file_card({0x02: PHOTO, 0x1D: SOD}, extended=False)
    channel = Channel(card)
    reader = FileReader(channel)
    reader.read(FileId.SOD)
    assert channel.extended is Extended.NO
    assert len(card.log) == 1 + 10
    reader.read(FileId.DG2)
    assert len(card.log) == 1 + 10 + 78
    assert sum(len(command) == 14 for command in card.log) == 1


def test_a_smaller_answer_limit_is_remembered(file_card: Callable[..., Any]) -> None:
    card = file_card({0x02: PHOTO, 0x1D: SOD}, longest=2000, truncates=False)
    reader = FileReader(Channel(card))
    with pytest.raises(FileRefused):
        reader.read(FileId.DG1)
    card.files[0x01] = encode(0x61, b"x")
    card.truncates = True
    reader.read(FileId.DG1)
    card.truncates = False
    reader.read(FileId.DG2)
    before = len(card.log)
    reader.read(FileId.SOD)
    assert len(card.log) - before == 2


def test_bytes_beyond_32767_are_read_with_an_odd_instruction(file_card: Callable[..., Any]) -> None:
    card = file_card({0x02: LARGE}, longest=20000)
    FileReader(Channel(card)).read(FileId.DG2)
    # READ BINARY B1 on the current file, offset data object, extended length of exactly what is missing.
    assert card.log[-1] == "00b10000000004" + "54029c40" + f"{len(LARGE) - 40000 + 4:04x}"


def test_a_card_that_knows_no_short_identifiers_is_asked_by_selection(dialogue: Callable[..., Any]) -> None:
    card = dialogue(
        ("00B08100000000", "6A86"),
        ("00A4020C020101", "9000"),
        ("00B00000000000", "6103" + "010203" + "9000"),
    )
    assert FileReader(Channel(card)).read(FileId.DG1) == bytes.fromhex("6103010203")


@pytest.mark.parametrize("status", ["6A82", "6982", "6985"])
def test_a_missing_or_refused_file_says_so_with_its_status(dialogue: Callable[..., Any], status: str) -> None:
    with pytest.raises(FileRefused) as caught:
        FileReader(Channel(dialogue(("00B08300000000", status))), select=False).read(FileId.DG3)
    assert caught.value.status == int(status, 16)


@pytest.mark.parametrize("start", ["7584FFFFFFFF", "7583200000", "7580", "75", "7FFFFFFF"])
def test_a_file_that_claims_absurd_lengths_is_refused_at_once(dialogue: Callable[..., Any], start: str) -> None:
    with pytest.raises(FileRefused) as caught:
        FileReader(Channel(dialogue(("00B08200000000", start + "9000")))).read(FileId.DG2)
    assert caught.value.status == 0x9000


def test_a_file_shorter_than_it_claims_is_refused(file_card: Callable[..., Any]) -> None:
    with pytest.raises(FileRefused):
        FileReader(Channel(file_card({0x02: PHOTO[:-1]}))).read(FileId.DG2)


def test_a_warning_with_data_is_data(dialogue: Callable[..., Any]) -> None:
    card = dialogue(("00B08100000000", "6103010203" + "6282"))
    assert FileReader(Channel(card)).read(FileId.DG1) == bytes.fromhex("6103010203")


def test_answers_in_pieces_and_corrected_lengths_are_followed(dialogue: Callable[..., Any]) -> None:
    card = dialogue(
        ("00B08100000000", "61036103"),
        ("00C0000003", "010203" + "9000"),
        ("0084000000", "6C08"),
        ("0084000008", "0102030405060708" + "9000"),
    )
    channel = Channel(card)
    assert FileReader(channel).read(FileId.DG1) == bytes.fromhex("6103010203")
    assert channel.transmit(Command(0x84, 0, 0, le=256)).data == bytes(range(1, 9))


def test_an_answer_that_never_ends_is_given_up() -> None:
    class Endless:
        atr = b""

        def transmit(self, apdu: bytes) -> tuple[bytes, int]:
            return bytes(200), 0x61FF

    with pytest.raises(CardError):
        Channel(Endless()).transmit(Command(0xB0, 0, 0, le=256))


def test_long_data_is_chained_where_extended_length_is_unknown_to_the_card(dialogue: Callable[..., Any]) -> None:
    data = bytes(range(256)) * 2
    channel = Channel(
        dialogue(
            ("102A00BEFF" + data[:255].hex(), "9000"),
            ("102A00BEFF" + data[255:510].hex(), "9000"),
            ("002A00BE02" + data[510:].hex(), "9000"),
        )
    )
    channel.extended = Extended.NO
    assert channel.transmit(Command(0x2A, 0, 0xBE, data)).ok
