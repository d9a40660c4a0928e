"""The canary: known citizens walk through the kiosk, then every byte that was written is searched for them."""

from __future__ import annotations

import base64
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulators import citizens

if TYPE_CHECKING:
    from tests.wires.conftest import Kiosk

pytestmark = [pytest.mark.wire, pytest.mark.screen]
CANARIES = ("khang", "tam")
PAYER = "VO THI CANARY"
"""Some banks put the payer's name behind the text of a transfer."""
BANK = frozenset({"bank.log"})


def traces(id: str) -> dict[str, bytes]:
    """What would give this person away, in the forms a program may write it."""
    citizen = citizens.load(id)
    folded = "".join(c for c in unicodedata.normalize("NFD", citizen.name.replace("Đ", "D").replace("đ", "d"))
                     if not unicodedata.combining(c)).upper()  # fmt: skip
    surname, *given = folded.split()
    texts = {
        "number": citizen.number,
        "name": citizen.name,
        "name decomposed": unicodedata.normalize("NFD", citizen.name),
        "name escaped": citizen.name.encode("ascii", "backslashreplace").decode(),
        "name folded": folded,
        "name of the MRZ": f"{surname}<<{'<'.join(given)}",
        "address": citizen.address,
    }
    if citizen.insurance is not None:
        texts["insurance"] = citizen.insurance.card_number
    found = {kind: text.encode() for kind, text in texts.items()}
    found["number in base64"] = base64.b64encode(citizen.number.encode())[:-4]
    found["number in hex"] = citizen.number.encode().hex().encode()
    return found


def written_files(run: Path) -> list[Path]:
    """All that kiosk and gateway write: state, books, logs, journal; and the world's own settings."""
    return [path for path in run.rglob("*") if path.is_file() and "screen" not in path.relative_to(run).parts]


def found_in(run: Path, wanted: dict[str, bytes], but: frozenset[str] = frozenset()) -> list[str]:
    """Which of these traces stand in which file; `but`: names of files of other houses."""
    files = {path: path.read_bytes() for path in written_files(run) if path.name not in but}
    return [
        f"{kind} in {path.relative_to(run)}"
        for path, content in files.items()
        for kind, trace in wanted.items()
        if trace in content
    ]


def test_nothing_personal_is_left_in_any_file_after_check_ins_payments_and_failures(kiosk: Kiosk) -> None:
    kiosk.identify("khang")
    kiosk.touch("yes")
    kiosk.choose()
    kiosk.touch("take-number")
    if kiosk.until("pay-by-viet-qr", "ticket-ready").screen == "pay-by-viet-qr":
        kiosk.pay(signature=PAYER)
        kiosk.until("ticket-ready")
    kiosk.left_alone()

    kiosk["network"].control("cut")
    kiosk.identify("tam")
    kiosk.touch("yes")
    kiosk.choose()
    kiosk.touch("take-number")
    kiosk.until("ticket-ready")
    kiosk.left_alone()
    wanted = {f"{citizen}: {kind}": trace for citizen in CANARIES for kind, trace in traces(citizen).items()}
    wanted |= {"payer": PAYER.encode()}
    assert any(path.name == "outbox.db" for path in written_files(kiosk.world.run)), (
        "the kiosk's books were not looked at"
    )
    assert found_in(kiosk.world.run, wanted, BANK) == [], "while it waited"
    kiosk["network"].control("restore")
    kiosk.wait_for(kiosk.outbox_is_empty)
    assert found_in(kiosk.world.run, wanted, BANK) == [], "after it was delivered"


def test_the_search_finds_what_is_written(tmp_path: Path) -> None:
    for kind, trace in traces("tam").items():
        (tmp_path / "log").write_bytes(b"12:00 INFO " + trace)
        content = b"".join(path.read_bytes() for path in written_files(tmp_path))
        assert trace in content, kind
