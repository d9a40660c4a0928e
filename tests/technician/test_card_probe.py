"""A card on the wire is asked what needs no key; the trace holds headers, lengths and times."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import trio

from drivers.smartcard.connection import CardError
from drivers.smartcard.remote import RemoteCardReader
from drivers.smartcard.trace import is_emrtd
from kiosk.technician.bench import read_card
from kiosk.technician.traces import CardTraces
from services.contract.diagnostics import redacted
from services.journeys.prompts import Lamp
from simulators import citizens
from simulators.chip.slot import Slot
from simulators.chip.world import World
from simulators.pcsc import PrivatePcscd


class Codes:
    """A scanner to which these codes are shown at once."""

    available = True

    def __init__(self, *codes: str) -> None:
        self._codes = list(codes)

    async def scanned(self) -> str:
        await trio.lowlevel.checkpoint()
        if not self._codes:
            await trio.sleep_forever()
        return self._codes.pop(0)


def now() -> datetime:
    return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))


pytestmark = [pytest.mark.wire, pytest.mark.trio]


async def test_the_card_test_shows_times_and_no_content() -> None:
    with PrivatePcscd() as pcsc:
        slot, card = Slot(pcsc.port), World().card({"citizen": "hoa"})
        slot.insert(card)
        reader = RemoteCardReader(env=pcsc.env)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(reader.run)
            with trio.fail_after(20):
                laid = await reader.inserted()
                lines = await reader.probe(laid)
                outcome = await read_card(reader, Codes(), CardTraces(), now)
            assert is_emrtd(lines) and outcome.lamp is Lamp.GOOD
            said = "\n".join(outcome.lines)
            assert "00 A4 04 0C" in said and "9000" in said
            access: Any = next(line for line in lines if line.header.startswith("00 B0"))
            assert access.received > 0
            slot.remove()
            with trio.fail_after(20):
                await reader.removed(laid)
                with pytest.raises(CardError):
                    await reader.probe(laid)
            nursery.cancel_scope.cancel()


async def test_with_its_code_the_whole_reading_is_traced_and_nothing_personal_comes_back() -> None:
    with PrivatePcscd() as pcsc:
        slot, hoa, traces = Slot(pcsc.port), citizens.load("hoa"), CardTraces()
        reader = RemoteCardReader(env=pcsc.env)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(reader.run)
            with trio.fail_after(60):
                while not reader.available:
                    await trio.sleep(0.05)
                outcomes: list[Any] = []

                async def test() -> None:
                    outcomes.append(await read_card(reader, Codes("rubbish", hoa.qr_text()), traces, now))

                async with trio.open_nursery() as testing:
                    testing.start_soon(test)
                    await trio.sleep(0.3)
                    slot.insert(World().card({"citizen": "hoa"}))
                (outcome,) = outcomes
                assert outcome.lamp is Lamp.GOOD and outcome.told.message == "tech.found.traced"
                assert len(outcome.table) > 10 and slot.apdus == len(outcome.table)
                assert [row[0] for row in outcome.table[:3]] == ["1", "2", "3"]
                assert {row[3] for row in outcome.table} >= {"9000"}
                said = str(outcome) + traces.text
                for personal in (hoa.number, hoa.name, hoa.number[-9:]):
                    assert personal not in said and personal.encode().hex().upper() not in said.replace(" ", "").upper()
                assert redacted(traces.text) == traces.text and traces.text.endswith("whole\n")
                # Lifted in the middle: what was exchanged until then is there, and why it broke off.
                slot.remove()
                with trio.move_on_after(5):
                    while reader.card is not None:
                        await trio.sleep(0.05)
                slot.insert(World().card({"citizen": "hoa", "remove_at_percent": 20}))
                broken = await read_card(reader, Codes(hoa.qr_text()), traces, now)
                assert broken.lamp is Lamp.FAULT and broken.code == "CR-04" and broken.table[-1][3] == "0000"
            nursery.cancel_scope.cancel()
