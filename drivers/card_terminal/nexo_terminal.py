"""A terminal that speaks nexo Retailer as JSON over TCP: one connection for each exchange, stages on the way."""

from __future__ import annotations

import json
import logging
import secrets
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import trio

from drivers.card_terminal import nexo
from drivers.card_terminal.errors import TerminalError, TerminalErrorReason
from drivers.card_terminal.framing import TooLong, Unframer, framed
from drivers.card_terminal.nexo import Json, Message, Parties
from drivers.card_terminal.terminal import Answer, Attempt, Stage, Told, Totals

log = logging.getLogger(__name__)

AGAIN_SECONDS = 0.3
"""A connection that is refused is tried once more after this; nothing was sent."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class TerminalAddress:
    """Where it listens, and how long it is waited for (seconds).

    A payment without an answer after 120 s is resolved by its status (payment.md section 4).
    """

    host: str
    port: int = 8443
    connect_seconds: float = 3.0
    answer_seconds: float = 10.0
    payment_seconds: float = 120.0


def new_service_id() -> str:
    """Ten characters for one message: no two alike."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


def _silent(_stage: Stage) -> None:
    """Nobody looks."""


class NexoTerminal:
    """Implements `drivers.card_terminal.terminal.CardTerminal`."""

    def __init__(
        self, address: TerminalAddress, parties: Parties, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.address = address
        self.parties = parties
        self._now = now

    async def purchase(self, attempt: Attempt, told: Told) -> Answer:
        """Charge a card; see the seam."""
        request = nexo.payment(self.parties, attempt, self._now())
        message = await self._exchange(request, self.address.payment_seconds, told)
        return nexo.payment_answer(message.body)

    async def status(self, attempt: Attempt) -> Answer:
        """What became of it."""
        request = nexo.transaction_status(self.parties, attempt, new_service_id())
        return nexo.status_answer((await self._exchange(request, self.address.answer_seconds)).body)

    async def abort(self, attempt: Attempt) -> None:
        """Send the wish; it has no answer of its own."""
        async with self._connected() as stream:
            await self._send(stream, nexo.abort(self.parties, attempt, new_service_id()))

    async def reverse(self, attempt: Attempt, answer: Answer, service_id: str) -> Answer:
        """Take an approved attempt back."""
        request = nexo.reversal(self.parties, attempt, answer, service_id, self._now())
        return nexo.reversal_answer((await self._exchange(request, self.address.payment_seconds)).body)

    async def reversal_status(self, service_id: str) -> Answer:
        """What became of a reversal."""
        request = nexo.reversal_status(self.parties, service_id, new_service_id())
        return nexo.reversal_status_answer((await self._exchange(request, self.address.answer_seconds)).body)

    async def close_batch(self, service_id: str) -> Totals:
        """End of the day."""
        request = nexo.reconciliation(self.parties, service_id)
        return nexo.totals_of((await self._exchange(request, self.address.payment_seconds)).body)

    async def diagnose(self, service_id: str) -> bool:
        """Whether it can take cards now."""
        request = nexo.diagnosis(self.parties, service_id)
        return nexo.healthy((await self._exchange(request, self.address.answer_seconds)).body)

    async def _exchange(self, request: Json, seconds: float, told: Told = _silent) -> Message:
        """Send and wait for the response to this very message."""
        header = request["SaleToPOIRequest"]["MessageHeader"]
        async with self._connected() as stream:
            await self._send(stream, request)
            line = _Line(stream)
            with trio.move_on_after(seconds):
                while True:
                    message = await line.next()
                    if message.request:
                        if (stage := nexo.stage_of(message)) is not None:
                            told(stage)
                        continue
                    if (message.category, message.service_id) == (header["MessageCategory"], header["ServiceID"]):
                        return message
                    log.warning("card terminal: an answer to nothing that was asked (%s)", message.category)
        raise TerminalError(TerminalErrorReason.SILENT, f"no answer in {seconds:g} s", sent=True)

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[trio.SocketStream]:
        address = self.address
        try:
            with trio.fail_after(address.connect_seconds):
                try:
                    stream = await trio.open_tcp_stream(address.host, address.port)
                except OSError:
                    # One that serves one connection may still be putting the last one away.
                    await trio.sleep(AGAIN_SECONDS)
                    stream = await trio.open_tcp_stream(address.host, address.port)
        except (OSError, trio.TooSlowError) as error:
            raise TerminalError(TerminalErrorReason.ABSENT, f"{address.host}:{address.port}: {error}") from None
        async with stream:
            yield stream

    async def _send(self, stream: trio.SocketStream, request: Json) -> None:
        try:
            with trio.fail_after(self.address.answer_seconds):
                await stream.send_all(framed(json.dumps(request, separators=(",", ":")).encode()))
        except (trio.BrokenResourceError, trio.ClosedResourceError, trio.TooSlowError) as error:
            # Part of it may be on the wire: whether the terminal began is not known here.
            raise TerminalError(TerminalErrorReason.LOST, type(error).__name__, sent=True) from None


class _Line:
    """One open connection."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self.stream = stream
        self._unframer = Unframer()
        self._texts: deque[bytes] = deque()

    async def next(self) -> Message:
        """The next message. Raises TerminalError with `sent`: LOST when the line is closed, PROTOCOL."""
        try:
            while not self._texts:
                data = await self.stream.receive_some()
                if not data:
                    raise TerminalError(TerminalErrorReason.LOST, "the line was closed", sent=True)
                self._texts.extend(self._unframer.feed(data))
            return nexo.parse(self._texts.popleft())
        except trio.BrokenResourceError:
            raise TerminalError(TerminalErrorReason.LOST, "the line broke", sent=True) from None
        except TooLong as error:
            raise TerminalError(TerminalErrorReason.PROTOCOL, str(error), sent=True) from None
        except TerminalError as error:
            raise TerminalError(error.reason, error.detail, sent=True) from None
