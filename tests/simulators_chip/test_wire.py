"""The virtual card through pcscd and vpcd: laid down, read, pulled away, mute, swapped, and through a restart."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from simulators.chip.slot import Slot
from simulators.chip.world import World
from simulators.pcsc import PrivatePcscd

pytestmark = pytest.mark.wire

SELECT = "00A4040C07A0000002471001"
CHALLENGE = "0084000008"
OK = "9000"
Client = Any
StartClient = Callable[[PrivatePcscd], Client]


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture
def slot(pcsc: PrivatePcscd, pcsc_client: StartClient) -> Iterator[Slot]:
    slot = Slot(pcsc.port)
    yield slot
    slot.remove()
    assert pcsc_client(pcsc).ask("absent", 20) is not None


def test_a_card_is_seen_and_answers_raw_commands(
    pcsc: PrivatePcscd, slot: Slot, world: World, pcsc_client: StartClient
) -> None:
    client = pcsc_client(pcsc)
    slot.insert(world.card({}))
    assert client.ask("present", 20) is not None
    assert client.ask("connect") == 0
    assert client.ask("exchange", SELECT) == [0, OK]
    assert client.ask("exchange", "00B0810004") == [0, "6982"]
    code, answer = client.ask("exchange", CHALLENGE)
    assert (code, len(answer), answer[-4:]) == (0, 20, OK)
    assert client.ask("exchange", "00A4020C022F01") == [0, "6982"]
    assert slot.apdus == 4


def test_a_card_that_is_no_travel_document_has_no_application(
    pcsc: PrivatePcscd, slot: Slot, world: World, pcsc_client: StartClient
) -> None:
    client = pcsc_client(pcsc)
    slot.insert(world.card({"not_emrtd": True}))
    assert client.ask("present", 20) is not None
    client.ask("connect")
    assert client.ask("exchange", SELECT) == [0, "6A82"]


def test_a_removed_card_is_gone_and_a_new_one_is_another_event(
    pcsc: PrivatePcscd, slot: Slot, world: World, pcsc_client: StartClient
) -> None:
    client = pcsc_client(pcsc)
    counters: list[int] = []
    for person in ("khang", "hoa", "khang"):
        slot.insert(world.card({"citizen": person}))
        counters.append(client.ask("present", 20))
        slot.remove()
        assert client.ask("absent", 20) is not None
    assert len(set(counters)) == 3 and None not in counters


def test_a_swap_without_a_pause_is_still_two_events(
    pcsc: PrivatePcscd, slot: Slot, world: World, pcsc_client: StartClient
) -> None:
    client = pcsc_client(pcsc)
    slot.insert(world.card({"citizen": "khang"}))
    before = client.ask("present", 20)
    for person in ("hoa", "khang", "hoa"):
        client.ask("connect")
        assert client.ask("exchange", SELECT) == [0, OK]
        slot.insert(world.card({"citizen": person}))
        after = client.ask("present", 20)
        while after == before:
            after = client.ask("present", 20)
        before = after


def test_a_card_torn_away_in_mid_command_gives_an_empty_answer(
    pcsc: PrivatePcscd, slot: Slot, world: World, pcsc_client: StartClient
) -> None:
    client = pcsc_client(pcsc)
    slot.insert(world.card({"tear_at": 2}))
    assert client.ask("present", 20) is not None
    client.ask("connect")
    assert client.ask("exchange", SELECT) == [0, OK]
    assert client.ask("exchange", CHALLENGE)[1] == ""
    assert client.ask("absent", 20) is not None
    assert slot.torn and slot.card is None


def test_a_mute_card_never_answers_until_it_is_taken_away(
    pcsc: PrivatePcscd, slot: Slot, world: World, pcsc_client: StartClient
) -> None:
    client = pcsc_client(pcsc)
    slot.insert(world.card({"mute_at": 1}))
    assert client.ask("present", 20) is not None
    client.ask("connect")
    client.send("exchange", SELECT)
    slot.remove()
    assert client.receive()[1] == ""


def test_faults_at_a_chosen_command(pcsc: PrivatePcscd, slot: Slot, world: World, pcsc_client: StartClient) -> None:
    client = pcsc_client(pcsc)
    slot.insert(world.card({"status_at": {"1": "6F00"}, "absurd_length_at": 3}))
    assert client.ask("present", 20) is not None
    client.ask("connect")
    assert client.ask("exchange", SELECT) == [0, "6F00"]
    assert client.ask("exchange", SELECT) == [0, OK]
    assert client.ask("exchange", CHALLENGE)[1].startswith("8784FFFFFFFF")


def test_the_card_is_still_there_when_the_daemon_comes_back(world: World, pcsc_client: StartClient) -> None:
    with PrivatePcscd() as daemon:
        slot = Slot(daemon.port)
        slot.insert(world.card({}))
        client = pcsc_client(daemon)
        assert client.ask("present", 20) is not None
        daemon.restart()
        assert client.ask("present", 0.1) is None
        assert client.ask("context") == 0
        assert client.ask("present", 20) is not None
        client.ask("connect")
        assert client.ask("exchange", SELECT) == [0, OK]
        slot.remove()


def test_the_second_slot_is_another_reader(pcsc: PrivatePcscd, world: World, pcsc_client: StartClient) -> None:
    slot = Slot(pcsc.port + 1)
    slot.insert(world.card({}))
    assert pcsc_client(pcsc).ask("present", 1) is None
    slot.remove()


def test_the_process_obeys_the_control_convention(pcsc: PrivatePcscd, pcsc_client: StartClient, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simulators.chip", "--vpcd", str(pcsc.port), "--radio"]
    command += ["--trust-out", str(tmp_path / "trust"), "--terminal-out", str(tmp_path / "terminal")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    ready = json.loads(process.stdout.readline())
    control = ready["control"]
    assert {path.suffix for path in (tmp_path / "trust").iterdir()} == {".cer", ".crl"}
    assert {path.name for path in (tmp_path / "terminal").iterdir()} == {
        "cvca.cvcert",
        "dv.cvcert",
        "is.cvcert",
        "is.pem",
    }
    client = pcsc_client(pcsc)
    state = requests.post(f"{control}/insert", json={"citizen": "tam"}, timeout=10).json()
    assert state["citizen"] == "tam" and state["total_bytes"] > 20_000
    assert client.ask("present", 20) is not None
    wrong = requests.post(f"{control}/insert", json={"colour": "red"}, timeout=10)
    assert wrong.status_code == 422 and "colour" in wrong.json()["error"]
    assert requests.post(f"{control}/insert", json={"citizen": "nobody"}, timeout=10).status_code == 422
    assert requests.get(f"{control}/state", timeout=10).json()["citizen"] == "tam"
    assert requests.post(f"{control}/remove", json={}, timeout=10).json()["citizen"] is None
    assert client.ask("absent", 20) is not None
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()
