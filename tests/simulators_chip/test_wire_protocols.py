"""Each protocol from end to end: the product's reader, pcscd, vpcd and the virtual card in processes of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from simulators.chip.slot import Slot
from simulators.chip.world import World
from simulators.pcsc import PrivatePcscd

pytestmark = pytest.mark.wire

CHIP = [{"parameters": 13, "suites": ["AES-128"]}]


@pytest.fixture(scope="module")
def world() -> World:
    return World({"photo_bytes": 9000})


@pytest.fixture
def read_over_the_wire(
    pcsc: PrivatePcscd, world: World, pcsc_client: Callable[[PrivatePcscd], Any]
) -> Iterator[Callable[..., dict[str, Any]]]:
    slot, client = Slot(pcsc.port), pcsc_client(pcsc)

    def read(options: dict[str, Any], *, can: bool = False) -> dict[str, Any]:
        slot.remove()
        assert client.ask("absent", 20) is not None
        card = world.card(options)
        slot.insert(card)
        assert client.ask("present", 20) is not None
        assert client.ask("connect") == 0
        return client.ask("read", card.content.can if can else "-", card.content.mrz_information)

    yield read
    slot.remove()
    assert client.ask("absent", 20) is not None


@pytest.mark.parametrize("habit", [{}, {"extended": False}, {"max_response": 2000}], ids=str)
def test_basic_access(read_over_the_wire: Callable[..., dict[str, Any]], habit: dict[str, Any]) -> None:
    found = read_over_the_wire({"citizen": "khang", **habit})
    assert found["access"].startswith("BAC")
    assert found["active"] == 128
    assert found["chip"] == "0.4.0.127.0.7.2.2.3.2.1"
    assert {"DG1", "DG2", "DG13", "DG14", "DG15", "SOD"} <= set(found["files"])


@pytest.mark.parametrize(
    ("protocol", "parameters"),
    [
        ("ECDH-GM-AES-128", 13),
        ("ECDH-GM-3DES", 12),
        ("DH-GM-AES-192", 1),
        ("ECDH-IM-AES-256", 18),
        ("DH-IM-AES-128", 2),
        ("ECDH-CAM-AES-256", 16),
    ],
)
def test_pace_with_chip_authentication(
    read_over_the_wire: Callable[..., dict[str, Any]], protocol: str, parameters: int
) -> None:
    pace = [{"protocol": protocol, "parameters": parameters}]
    changes = {"pace": pace, "basic_access": False, "chip_authentication": CHIP}
    found = read_over_the_wire({"citizen": "hoa", "profile_changes": changes}, can=True)
    agreement, mapping, *_ = protocol.split("-")
    assert found["access"].startswith(f"PACE-{agreement}-{mapping}")
    assert found["chip"] is not None and found["active"] == 64
    assert "DG13" in found["files"]


def test_a_passport_with_everything(read_over_the_wire: Callable[..., dict[str, Any]]) -> None:
    found = read_over_the_wire({"passport": "erika"})
    assert {"CARD_ACCESS", "CARD_SECURITY", "DG1", "DG2", "DG11", "DG12", "DG14", "DG15", "SOD"} <= set(found["files"])


def test_the_radio_model_costs_time_and_no_more_commands(read_over_the_wire: Callable[..., dict[str, Any]]) -> None:
    fast = read_over_the_wire({"citizen": "tam"})
    slow = read_over_the_wire({"citizen": "tam", "delay_ms": 10, "kbit_s": 212})
    assert fast["apdus"] == slow["apdus"]
