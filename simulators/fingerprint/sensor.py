"""What the module does: hears commands, answers them, holds one picture, and fails in the ways it was told to.

Written from the maker's tables (docs/fingerprint.md), apart from the driver: a shared mistake would cancel out.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from simulators.fingerprint.wire import Unplugged, Wire

FAMILIES = ("r503", "zfm70", "plain")
FAULTS = (
    "cut", "cut-answer", "checksum", "checksum-answer", "silence", "size", "boot-byte", "stale", "ghost", "messy",
    "few", "failed", "unknown", "stays",
)  # fmt: skip
"""cut, checksum, size: in the next picture · cut-answer, checksum-answer: in the next answer · silence: the next
command is not answered · boot-byte: 0x55 in the middle of the next answer's wait · stale: noise before the next
answer · ghost: the next capture with nothing on the glass says "captured" · messy, few, failed, unknown (0x17): codes
of the next capture · stays: the next change of speed is confirmed and not done."""
_CAPTURE_CODES = {"messy": 0x06, "few": 0x07, "failed": 0x03, "unknown": 0x17}


@dataclass
class Body:
    """How this module is made."""

    family: str = "plain"
    width: int = 256
    height: int = 288
    password: int = 0
    top_baud: int = 921_600
    """It refuses higher ones (code 1A)."""
    capture_seconds: float = 0.1
    """From the command to the picture in the buffer."""
    gap_seconds: float = 0.0
    """Between two packets of a picture."""
    packet: int = 2
    """System parameter 6."""
    faults: dict[str, int] = field(default_factory=dict[str, int])
    """What to do wrong, and how often."""


class Sensor(threading.Thread):
    """Serves one wire until `stop`; `glass` gives the grey pixels under the finger, None without one."""

    def __init__(self, wire: Wire, body: Body, glass: Callable[[], bytes | None]) -> None:
        super().__init__(name="fingerprint", daemon=True)
        self._wire = wire
        self.body = body
        self._glass = glass
        self._held = bytearray()
        self._picture: bytes | None = None
        self._over = threading.Event()
        self.unlocked = body.password == 0
        self.light = False
        self.heard: list[int] = []
        """Commands so far."""
        self.uploads = 0

    def run(self) -> None:
        """Until stopped; an unplugged module waits for power."""
        while not self._over.is_set():
            try:
                self._held += self._wire.receive(0.1)
                while (command := self._command()) is not None:
                    self._obey(*command)
            except Unplugged:
                self._held.clear()
                self._over.wait(0.05)

    def stop(self) -> None:
        """End the thread."""
        self._over.set()
        self.join(3)

    def power_up(self) -> None:
        """Forget the picture, say 0x55 as some modules do."""
        self._picture = None
        self.unlocked = self.body.password == 0
        self._wire.send(b"\x55")

    def _command(self) -> tuple[int, bytes] | None:
        """The next whole command; noise is skipped."""
        while len(self._held) >= 2:
            if self._held[0] != 0xEF or self._held[1] != 0x01:
                del self._held[0]
                continue
            if len(self._held) < 9:
                return None
            size = self._held[7] << 8 | self._held[8]
            if size < 3 or size > 300:
                del self._held[0]
                continue
            if len(self._held) < 9 + size:
                return None
            frame = bytes(self._held[: 9 + size])
            del self._held[: 9 + size]
            total = sum(frame[6:-2]) % 65_536
            if frame[6] != 0x01 or frame[2:6] != b"\xff\xff\xff\xff":
                continue
            if total != frame[-2] * 256 + frame[-1]:
                self._answer(0x01)
                continue
            return frame[9], frame[10:-2]
        return None

    def _obey(self, command: int, arguments: bytes) -> None:
        self.heard.append(command)
        if self._fails("silence"):
            return
        if not self.unlocked and command != 0x13:
            self._answer(0x21)
            return
        match command:
            case 0x13:
                self.unlocked = int.from_bytes(arguments, "big") == self.body.password
                self._answer(0x00 if self.unlocked else 0x13)
            case 0x0F:
                words = (0, 9, 200, 3, 0xFFFF, 0xFFFF, self.body.packet, self._wire.baud // 9600)
                self._answer(0x00, b"".join(word.to_bytes(2, "big") for word in words))
            case 0x0E if len(arguments) == 2:
                self._set(arguments[0], arguments[1])
            case 0x01:
                self._capture(exacting=False)
            case 0x28 if self.body.family == "r503":
                self._capture(exacting=True)
            case 0x0A:
                self._upload()
            case 0x40 if self.body.family == "r503":
                self._answer(0x00)
            case 0x3C if self.body.family == "r503":
                self._answer(0x00, self._product())
            case 0x35 if self.body.family == "r503" and len(arguments) == 4:
                self.light = arguments[0] != 4
                self._answer(0x00)
            case 0x53 if self.body.family == "zfm70":
                self._answer(0x55)
            case 0x50 | 0x51 if self.body.family == "zfm70":
                self.light = command == 0x50
                self._answer(0x00)
            case _:
                # Modules differ in what they say to a command they do not know; this one says "packet error".
                self._answer(0x01)

    def _set(self, parameter: int, value: int) -> None:
        baud = value * 9600
        if parameter == 4 and 9600 <= baud <= self.body.top_baud:
            self._answer(0x00)
            if not self._fails("stays"):
                self._wire.baud = baud
        elif parameter == 6 and value <= 3:
            self.body.packet = value
            self._answer(0x00)
        else:
            self._answer(0x1A)

    def _capture(self, *, exacting: bool) -> None:
        time.sleep(self.body.capture_seconds)
        for fault, code in _CAPTURE_CODES.items():
            if self._fails(fault):
                self._answer(code)
                return
        grey = self._glass()
        if grey is None and self._fails("ghost"):
            grey = bytes([230]) * (self.body.width * self.body.height)
        if grey is None:
            self._answer(0x02)
            return
        faint = max(grey) - min(grey) < 60
        self._picture = bytes(
            (grey[at] & 0xF0) | (grey[at + 1] >> 4) for at in range(0, self.body.width * self.body.height, 2)
        )
        self._answer(0x07 if exacting and faint else 0x00)

    def _upload(self) -> None:
        if self._picture is None:
            self._answer(0x15)
            return
        self._answer(0x00)
        self.uploads += 1
        data = self._picture[: len(self._picture) * 2 // 3] if self._fails("size") else self._picture
        step = 32 << self.body.packet
        broken, cut = self._fails("checksum"), self._fails("cut")
        stream = bytearray()
        for at in range(0, len(data), step):
            frame = bytearray(self._frame(0x02 if at + step < len(data) else 0x08, data[at : at + step]))
            if at // step == 20 and broken:
                frame[-1] ^= 0x40
            if at // step == 30 and cut:
                self._wire.send(bytes(stream) + bytes(frame[: len(frame) // 2]))
                return
            if self.body.gap_seconds:
                self._wire.send(bytes(frame))
                time.sleep(self.body.gap_seconds)
            else:
                stream += frame
        if stream:
            self._wire.send(bytes(stream))

    def _product(self) -> bytes:
        text = b"SIM-R503".ljust(16, b"\0") + b"0001" + b"SIM00001" + b"\x01\x00" + b"SIMGLASS"
        sizes = (self.body.width, self.body.height, 1536, 200)
        return text + b"".join(size.to_bytes(2, "big") for size in sizes)

    def _answer(self, code: int, rest: bytes = b"") -> None:
        frame = bytearray(self._frame(0x07, bytes([code]) + rest))
        if self._fails("boot-byte"):
            self._wire.send(b"\x55")
        if self._fails("stale"):
            self._wire.send(bytes.fromhex("00 ef ef 02 55 ef 01 ff ff"))
        if self._fails("checksum-answer"):
            frame[-1] ^= 0x01
        if self._fails("cut-answer"):
            del frame[len(frame) // 2 :]
        self._wire.send(bytes(frame))

    @staticmethod
    def _frame(kind: int, payload: bytes) -> bytes:
        inner = bytes([kind]) + (len(payload) + 2).to_bytes(2, "big") + payload
        return b"\xef\x01\xff\xff\xff\xff" + inner + (sum(inner) % 65_536).to_bytes(2, "big")

    def _fails(self, fault: str) -> bool:
        left = self.body.faults.get(fault, 0)
        if left:
            self.body.faults[fault] = left - 1
        return left > 0
