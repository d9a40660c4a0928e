"""Faults at chosen moments of a reading, put between the wire and the card."""

from __future__ import annotations

from typing import Protocol

from simulators.chip.behaviour import Behaviour, Faults


class Plastic(Protocol):
    """Whatever can lie on a slot: an eMRTD (simulators.chip.card) or a technician's card."""

    behaviour: Behaviour
    faults: Faults
    bytes_read: int

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        ...

    @property
    def total_bytes(self) -> int:
        """How much there is to read."""
        ...

    @property
    def wrong_password(self) -> bool:
        """Whether the last command failed for a wrong password, key or signature."""
        ...

    def power_on(self) -> None:
        """Forget everything."""
        ...

    def process(self, apdu: bytes) -> bytes:
        """Answer one command APDU."""
        ...


class Torn(Exception):
    """The card was pulled away instead of answering."""


class Mute(Exception):
    """The card will never answer."""


class Injector:
    """Counts APDUs since power-on and applies the card's faults."""

    def __init__(self, card: Plastic) -> None:
        self._card = card
        self._count = 0
        self._mac_done = False

    def power_on(self) -> None:
        """Count from the start."""
        self._count = 0
        self._mac_done = False

    def process(self, apdu: bytes) -> bytes:
        """The card's answer, or what the fault makes of it. Torn or Mute instead of an answer."""
        self._count += 1
        faults = self._card.faults
        if faults.tear_at == self._count:
            raise Torn
        if faults.mute_at == self._count:
            raise Mute
        if (status := faults.status_at.get(self._count)) is not None:
            return status.to_bytes(2, "big")
        answer = self._card.process(apdu)
        if faults.remove_at_percent is not None and self._percent() >= faults.remove_at_percent:
            raise Torn
        if faults.absurd_length_at == self._count:
            return b"\x87\x84\xff\xff\xff\xff\x01" + answer[:-2][:64] + b"\x90\x00"
        if faults.rubbish_at == self._count:
            return bytes(byte ^ 0x5A for byte in answer[:-2]) + b"\x90\x00"
        return self._with_wrong_mac(answer)

    def _percent(self) -> float:
        return 100 * self._card.bytes_read / max(self._card.total_bytes, 1)

    def _with_wrong_mac(self, answer: bytes) -> bytes:
        first = self._card.faults.wrong_mac_at
        if first is None or self._mac_done or self._count < first or answer[-12:-10] != b"\x8e\x08":
            return answer
        self._mac_done = True
        return answer[:-3] + bytes([answer[-3] ^ 1]) + answer[-2:]
