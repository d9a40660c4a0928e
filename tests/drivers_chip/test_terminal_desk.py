"""The worker asks the kiosk for a terminal's chain and signature; whatever comes of it, the card is read."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trio

from drivers.emrtd.reading import AccessKeys, ChipReading, FileId, Proof, ReadProgress
from drivers.emrtd.terminal_file import TerminalFiles
from drivers.emrtd.terminal_signer import SignerUnavailable
from drivers.smartcard import remote, terminal_desk
from drivers.smartcard.frames import Frame
from drivers.smartcard.remote import RemoteCardReader
from drivers.smartcard.terminal_desk import AskingSigner, TerminalDesk
from simulators.chip.slot import Slot
from simulators.chip.world import World
from simulators.pcsc import PrivatePcscd

PROFILES = ("vietnam-2021", "vietnam-2024")


class Desk:
    """A desk over a laboratory's folder; the test may put anything in its place."""

    def __init__(self, world: World, folder: Path) -> None:
        world.laboratory.write(folder)
        self.files = TerminalFiles(folder)
        self.asked: list[str] = []

    async def chain(self, authority: bytes) -> Sequence[bytes]:
        self.asked.append("chain")
        return self.files.chain(authority)

    async def sign(self, data: bytes) -> bytes:
        self.asked.append("sign")
        return self.files.sign(data)


class UnknownAuthority(Desk):
    async def chain(self, authority: bytes) -> Sequence[bytes]:
        raise LookupError(authority)


class GatewayDown(Desk):
    async def chain(self, authority: bytes) -> Sequence[bytes]:
        raise OSError("no connection")


class GoneBeforeSigning(Desk):
    async def sign(self, data: bytes) -> bytes:
        raise OSError("no connection")


class Silent(Desk):
    async def sign(self, data: bytes) -> bytes:
        await trio.sleep_forever()
        raise AssertionError


class WrongSignature(Desk):
    async def sign(self, data: bytes) -> bytes:
        return self.files.sign(data + b"!")


class Rubbish(Desk):
    async def chain(self, authority: bytes) -> Sequence[bytes]:
        return [b"no certificate"]


@asynccontextmanager
async def _running(pcsc: PrivatePcscd, terminal: TerminalDesk | None) -> AsyncGenerator[RemoteCardReader, None]:
    reader = RemoteCardReader(env=pcsc.env, terminal=terminal)
    with trio.fail_after(60):
        async with trio.open_nursery() as nursery:
            await nursery.start(reader.run)
            yield reader
            nursery.cancel_scope.cancel()


def _ignore(_: ReadProgress) -> None:
    pass


def _keys(card: Any) -> AccessKeys:
    return AccessKeys(card.content.can, (card.content.mrz_information,))


def _read(pcsc: PrivatePcscd, slot: Slot, card: Any, terminal: TerminalDesk | None) -> ChipReading:
    async def read() -> ChipReading:
        async with _running(pcsc, terminal) as reader:
            slot.insert(card)
            return await reader.read(await reader.inserted(), _keys(card), b"12345678", _ignore)
        raise AssertionError

    return trio.run(read)


@pytest.mark.wire
@pytest.mark.parametrize("profile", PROFILES)
def test_with_a_desk_the_fingers_are_read(
    pcsc: PrivatePcscd, slot: Slot, world: World, tmp_path: Path, profile: str
) -> None:
    desk = Desk(world, tmp_path)
    card = world.card({"profile": profile})
    reading = _read(pcsc, slot, card, desk)
    assert reading.transcript.terminal_authentication, reading.transcript.failed
    assert reading.files[FileId.DG3] == card.content.application[0x0103]
    assert reading.transcript.active_authentication is not None
    assert desk.asked[-1] == "sign"


@pytest.mark.wire
@pytest.mark.parametrize("profile", PROFILES)
def test_without_a_desk_nobody_asks_for_fingers(pcsc: PrivatePcscd, slot: Slot, world: World, profile: str) -> None:
    reading = _read(pcsc, slot, world.card({"profile": profile}), None)
    assert FileId.DG3 not in reading.files
    assert FileId.DG3 not in reading.refused
    assert reading.transcript.failed == {}


@pytest.mark.wire
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (UnknownAuthority, "no certificate chain"),
        (GatewayDown, "no certificate chain"),
        (GoneBeforeSigning, "no signature came"),
        (Silent, "no signature came"),
        (WrongSignature, "refuses the signature"),
        (Rubbish, "the terminal's own certificate"),
    ],
)
def test_a_desk_that_cannot_help_costs_the_fingers_and_nothing_else(
    pcsc: PrivatePcscd,
    slot: Slot,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[Desk],
    said: str,
) -> None:
    monkeypatch.setattr(remote, "PATIENCE_SECONDS", 0.3)
    _is_read_without_fingers(_read(pcsc, slot, world.card({}), kind(world, tmp_path)), said)


@pytest.mark.wire
def test_a_card_that_trusts_another_authority_keeps_its_fingers(
    pcsc: PrivatePcscd, slot: Slot, world: World, tmp_path: Path
) -> None:
    """The chain of another world: the same name, another key."""
    reading = _read(pcsc, slot, world.card({}), Desk(World(), tmp_path))
    _is_read_without_fingers(reading, "refuses the certificate")


def _is_read_without_fingers(reading: ChipReading, said: str) -> None:
    assert not reading.transcript.terminal_authentication
    assert said in reading.transcript.failed[Proof.TERMINAL_AUTHENTICATION]
    assert FileId.DG3 not in reading.files
    assert {FileId.DG1, FileId.DG2, FileId.DG13, FileId.SOD} <= reading.files.keys()
    assert reading.transcript.active_authentication is not None


@pytest.mark.wire
def test_who_leaves_while_the_desk_thinks_leaves_a_worker_that_goes_on(
    pcsc: PrivatePcscd, slot: Slot, world: World, tmp_path: Path
) -> None:
    async def test() -> None:
        thinking = trio.Event()

        class Thinking(Desk):
            async def chain(self, authority: bytes) -> Sequence[bytes]:
                thinking.set()
                await trio.sleep_forever()
                raise AssertionError

        async with _running(pcsc, Thinking(world, tmp_path)) as reader:
            card = world.card({})
            slot.insert(card)
            lying = await reader.inserted()
            pid = reader.worker_pid
            async with trio.open_nursery() as nursery:
                nursery.start_soon(reader.read, lying, _keys(card), None, _ignore)
                await thinking.wait()
                nursery.cancel_scope.cancel()
            assert await reader.opens(lying, _keys(card))
            assert reader.worker_pid == pid

    trio.run(test)


class Pipe:
    """Frames the signer sent, and who answers them."""

    def __init__(self) -> None:
        self.sent: list[Frame] = []
        self.signer = AskingSigner(self.send, 7, lambda: None)
        self.answers: list[Frame] = []

    def send(self, frame: Frame) -> None:
        self.sent.append(frame)
        if self.answers:
            threading.Thread(target=self.signer.told, args=(self.answers.pop(0),)).start()


def _told(*data: bytes, number: int = 7) -> Frame:
    return {"type": "told", "id": number, "answer": [b64encode(each).decode() for each in data]}


def test_a_question_is_one_pair_of_frames() -> None:
    pipe = Pipe()
    pipe.answers = [_told(b"dv", b"terminal"), _told(b"signature")]
    assert pipe.signer.chain(b"VNCVCA00001") == [b"dv", b"terminal"]
    assert pipe.signer.sign(b"data") == b"signature"
    assert [(frame["type"], frame["id"], frame["what"]) for frame in pipe.sent] == [
        ("ask", 7, "chain"),
        ("ask", 7, "sign"),
    ]


def test_an_answer_for_another_job_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_desk, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(terminal_desk, "_MARGIN_SECONDS", 0.2)
    pipe = Pipe()
    pipe.answers = [_told(b"signature", number=6)]
    with pytest.raises(SignerUnavailable):
        pipe.signer.sign(b"data")
    pipe.signer.told(_told(b"late"))
    with pytest.raises(SignerUnavailable):
        pipe.signer.sign(b"other data")
    assert len(pipe.sent) == 1, "after silence nothing more is asked"


def test_a_refusal_is_an_unknown_authority_or_no_signature() -> None:
    pipe = Pipe()
    refusal: Frame = {"type": "told", "id": 7, "answer": None}
    pipe.answers = [refusal, refusal]
    with pytest.raises(LookupError):
        pipe.signer.chain(b"VNCVCA00001")
    with pytest.raises(SignerUnavailable):
        pipe.signer.sign(b"data")


def test_a_job_that_nobody_wants_any_more_waits_for_no_answer() -> None:
    class Unwanted(Exception):
        pass

    def stop() -> None:
        raise Unwanted

    with pytest.raises(Unwanted):
        AskingSigner(lambda _: None, 1, stop).sign(b"data")


@pytest.mark.parametrize(
    "frame", [{}, {"what": "chain"}, {"what": "x", "data": ""}, {"what": "sign", "data": "?"}, {"what": 1, "data": 2}]
)
def test_a_broken_question_has_no_answer(world: World, tmp_path: Path, frame: Frame) -> None:
    async def ask() -> None:
        with pytest.raises((KeyError, ValueError, TypeError)):
            await terminal_desk.answer(Desk(world, tmp_path), frame)

    run: Callable[..., None] = trio.run
    run(ask)
