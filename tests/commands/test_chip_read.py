"""`kiosk chip read` on the real wire: pcscd, vpcd and the virtual card; each fault with its verdict and exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulators import citizens
from simulators.chip.slot import Slot
from simulators.chip.world import World
from simulators.pcsc import READERS, PrivatePcscd

pytestmark = pytest.mark.wire

ROOT = Path(__file__).parents[2]
PERSON = citizens.load("khang")
QR = ("--qr", PERSON.qr_text())
LAST: Counter[int] = Counter()
"""The slot of the last card, by the port of the daemon."""


@pytest.fixture(scope="module")
def pcsc() -> Iterator[PrivatePcscd]:
    with PrivatePcscd() as daemon:
        yield daemon


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World({"photo_bytes": 4000})
    made.write_trust(tmp_path_factory.mktemp("trust"))
    return made


@pytest.fixture
def chip(pcsc: PrivatePcscd, world: World) -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    """Lay a card with the given options down and run `kiosk chip read` with the given words.

    Cards change slots: pcscd 1.9.9 overlooks one that comes to a slot within its poll of 400 ms after the last one.
    A slot that is wanted twice gets its card at the speed of a hand.
    """
    slots = Slot(pcsc.port), Slot(pcsc.port + 1)

    def run(card: dict[str, object] | None, *words: str, trust: bool = True, wait: str = "5", slot: int | None = None):
        if card is not None:
            for other in slots:
                other.remove()
            chosen = (LAST[pcsc.port] + 1) % 2 if slot is None else slot
            if chosen == LAST[pcsc.port]:
                time.sleep(1.0)
            LAST[pcsc.port] = chosen
            slots[chosen].insert(world.card(card))
        store = ("--trust", str(world._trust)) if trust else ()
        return subprocess.run(
            [sys.executable, "-m", "kiosk", "chip", "read", "--json", "--wait", wait, *store, *words],
            env={**os.environ, **pcsc.env},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    yield run
    for slot in slots:
        slot.remove()


def test_a_genuine_card_is_read_whole(chip, tmp_path):
    dump, photo = tmp_path / "dump", tmp_path / "photo.jpg"
    done = chip({"citizen": "khang"}, *QR, "--nonce", "0102030405060708", "--dump", str(dump), "--photo", str(photo))
    report = json.loads(done.stdout)
    assert (done.returncode, report["result"], report["level"]) == (0, "genuine", "chip-genuine"), done.stderr
    assert report["verdicts"]["passive"]["outcome"] == "trusted"
    assert report["verdicts"]["active"]["outcome"] == "passed"
    assert report["verdicts"]["active"]["nonce"] == "0102030405060708"
    assert report["groups"]["DG1"]["number"] == PERSON.number
    assert report["groups"]["DG13"]["fields"]["2"] == [PERSON.name]
    assert report["access"]["protocol"] in {"BAC", "PACE"}
    assert report["figures"]["apdus"] > 5
    assert report["figures"]["milliseconds_to_dg1"] < report["figures"]["milliseconds"]
    assert photo.read_bytes().startswith(b"\xff\xd8\xff")
    assert photo.stat().st_mode & 0o077 == 0 and dump.stat().st_mode & 0o077 == 0
    assert {"EF_COM.bin", "EF_DG1.bin", "EF_SOD.bin"} <= {path.name for path in dump.iterdir()}


def test_reports_keep_the_published_schema(chip, chip_schema):
    for card, words in (({"citizen": "khang"}, QR), ({"citizen": "khang", "altered": ["SOD"]}, QR), (None, QR)):
        chip_schema.check(json.loads(chip(card, *words).stdout))
    chip_schema.check(json.loads(chip({"citizen": "khang"}, "--can", "000000").stdout))


def test_the_dump_of_a_card_verifies_without_the_card(chip, tmp_path, world):
    assert chip({"citizen": "hoa"}, "--mrz", *citizens.load("hoa").mrz(), "--dump", str(tmp_path)).returncode == 0
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "chip", "verify", str(tmp_path), "--trust", str(world._trust), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, json.loads(done.stdout)["result"]) == (0, "genuine")


@pytest.mark.parametrize(
    ("fault", "code", "reason"),
    [
        ({"cloned": True}, 1, "the chip's signature over the nonce does not hold"),
        ({"swapped_keys": True}, 1, "failed: group-differs"),
        ({"altered": ["DG2"]}, 1, "failed: group-differs (DG2)"),
        ({"signer": "expired"}, 1, "failed: signer-not-valid-at-signing-time"),
        ({"signer": "revoked"}, 1, "failed: revoked"),
        ({"signer": "impostor"}, 1, "failed: signer-forged"),
        ({"signer": "revoked-later"}, 4, "revoked-after-signing"),
        ({"signer": "unknown-root"}, 4, "no-trust-root"),
        ({"break_signature": True}, 1, "failed: signature-wrong"),
    ],
    ids=str,
)
def test_each_fault_has_its_verdict_and_exit_code(chip, fault, code, reason):
    done = chip({"citizen": "khang", **fault}, *QR)
    report = json.loads(done.stdout)
    assert done.returncode == code, report
    assert report["reason"].startswith(reason)


def test_without_a_trust_store_a_card_is_read_but_not_proven(chip):
    done = chip({"citizen": "khang"}, *QR, trust=False)
    assert (done.returncode, json.loads(done.stdout)["result"]) == (4, "not-proven")


def test_a_card_without_any_proof_of_the_chip_is_not_proven(chip):
    bare = {"active_authentication": None, "chip_authentication": [], "terminal_authentication": False}
    done = chip({"citizen": "khang", "profile_changes": bare}, *QR)
    report = json.loads(done.stdout)
    assert (done.returncode, report["verdicts"]["passive"]["outcome"]) == (4, "trusted"), report


@pytest.mark.parametrize("id", ["sau", "na", "dai"])
def test_a_card_opens_with_its_code_alone_whatever_is_known_of_the_birth(chip, id, tmp_path):
    person = citizens.load(id)
    done = chip({"citizen": id}, "--qr", person.qr_text(), "--dump", str(tmp_path))
    report = json.loads(done.stdout)
    assert (done.returncode, report["groups"]["DG1"]["number"]) == (0, person.number), report
    assert (tmp_path / "EF_CardAccess.bin").exists() is (report["access"]["protocol"] == "PACE")


def test_another_persons_code_does_not_open_the_card(chip):
    done = chip({"citizen": "khang"}, "--qr", citizens.load("hoa").qr_text())
    report = json.loads(done.stdout)
    assert (done.returncode, report["result"], report["reason"]) == (2, "not-readable", "access-denied")


def test_no_card_is_not_readable(chip):
    done = chip(None, *QR, wait="0")
    assert (done.returncode, json.loads(done.stdout)["result"]) == (2, "not-readable")


def test_a_reader_of_that_name_is_missing(chip):
    done = chip(None, *QR, "--reader", "no such reader", wait="0")
    assert (done.returncode, json.loads(done.stdout)["reason"]) == (2, "no-reader")
    assert chip({"citizen": "khang"}, *QR, "--reader", READERS[0].lower(), slot=0).returncode == 0


def test_a_mute_card_ends_the_program_in_time(chip):
    done = chip({"citizen": "khang", "mute_at": 6}, *QR, "--timeout", "2")
    assert (done.returncode, json.loads(done.stdout)["reason"]) == (2, "mute")


def test_a_passport_is_read_by_its_zone(chip, world):
    from simulators.chip import document

    done = chip({"passport": "erika"}, "--mrz", *document.passport("erika").mrz)
    report = json.loads(done.stdout)
    assert (done.returncode, report["groups"]["DG1"]["number"]) == (0, None), report
    assert report["groups"]["DG11"]["name"]["surname"]
    assert report["groups"]["DG12"]["issued"]
    assert all("error" not in group for group in report["groups"].values())


def test_a_laboratorys_terminal_reads_the_fingers(chip, chip_schema, tmp_path, world):
    laboratory, dump = tmp_path / "laboratory", tmp_path / "dump"
    laboratory.mkdir()
    world.laboratory.write(laboratory)
    done = chip({"citizen": "khang"}, *QR, "--terminal", str(laboratory), "--dump", str(dump))
    report = json.loads(done.stdout)
    chip_schema.check(report)
    assert (done.returncode, report["verdicts"]["terminal"]) == (0, {"outcome": "accepted", "reason": ""}), report
    assert report["groups"]["DG3"]["fingers"]
    assert report["files"]["EF.DG3"]["bytes"] == (dump / "EF_DG3.bin").stat().st_size
    assert report["verdicts"]["passive"]["groups"]["DG3"] == "matches"


def test_a_terminal_of_another_country_reads_all_but_the_fingers(chip, chip_schema, tmp_path):
    World().laboratory.write(tmp_path)
    done = chip({"citizen": "khang"}, *QR, "--terminal", str(tmp_path))
    report = json.loads(done.stdout)
    chip_schema.check(report)
    assert (done.returncode, report["verdicts"]["terminal"]["outcome"]) == (0, "refused"), report
    assert report["verdicts"]["terminal"]["reason"]
    assert "EF.DG3" not in report["files"]
    assert report["groups"]["DG13"]["fields"]["2"] == [PERSON.name]


def test_without_a_terminal_the_fingers_are_not_asked_for(chip):
    report = json.loads(chip({"citizen": "khang"}, *QR).stdout)
    assert report["verdicts"]["terminal"]["outcome"] == "not-done"
    assert "EF.DG3" not in report["files"] | report["refused"]
