"""A chip that names the right length (6Cxx) or promises more (61xx) is obeyed, and its session stays whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from drivers.emrtd.apdu import SHORT_MAX, Command
from drivers.emrtd.channel import Channel, Extended
from drivers.emrtd.crypto.suites import TRIPLE_DES
from drivers.emrtd.file_reader import FileReader, FileRefused
from drivers.emrtd.read import read_chip
from drivers.emrtd.reading import AccessKeys, FileId
from drivers.emrtd.secure_messaging import SecureMessaging

Script = Callable[..., Any]
COM = bytes.fromhex("60145F0104303130365F36063034303030305C026175")
STEPS = "icao_9303_11_D4_secure_messaging_3des"


def _session(vectors: dict[str, Any], counter: str) -> SecureMessaging:
    """The session of ICAO 9303-11 appendix D.4."""
    case = vectors["icao_9303_11_D_bac"]
    keys = bytes.fromhex(case["KSEnc"]), bytes.fromhex(case["KSMAC"])
    return SecureMessaging(TRIPLE_DES, *keys, int(counter, 16))


def _secured(vectors: dict[str, Any], card: Any, counter: str) -> Channel:
    channel = Channel(card)
    channel.extended = Extended.NO
    channel.secure = _session(vectors, counter)
    return channel


def test_a_length_named_under_secure_messaging_is_taken_and_remembered(
    vectors: dict[str, Any], dialogue: Script
) -> None:
    """The session of appendix D.4, its answers made apart: 6C0F, then EF.COM in two pieces, then another file."""
    card = dialogue(
        ("0CB09E000D9701E78E08D2927DC39A37444600", "99026C0F8E08BF158C2ECB5EE1B16C0F"),
        (
            "0CB09E000D97010F8E08C99B6DD55C07AAFD00",
            "87110129DB515DFABD81FAE6DAB55C333FB89C990290008E08DA1187771E6DE33B9000",
        ),
        ("0CB0000F0D9701078E08D4216C763B94610000", "870901C93DF6043B89DA49990290008E0837AE7CA1DE7D567E9000"),
        ("0CB081000D97010F8E086894ECEDE307775300", "99026A828E0865E228AE38B7E37E6A82"),
    )
    reader = FileReader(_secured(vectors, card, vectors["icao_9303_11_D_bac"]["SSC0"]), select=False)
    assert reader.read(FileId.COM) == COM
    with pytest.raises(FileRefused) as caught:
        reader.read(FileId.DG1)
    assert caught.value.status == 0x6A82
    assert not card.exchanges


def test_a_bare_length_repeats_the_protected_command_with_its_counter(
    vectors: dict[str, Any], dialogue: Script
) -> None:
    """Appendix D.4, "read 18 bytes at 4", where the transport first names its length."""
    step = vectors[STEPS]["steps"][2]
    sent, answer = step["protected"], step["response"]
    card = dialogue((sent, "6C29"), (sent[:-2] + "29", answer))
    channel = _secured(vectors, card, f"{int(step['SSC_cmd'], 16) - 1:X}")
    assert channel.transmit(Command(0xB0, 0, 4, le=18)).data == COM[4:]


def test_a_protected_answer_may_come_in_pieces(vectors: dict[str, Any], dialogue: Script) -> None:
    """The same, fetched by GET RESPONSE, which is the transport's and therefore not protected."""
    step = vectors[STEPS]["steps"][2]
    answer = step["response"]
    card = dialogue(
        (step["protected"], answer[:20] + "6110"),
        ("00C0000010", answer[20:52] + "6111"),
        ("00C0000011", answer[52:]),
    )
    channel = _secured(vectors, card, f"{int(step['SSC_cmd'], 16) - 1:X}")
    assert channel.transmit(Command(0xB0, 0, 4, le=18)).data == COM[4:]


def test_a_length_that_is_only_the_end_of_a_small_file_limits_no_other(dialogue: Script) -> None:
    large = "75820120" + "AB" * 0x120
    card = dialogue(
        ("00B09E0000", "6C16"),
        ("00B09E0016", COM.hex() + "9000"),
        ("00B0820000", large[:512] + "9000"),
        ("00B0010024", large[512:] + "9000"),
    )
    channel = Channel(card)
    channel.extended = Extended.NO
    reader = FileReader(channel)
    assert reader.read(FileId.COM) == COM
    assert reader.read(FileId.DG2) == bytes.fromhex(large)


def test_a_chip_that_names_ever_smaller_lengths_is_given_up() -> None:
    class Shrinking:
        atr = b""
        asked = 0

        def transmit(self, apdu: bytes) -> tuple[bytes, int]:
            self.asked += 1
            return b"", 0x6C00 | max((apdu[-1] or SHORT_MAX) - 1, 1)

    card = Shrinking()
    channel = Channel(card)
    channel.extended = Extended.NO
    with pytest.raises(FileRefused):
        FileReader(channel).read(FileId.DG1)
    assert card.asked < 3 * SHORT_MAX


@pytest.mark.parametrize("profile", ["vietnam-2021", "vietnam-2024"])
@pytest.mark.parametrize("extended", [True, False])
@pytest.mark.parametrize("longest", [100, 200, 250])
def test_a_card_that_names_its_lengths_is_read_whole_with_few_refusals(
    lay: Script, keys_of: Callable[[Any], AccessKeys], profile: str, extended: bool, longest: int
) -> None:
    card = lay(profile=profile, extended=extended, max_response=longest, over_limit="6Cxx")
    reading = read_chip(card, keys_of(card))
    content = card.card.content
    assert reading.files[FileId.DG1] == content.application[0x0101]
    assert reading.files[FileId.DG2] == content.application[0x0102]
    assert reading.files[FileId.SOD] == content.application[0x011D]
    named = [answer for _, answer in card.log if answer[-4:].startswith("6c")]
    assert len(named) <= 4  # the first command, two files below the limit (it may have been their end), one above it
