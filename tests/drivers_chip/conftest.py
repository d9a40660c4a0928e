"""Vectors of the standard, and a connection that replays a written dialogue."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from drivers.emrtd.reading import AccessKeys
from simulators.chip.slot import Slot
from simulators.chip.world import World
from simulators.pcsc import PrivatePcscd

VECTORS = Path(__file__).parents[1] / "vectors" / "emrtd.json"


@pytest.fixture(scope="session")
def vectors() -> dict[str, dict[str, Any]]:
    """Name to values, as in the standard's appendices."""
    document = json.loads(VECTORS.read_text(encoding="utf-8"))
    return {name: entry["values"] for name, entry in document.items()}


class Dialogue:
    """A card that answers exactly the commands of its script, in order; a response is data and status word."""

    atr = b""

    def __init__(self, *exchanges: tuple[str, str]) -> None:
        self.exchanges = list(exchanges)

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        assert self.exchanges, f"no command expected, but {apdu.hex()} came"
        command, response = self.exchanges.pop(0)
        assert apdu == bytes.fromhex(command), f"{apdu.hex()} instead of {command}"
        answer = bytes.fromhex(response)
        return answer[:-2], int.from_bytes(answer[-2:], "big")


@pytest.fixture
def dialogue() -> Callable[..., Dialogue]:
    return Dialogue


class Files:
    """A card without secure messaging that holds files by short identifier, with the limits real cards have.

    `longest` bytes of data at most in an answer; `extended` False answers 6700 to an extended APDU; `truncates` False
    answers 6700 when more than `longest` is asked for.
    """

    atr = b""

    def __init__(
        self, files: dict[int, bytes], *, extended: bool = True, longest: int = 65535, truncates: bool = True
    ) -> None:
        self.files = files
        self.extended = extended
        self.longest = longest
        self.truncates = truncates
        self.current: bytes | None = None
        self.log: list[str] = []

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        self.log.append(apdu.hex())
        ins, p1, p2 = apdu[1:4]
        long = len(apdu) > 5 and apdu[4] == 0
        if long and not self.extended:
            return b"", 0x6700
        if ins == 0xB1:
            size = apdu[4 + (2 if long else 0)]
            body = apdu[5 + (2 if long else 0) :][:size]
            offset = int.from_bytes(body[2:], "big")
        elif ins == 0xB0:
            offset = p2 if p1 & 0x80 else p1 << 8 | p2
            if p1 & 0x80:
                self.current = self.files.get(p1 & 0x1F)
        elif ins == 0xA4:
            self.current = self.files.get(apdu[6])
            return b"", 0x9000 if self.current is not None else 0x6A82
        else:
            return b"", 0x6D00
        if self.current is None:
            return b"", 0x6A82
        wanted = int.from_bytes(apdu[-2:], "big") or 65536 if long else apdu[-1] or 256
        room = self.longest
        if wanted > room and not self.truncates:
            return b"", 0x6700
        if offset >= len(self.current):
            return b"", 0x6B00
        if ins == 0xB0:
            data = self.current[offset : offset + min(wanted, room)]
        else:
            piece = self.current[offset : offset + min(wanted, room) - 4]
            data = b"\x53\x82" + len(piece).to_bytes(2, "big") + piece
        return data, 0x9000


@pytest.fixture
def file_card() -> Callable[..., Files]:
    return Files


class InProcess:
    """A simulated card without a wire: APDU in, APDU out. The protocols are the simulator's own."""

    def __init__(self, card: Any) -> None:
        self.card = card
        self.atr = card.atr
        self.log: list[tuple[str, str]] = []

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        answer = self.card.process(apdu)
        self.log.append((apdu.hex(), answer.hex()))
        return answer[:-2], int.from_bytes(answer[-2:], "big")


@pytest.fixture(scope="session")
def world() -> World:
    """Makes cards of invented people."""
    return World()


@pytest.fixture
def lay(world: World) -> Callable[..., InProcess]:
    """Lay a simulated card down: options as for the simulator's `insert`."""
    return lambda **options: InProcess(world.card(options))


@pytest.fixture
def keys_of() -> Callable[[InProcess], AccessKeys]:
    """Everything that opens this card."""
    return lambda laid: AccessKeys(laid.card.content.can, (laid.card.content.mrz_information,))


@pytest.fixture
def pcsc() -> Generator[PrivatePcscd, None, None]:
    """A PC/SC service of our own; the system's is never touched."""
    with PrivatePcscd() as service:
        yield service


@pytest.fixture
def slot(pcsc: PrivatePcscd) -> Generator[Slot, None, None]:
    """The first slot of its virtual reader."""
    laid = Slot(pcsc.port)
    yield laid
    laid.remove()
