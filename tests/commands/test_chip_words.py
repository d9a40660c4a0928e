"""`kiosk chip read` before any card: what the command line takes, and how it says what is wrong (exit code 3)."""

import pytest

from services.identity.keys import keys_from_mrz
from simulators import citizens
from simulators.chip.world import World

TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
"""ICAO 9303-6 appendix B."""
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
"""ICAO 9303-4 appendix B."""
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
"""ICAO 9303-5 appendix B."""
INFORMATION = {TD1: "D23145890774081221204159", TD2: "D23145890774081221204159", TD3: "L898902C3674081221204159"}
"""Document number, birth and expiry, each with its check digit (ICAO 9303-11 section 4.3.2)."""


@pytest.mark.parametrize("lines", [TD1, TD2, TD3], ids=["TD1", "TD2", "TD3"])
def test_a_zone_may_be_written_in_many_ways(lines):
    spelt = (
        lines,
        ("".join(lines),),
        ("\n".join(lines),),
        (" ".join(lines),),
        tuple(line.lower() for line in lines),
        tuple(f"  {line} " for line in lines),
        ("\r\n".join(lines) + "\r\n",),
    )
    for way in spelt:
        assert keys_from_mrz(way).mrz_information == (INFORMATION[lines],), way


def test_the_zone_of_an_id_card_gives_its_access_number_too():
    person = citizens.load("khang")
    assert keys_from_mrz(person.mrz()).can == person.number[-6:]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--mrz", *TD1[:2]), "--mrz"),
        (("--mrz", TD1[0], TD1[0], TD1[0]), "--mrz"),
        (("--mrz", "I<UTO"), "--mrz"),
        (("--mrz", ""), "--mrz"),
        (("--can", "12345"), "--can"),
        (("--can", "1234567"), "--can"),
        (("--can", "12345a"), "--can"),
        (("--can", "١٢٣٤٥٦"), "--can"),
        (("--qr", "https://example.org"), "--qr"),
        (("--qr", ""), "--qr"),
        (("--can", "123456", "--nonce", "0102"), "--nonce"),
        (("--can", "123456", "--nonce", "xyz"), "--nonce"),
        (("--can", "123456", "--trust", "/nowhere/at/all"), "/nowhere/at/all"),
        (("--can", "123456", "--terminal", "/nowhere/at/all"), "--terminal"),
        (("--can", "123456", "--qr", "x"), "not allowed with"),
        ((), "required"),
        (("--can", "123456", "--wait", "soon"), "--wait"),
    ],
    ids=str,
)
def test_a_wrong_command_line_says_what_is_wrong_and_nothing_on_standard_output(kiosk, words, said):
    outcome = kiosk("chip", "read", "--json", *words)
    assert (outcome.code, outcome.out) == (3, ""), outcome
    assert said in outcome.err


def test_a_terminals_folder_without_a_usable_key_is_a_wrong_command_line(kiosk, tmp_path):
    def refused() -> str:
        outcome = kiosk("chip", "read", "--can", "123456", "--terminal", tmp_path)
        assert (outcome.code, outcome.out) == (3, "")
        return outcome.err

    assert "exactly one private key" in refused()
    (tmp_path / "key.pem").write_text("no key")
    assert "--terminal" in refused()
    World().laboratory.write(tmp_path)
    (tmp_path / "key.pem").unlink()
    (tmp_path / "broken.cvcert").write_bytes(b"\x7f\x21\x82")
    assert "--terminal" in refused()
