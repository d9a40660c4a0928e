"""A serial fingerprint module: commands and their answers over a line, speeds agreed on, pictures fetched.

Everything is found out by asking: speed, family, capture command, picture size. A command that gets no answer, a broken
one or "packet receive error" is sent again; a picture whose packets broke is fetched again from the module's buffer.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from drivers.fingerprint.codes import (
    BAUD_PARAMETER,
    BAUD_UNIT,
    DEFAULT_ADDRESS,
    ECHO,
    HINTS,
    PACKET_PARAMETER,
    PACKET_SIZES,
    Confirmation,
    Family,
    Instruction,
    Light,
    confirmation_of,
)
from drivers.fingerprint.errors import FingerError, FingerErrorReason, FingerHint, FingerRefused
from drivers.fingerprint.line import SerialLine
from drivers.fingerprint.packets import Kind, Packet, PacketReader, encode

log = logging.getLogger(__name__)

ANSWER_SECONDS = 0.5
"""A command without a picture is answered within this."""
PROBE_SECONDS = 0.15
LOOK_SECONDS = 0.25
"""An idle module that answers neither of two questions within this is lost."""
CAPTURE_SECONDS = 2.0
"""The module itself waits up to a second for a clear picture."""
GAP_SECONDS = 0.5
"""Silence inside an upload after which it is broken."""
SENDS = 3
SETTLE_SECONDS = 0.3
"""After power-up modules take a moment before they listen (bastianraschke/pyfingerprint#34)."""
SPEEDS = (921_600, 460_800, 230_400, 115_200, 57_600)
"""Tried from the top; the first that the module confirms at that very speed is kept."""
USUAL_SPEEDS = (57_600, 115_200, 230_400, 460_800, 921_600, 38_400, 19_200, 9_600)
_CAPTURE_ANSWERS = {
    Confirmation.OK,
    Confirmation.NO_FINGER,
    Confirmation.CAPTURE_FAILED,
    Confirmation.MESSY,
    Confirmation.FEW_FEATURES,
}


@dataclass(frozen=True)
class Parameters:
    """Answer of ReadSysPara."""

    status: int
    system_id: int
    capacity: int
    security: int
    address: int
    packet_size: int
    """Payload bytes of a data packet."""
    baud: int

    @classmethod
    def read(cls, data: bytes) -> Parameters:
        """From the 16 bytes after the code. Raises FingerError (PROTOCOL)."""
        if len(data) < 16:
            raise FingerError(FingerErrorReason.PROTOCOL, f"ReadSysPara answered {len(data)} bytes")
        words = [int.from_bytes(data[at : at + 2], "big") for at in (0, 2, 4, 6, 12, 14)]
        size = PACKET_SIZES[words[4]] if words[4] < len(PACKET_SIZES) else words[4]
        address = int.from_bytes(data[8:12], "big")
        return cls(words[0], words[1], words[2], words[3], address, size, words[5] * BAUD_UNIT)


@dataclass(frozen=True)
class Product:
    """Answer of ReadProdInfo: what a module of the R503 family says of itself."""

    model: str
    width: int
    height: int

    @classmethod
    def read(cls, data: bytes) -> Product | None:
        """Model 16, batch 4, serial 8, version 2, sensor 8, width 2, height 2, templates 4; None for another layout."""
        if len(data) < 42:
            return None
        width, height = (int.from_bytes(data[at : at + 2], "big") for at in (38, 40))
        if not 64 <= width <= 1024 or not 64 <= height <= 1024:
            return None
        return cls(data[:16].split(b"\0")[0].decode("ascii", "replace").strip(), width, height)


class SensorModule:
    """One module on an open line. Blocking; one caller at a time. Raises FingerError."""

    def __init__(self, line: SerialLine, *, address: int = DEFAULT_ADDRESS, password: int = 0) -> None:
        self.line = line
        self.password = password
        self.family = Family.PLAIN
        self.product: Product | None = None
        self.parameters: Parameters | None = None
        self._address = address
        self._reader = PacketReader(address)
        self._capture = Instruction.GEN_IMG
        self._dirty = True
        self._left: list[Packet] = []
        """Data that came in the same piece as its answer."""
        self._uploaded = 0
        """Bytes of the last whole picture: what the next one's progress is measured against."""

    # --- finding and agreeing

    def find(self, speeds: Sequence[int] = USUAL_SPEEDS) -> None:
        """Ask at the line's own speed, then at the usual ones, until the password is accepted."""
        usual = self.line.baud
        for settle in (0.0, SETTLE_SECONDS):
            time.sleep(settle)
            for baud in dict.fromkeys((usual, *speeds)):
                self.line.baud = baud
                self._dirty = True
                if self._answers(sends=2 if baud == usual else 1):
                    self._get_to_know()
                    return
        raise FingerError(FingerErrorReason.SILENT, "no answer at any speed")

    def _answers(self, sends: int) -> bool:
        """Whether the module takes the password at this speed. Raises FingerError (PASSWORD)."""
        try:
            password = self.password.to_bytes(4, "big")
            code, _ = self.command(Instruction.VFY_PWD, password, seconds=PROBE_SECONDS, sends=sends)
        except FingerError as error:
            if error.reason is FingerErrorReason.SILENT or error.reason is FingerErrorReason.PROTOCOL:
                return False
            raise
        if code in {Confirmation.WRONG_PASSWORD, Confirmation.PASSWORD_FIRST}:
            raise FingerError(FingerErrorReason.PASSWORD, confirmation=code)
        return True

    def _get_to_know(self) -> None:
        self.family = self._family()
        self.parameters = self.read_parameters()
        self.product = None
        self._capture = Instruction.GEN_IMG
        if self.family is Family.R503:
            code, data = self._try(Instruction.READ_PROD_INFO)
            self.product = Product.read(data) if code == Confirmation.OK else None
            code, _ = self._try(Instruction.GET_IMAGE_EX, seconds=CAPTURE_SECONDS)
            if code in _CAPTURE_ANSWERS:
                self._capture = Instruction.GET_IMAGE_EX

    def _family(self) -> Family:
        if self._try(Instruction.HANDSHAKE)[0] == Confirmation.OK:
            return Family.R503
        if self._try(Instruction.GET_ECHO, b"\x00")[0] == ECHO:
            return Family.ZFM70
        return Family.PLAIN

    def read_parameters(self, *, seconds: float = ANSWER_SECONDS, sends: int = SENDS) -> Parameters:
        """What the module is set to."""
        code, data = self.command(Instruction.READ_SYS_PARA, seconds=seconds, sends=sends)
        if code != Confirmation.OK:
            raise FingerError(FingerErrorReason.PROTOCOL, "ReadSysPara was refused", confirmation=code)
        return Parameters.read(data)

    def go_fast(self, highest: int = SPEEDS[0]) -> int:
        """Agree on the highest speed the module confirms at that very speed, and on long packets; the speed.

        A speed is confirmed when the module, asked at it, says that it is set to it. One that is not is left again.
        """
        for baud in (speed for speed in SPEEDS if self.line.baud < speed <= highest):
            before = self.line.baud
            code, _ = self._try(
                Instruction.SET_SYS_PARA, bytes([BAUD_PARAMETER, baud // BAUD_UNIT]), seconds=ANSWER_SECONDS
            )
            if code != Confirmation.OK:
                continue
            if self._confirms(baud):
                break
            # It went somewhere that this line cannot follow, or it said yes and stayed.
            self.find((before, baud))
        self._long_packets()
        return self.line.baud

    def _confirms(self, baud: int) -> bool:
        self.line.baud = baud
        self._dirty = True
        try:
            self.parameters = self.read_parameters()
        except FingerError as error:
            if error.reason in {FingerErrorReason.SILENT, FingerErrorReason.PROTOCOL}:
                return False
            raise
        return self.parameters.baud == baud

    def _long_packets(self) -> None:
        """Payloads of 256 bytes: 4 % fewer bytes on the wire than 128, a quarter fewer than 32."""
        longest = len(PACKET_SIZES) - 1
        if self.parameters is not None and self.parameters.packet_size < PACKET_SIZES[longest]:
            self._try(Instruction.SET_SYS_PARA, bytes([PACKET_PARAMETER, longest]), seconds=ANSWER_SECONDS)

    # --- fingers

    def take_picture(self) -> int:
        """GenImg or GetImageEx: the confirmation code as sent."""
        return self.command(self._capture, seconds=CAPTURE_SECONDS)[0]

    def upload(self, progress: Callable[[int, int], None] = lambda _got, _of: None) -> bytes:
        """UpImage: the picture in the module's buffer, packed as it comes.

        `progress` hears bytes so far and expected ones (a guess until a whole picture came once); what it raises ends
        the upload. A broken upload is asked for once more: the picture still stands in the buffer.
        """
        for last in (False, True):
            code, _ = self.command(Instruction.UP_IMAGE, seconds=ANSWER_SECONDS, sends=1 if last else 2)
            if code != Confirmation.OK:
                raise FingerError(FingerErrorReason.PROTOCOL, "UpImage was refused", confirmation=code)
            try:
                data = self._stream(progress)
            except FingerError as error:
                if last or error.reason is FingerErrorReason.LOST:
                    raise
                log.warning("finger module: a picture broke off (%s), asked for again", error.detail)
                continue
            self._uploaded = len(data)
            return data
        raise AssertionError

    def _stream(self, progress: Callable[[int, int], None]) -> bytes:
        expected = self._uploaded or self._told_bytes() or 36_864
        data, wrong, skipped = bytearray(), self._reader.wrong_sums, self._reader.skipped
        self._dirty = True
        packets: list[Packet] = self._left
        self._left = []
        while True:
            for packet in packets:
                if packet.kind not in {Kind.DATA, Kind.LAST_DATA}:
                    raise FingerError(FingerErrorReason.PROTOCOL, f"packet {packet.kind:#04x} inside a picture")
                data += packet.payload
                if packet.kind == Kind.LAST_DATA:
                    self._dirty = False
                    return bytes(data)
            progress(len(data), max(expected, len(data)))
            received = self.line.read(GAP_SECONDS)
            if not received:
                raise FingerError(FingerErrorReason.PROTOCOL, f"silence after {len(data)} bytes")
            packets = self._reader.feed(received)
            if (self._reader.wrong_sums, self._reader.skipped) != (wrong, skipped):
                raise FingerError(FingerErrorReason.PROTOCOL, f"a broken packet after {len(data)} bytes")

    def _told_bytes(self) -> int:
        return self.product.width * self.product.height // 2 if self.product is not None else 0

    def light(self, on: bool) -> bool:
        """Ring or lamp on or off; False where the module has none that we can command."""
        match self.family:
            case Family.R503:
                control = Light.ON if on else Light.OFF
                code, _ = self._try(Instruction.AURA_LED, bytes([control, 0xFF, 0x02, 0x00]))
            case Family.ZFM70:
                code, _ = self._try(Instruction.LED_ON if on else Instruction.LED_OFF)
            case Family.PLAIN:
                return False
        return code == Confirmation.OK

    # --- one command

    def command(
        self, instruction: Instruction, arguments: bytes = b"", *, seconds: float = ANSWER_SECONDS, sends: int = SENDS
    ) -> tuple[int, bytes]:
        """Send and wait: confirmation code and what follows it. Raises FingerError (SILENT, PROTOCOL, LOST)."""
        frame = encode(Packet(Kind.COMMAND, bytes([instruction]) + arguments, self._address))
        error = FingerError(FingerErrorReason.SILENT, instruction.name)
        for _ in range(sends):
            self._clean()
            self.line.write(frame)
            try:
                answer = self._answer(seconds)
            except FingerError as failed:
                if failed.reason is FingerErrorReason.LOST:
                    raise
                error = failed
                self._dirty = True
                continue
            if answer[0] == Confirmation.PACKET_ERROR:
                error = FingerError(FingerErrorReason.PROTOCOL, instruction.name, confirmation=answer[0])
                continue
            if confirmation_of(answer[0]) is answer[0]:
                log.info("finger module: %s answered %#04x, which no source names", instruction.name, answer[0])
            return answer[0], answer[1:]
        raise error

    def _try(
        self, instruction: Instruction, arguments: bytes = b"", *, seconds: float = PROBE_SECONDS
    ) -> tuple[int | None, bytes]:
        """A command that this module may not know: no answer is an answer (None)."""
        try:
            return self.command(instruction, arguments, seconds=seconds, sends=1)
        except FingerError as error:
            if error.reason is FingerErrorReason.LOST:
                raise
            return None, b""

    def _answer(self, seconds: float) -> bytes:
        until = time.monotonic() + seconds
        wrong = self._reader.wrong_sums
        while (left := until - time.monotonic()) > 0:
            packets = self._reader.feed(self.line.read(left))
            for index, packet in enumerate(packets):
                if packet.kind == Kind.ACKNOWLEDGE and packet.payload:
                    self._left = packets[index + 1 :]
                    return packet.payload
            if self._reader.wrong_sums != wrong:
                raise FingerError(FingerErrorReason.PROTOCOL, "an answer with a wrong sum")
        if self._reader.waiting:
            raise FingerError(FingerErrorReason.PROTOCOL, "an answer that was cut")
        raise FingerError(FingerErrorReason.SILENT, "no answer")

    def _clean(self) -> None:
        """After anything unfinished the line is emptied: stale bytes never answer a new command."""
        self._left = []
        if self._dirty:
            self.line.drain()
            self._dirty = False
        self._reader.forget()


def refusal(code: int) -> FingerRefused | None:
    """The refusal that a capture's code stands for; None for "captured" and "no finger"."""
    if code in {Confirmation.OK, Confirmation.NO_FINGER}:
        return None
    return FingerRefused(HINTS.get(code, FingerHint.AGAIN), confirmation=code)
