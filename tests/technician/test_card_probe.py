"""A card on the wire is asked what needs no key; the trace holds headers, lengths and times."""

from __future__ import annotations

from typing import Any

import pytest
import trio

from drivers.smartcard.connection import CardError
from drivers.smartcard.remote import RemoteCardReader
from drivers.smartcard.trace import is_emrtd
from kiosk.technician.bench import read_card
from services.journeys.prompts import Lamp
from simulators.chip.slot import Slot
from simulators.chip.world import World
from simulators.pcsc import PrivatePcscd

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
                outcome = await read_card(reader)
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
