"""The card: one command APDU in, one response APDU out, with everything it must remember between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from simulators.chip import der
from simulators.chip.apdu import Answer, Command, Refusal, Status, parse
from simulators.chip.authentication import Authentication
from simulators.chip.behaviour import Behaviour, Faults, OverLimit
from simulators.chip.content import CARD_ACCESS, ChipContent
from simulators.chip.filesystem import MASTER_FILE, FileSystem
from simulators.chip.secure import SecureChannel

_WIRE_LIMIT = 65533
_SHORT_LIMIT = 256
_MAX_CHAIN = 8192


Handler = Callable[[Command], Answer]


class Card:
    """One card. `power_on` starts anew; `process` never raises for anything a terminal sends."""

    def __init__(self, content: ChipContent, behaviour: Behaviour | None = None, faults: Faults | None = None) -> None:
        self.content = content
        self.behaviour = behaviour or Behaviour()
        self.faults = faults or Faults()
        self.bytes_read = 0
        """Bytes of file contents sent since power-on."""
        self.power_on()

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self.content.atr

    @property
    def total_bytes(self) -> int:
        """Size of the files a terminal without special rights can read."""
        hidden = {0x0100 | number for number in self.content.protected_groups}
        return sum(len(data) for name, data in self.content.application.items() if name not in hidden)

    @property
    def wrong_password(self) -> bool:
        """Whether the last command failed for a wrong password, key or signature."""
        return self._proofs.wrong_password

    def power_on(self) -> None:
        """Forget everything."""
        hidden = frozenset[int]() if self.behaviour.card_access else frozenset({CARD_ACCESS})
        self._files = FileSystem(self.content, not self.faults.not_emrtd, hidden)
        self._channel: SecureChannel | None = None
        self._proofs = Authentication(self.content, self.behaviour)
        self._chain: tuple[int, bytes] | None = None
        self._waiting = b""
        self.bytes_read = 0

    def process(self, apdu: bytes) -> bytes:
        """Answer one command APDU."""
        self._proofs.wrong_password = False
        try:
            command = parse(apdu)
            if command.extended and not self.behaviour.extended:
                raise Refusal(Status.WRONG_LENGTH)
            if command.ins == 0xC0 and self._channel is None:
                return self._get_response(command)
        except Refusal as refusal:
            return _bare(refusal.status)
        self._waiting = b""
        if command.secured:
            return self._process_secured(command)
        self._drop_channel()
        try:
            answer = self._execute(command)
        except Refusal as refusal:
            return _bare(refusal.status)
        self._channel = answer.channel
        return self._plain(command, answer)

    def _process_secured(self, outer: Command) -> bytes:
        channel = self._channel
        if channel is None:
            return _bare(Status.SM_NOT_SUPPORTED)
        try:
            command = channel.open(outer)
        except Refusal as refusal:
            self._drop_channel()
            return _bare(refusal.status)
        try:
            answer = self._execute(replace(command, extended=outer.extended))
        except Refusal as refusal:
            answer = Answer(status=refusal.status)
        if len(answer.data) > channel.room(self._longest(outer), bool(outer.ins & 1)):
            answer = Answer(status=Status.WRONG_LENGTH)
        protected = channel.protect(command, answer.data, answer.status)
        if answer.channel is not None:
            self._channel = answer.channel
        return protected + answer.status.to_bytes(2, "big")

    def _execute(self, command: Command) -> Answer:
        whole = self._assembled(command)
        if whole is None:
            return Answer()
        if whole.cla & 0xE0:
            raise Refusal(Status.WRONG_CLASS)
        handler = self._handlers().get(whole.ins)
        if handler is None:
            raise Refusal(Status.WRONG_INS)
        try:
            return handler(whole)
        except ValueError as error:
            raise Refusal(Status.WRONG_DATA) from error

    def _assembled(self, command: Command) -> Command | None:
        """Join chained commands. GENERAL AUTHENTICATE uses the bit for its own steps and is not joined."""
        if command.ins == 0x86:
            return command
        before = self._chain[1] if self._chain and self._chain[0] == command.ins else b""
        data = before + command.data
        self._chain = (command.ins, data) if command.chained else None
        if len(data) > _MAX_CHAIN:
            self._chain = None
            raise Refusal(Status.WRONG_LENGTH)
        return None if command.chained else replace(command, cla=command.cla & 0xEF, data=data)

    def _handlers(self) -> dict[int, Handler]:
        return {
            0xA4: self._select,
            0xB0: self._read_binary,
            0xB1: self._read_binary,
            0x84: self._proofs.get_challenge,
            0x82: self._external_authenticate,
            0x88: self._internal_authenticate,
            0x22: self._manage_environment,
            0x86: self._proofs.general_authenticate,
            0x2A: self._proofs.verify_certificate,
        }

    def _select(self, command: Command) -> Answer:
        if command.ne and self.behaviour.refuse_le_in_select:
            raise Refusal(Status.WRONG_LENGTH)
        if command.p1 == 0x04:
            self._files.select_application(command.data)
            return Answer()
        identifier = int.from_bytes(command.data, "big") if command.data else MASTER_FILE
        if command.p1 in (0x00, 0x02) and identifier == MASTER_FILE:
            if self.behaviour.select_mf != Status.OK:
                raise Refusal(self.behaviour.select_mf)
            self._files.select_master()
            return Answer()
        if command.p1 not in (0x00, 0x02) or len(command.data) != 2:
            raise Refusal(Status.WRONG_P1P2)
        self._files.select_file(identifier, self._proofs.rights)
        return Answer()

    def _read_binary(self, command: Command) -> Answer:
        if not command.ne:
            raise Refusal(Status.WRONG_LENGTH)
        odd = bool(command.ins & 1)
        command = self._limited(command, odd)
        data, ended = self._files.read(command, self._proofs.rights, self.behaviour.short_file_ids)
        self.bytes_read += len(data)
        status = Status.END_OF_FILE if ended and self.behaviour.warn_at_end else Status.OK
        return Answer(der.tlv(0x53, data) if odd else data, status)

    def _limited(self, command: Command, odd: bool) -> Command:
        """The command with `ne` cut to what one answer can carry, or a refusal as the card's habit is."""
        longest = self._longest(command)
        room = longest if self._channel is None else self._channel.room(longest, odd)
        if odd:  # the discretionary data object has a header of its own
            room -= 2 if room < 0x80 else 3 if room < 0x100 else 4
            command = replace(command, ne=max(command.ne - (len(der.length(command.ne)) + 1), 0))
        if command.ne <= room:
            return command
        habit = self.behaviour.over_limit
        if habit is OverLimit.WRONG_LENGTH:
            raise Refusal(Status.WRONG_LENGTH)
        if habit is OverLimit.CORRECT_LENGTH and room < 256:
            raise Refusal(0x6C00 | room)
        if habit is OverLimit.MORE and self._channel is None:
            return command
        return replace(command, ne=max(room, 0))

    def _longest(self, command: Command) -> int:
        limit = _WIRE_LIMIT if command.extended else _SHORT_LIMIT
        return min(limit, self.behaviour.max_response or _WIRE_LIMIT)

    def _external_authenticate(self, command: Command) -> Answer:
        if not self._files.in_application:
            raise Refusal(Status.CONDITIONS)
        return self._proofs.external_authenticate(command, secured=self._channel is not None)

    def _internal_authenticate(self, command: Command) -> Answer:
        if not self._files.in_application:
            raise Refusal(Status.CONDITIONS)
        form = "extended" if command.extended else "short"
        if self.behaviour.active_le not in ("any", form):
            raise Refusal(Status.WRONG_LENGTH)
        return self._proofs.internal_authenticate(command)

    def _manage_environment(self, command: Command) -> Answer:
        if command.ne and self.behaviour.refuse_le_in_select:
            raise Refusal(Status.WRONG_LENGTH)
        if command.p1p2 == 0xC1A4 and self.behaviour.pace_status != Status.OK:
            raise Refusal(self.behaviour.pace_status)
        return self._proofs.manage_environment(command)

    def _get_response(self, command: Command) -> bytes:
        if not self._waiting:
            return _bare(Status.CONDITIONS)
        return self._pieces(command.ne, self._waiting, Status.OK)

    def _plain(self, command: Command, answer: Answer) -> bytes:
        longest = self._longest(command)
        if len(answer.data) > longest:
            if self.behaviour.over_limit is OverLimit.MORE:
                return self._pieces(longest, answer.data, answer.status)
            return _bare(Status.WRONG_LENGTH)
        return answer.data + answer.status.to_bytes(2, "big")

    def _pieces(self, size: int, data: bytes, status: int) -> bytes:
        piece, self._waiting = data[:size], data[size:]
        if not self._waiting:
            return piece + status.to_bytes(2, "big")
        return piece + bytes([0x61, min(len(self._waiting), 255)])

    def _drop_channel(self) -> None:
        if self._channel is not None:
            self._proofs.drop()
        self._channel = None


def _bare(status: int) -> bytes:
    return status.to_bytes(2, "big")
