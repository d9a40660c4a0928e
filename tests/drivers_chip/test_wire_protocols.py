"""Every protocol end to end through pcscd and the virtual reader."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import trio

from drivers.emrtd.reading import AccessKeys, ChipReading, FileId, ReadProgress
from drivers.smartcard.remote import RemoteCardReader
from simulators.chip.card import Card
from simulators.chip.pace import PROTOCOLS
from simulators.chip.slot import Slot
from simulators.chip.world import World
from simulators.pcsc import READERS, PrivatePcscd

pytestmark = pytest.mark.wire
PARAMETERS = {"DH": (0, 1, 2), "ECDH": (8, 9, 11, 12, 13, 14, 15, 16, 17, 18)}
SUITES = ("3DES", "AES-128", "AES-192", "AES-256")


def _ignore(_: ReadProgress) -> None:
    pass


def _read_all(pcsc: PrivatePcscd, cards: list[Card]) -> list[ChipReading]:
    """Lay the cards down one after the other, in turn on both slots, and read each."""
    readings: list[ChipReading] = []

    async def run() -> None:
        slots = (Slot(pcsc.port), Slot(pcsc.port + 1))
        reader = RemoteCardReader(env=pcsc.env)
        with trio.fail_after(120):
            async with trio.open_nursery() as nursery:
                await nursery.start(reader.run)
                serial = -1
                for number, card in enumerate(cards):
                    place = slots[number % 2]
                    place.insert(card)
                    lying = await reader.inserted(after=serial)
                    serial = lying.serial
                    keys = AccessKeys(card.content.can, (card.content.mrz_information,))
                    readings.append(await reader.read(lying, keys, None, _ignore))
                    place.remove()
                nursery.cancel_scope.cancel()

    trio.run(run)
    return readings


def test_every_pace_protocol_opens_a_chip_on_the_wire(pcsc: PrivatePcscd, world: World) -> None:
    cards: list[Card] = []
    for number, name in enumerate(PROTOCOLS):
        known = PARAMETERS[name.split("-")[0]]
        offer = [{"protocol": name, "parameters": known[number % len(known)]}]
        cards.append(world.card({"profile": "vietnam-2024", "profile_changes": {"pace": offer}, "photo": False}))
    readings = _read_all(pcsc, cards)
    for name, reading in zip(PROTOCOLS, readings, strict=True):
        agreement, mapping, _ = name.split("-", 2)
        assert reading.transcript.access_detail.startswith(f"PACE-{agreement}-{mapping}-")
        assert FileId.DG13 in reading.files
        assert reading.transcript.chip_authentication is not None


def test_chip_authentication_proves_the_chip_on_the_wire(pcsc: PrivatePcscd, world: World) -> None:
    cards = [
        world.card(
            {
                "profile": "vietnam-2021",
                "profile_changes": {"chip_authentication": [{"parameters": parameters, "suites": [suite]}]},
                "photo": False,
            }
        )
        for parameters in (1, 17)
        for suite in SUITES
    ]
    for reading in _read_all(pcsc, cards):
        assert reading.transcript.chip_authentication is not None
        assert reading.transcript.failed == {}
        assert FileId.DG13 in reading.files


TERMINAL_TEST = """
import sys
from pathlib import Path
from drivers.emrtd.read import DEFAULT_FILES, read_chip
from drivers.emrtd.reading import AccessKeys, FileId
from drivers.emrtd.terminal_file import TerminalFiles
from drivers.smartcard.pcsc import PcscConnection
reader, folder, can, information = sys.argv[1:]
with PcscConnection(reader) as card:
    keys = AccessKeys(can, (information,))
    reading = read_chip(card, keys, wanted=DEFAULT_FILES | {FileId.DG3}, terminal=TerminalFiles(Path(folder)))
print(reading.transcript.access.value, reading.transcript.terminal_authentication, FileId.DG3 in reading.files)
"""


@pytest.mark.parametrize(("profile", "access"), [("vietnam-2021", "BAC"), ("vietnam-2024", "PACE")])
def test_terminal_authentication_opens_the_fingers_on_the_wire(
    pcsc: PrivatePcscd, slot: Slot, world: World, tmp_path: Path, profile: str, access: str
) -> None:
    world.laboratory.write(tmp_path)
    card = world.card({"profile": profile, "photo": False})
    slot.insert(card)
    wait = "import sys\nfrom benchmarks.chip.reading import await_card\nawait_card(sys.argv[1], present=True)\n"
    words = [READERS[0], str(tmp_path), card.content.can, card.content.mrz_information]
    done = subprocess.run(
        [sys.executable, "-c", wait + TERMINAL_TEST, *words],
        env={**os.environ, **pcsc.env},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.split() == [access, "True", "True"], done.stderr
