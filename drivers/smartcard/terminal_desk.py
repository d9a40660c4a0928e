"""Who signs for a chip while it lies on the reader: asked by the kiosk's process, because the worker knows no network.

The worker's frame `ask` names a job and carries an authority's reference or what the chip wants signed; the kiosk's
frame `told` carries the answer, none when there is none. The reading goes on without the fingers then.
"""

from __future__ import annotations

import queue
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from typing import Protocol

from drivers.emrtd.terminal_signer import SignerUnavailable
from drivers.smartcard.frames import Frame

PATIENCE_SECONDS = 4.0
"""How long the kiosk may take for one answer; people stand there, and chips close a session that waits for long."""
_MARGIN_SECONDS = 2.0
_LOOK_UP_SECONDS = 0.1


class TerminalDesk(Protocol):
    """Holds the terminal's certificates and key, or knows who does. Whatever it raises means: no fingers this time."""

    async def chain(self, authority: bytes) -> Sequence[bytes]:
        """Certificates from the one `authority` signed down to the terminal's. Raises LookupError without one."""
        ...

    async def sign(self, data: bytes) -> bytes:
        """The terminal's signature over a chip's identifier, challenge and ephemeral key."""
        ...


async def answer(desk: TerminalDesk, frame: Frame) -> list[str]:
    """What `told` brings for a frame `ask`. Raises what `desk` raises; KeyError, ValueError for a broken frame."""
    data = b64decode(frame["data"], validate=True)
    if frame["what"] == "chain":
        return [_text(each) for each in await desk.chain(data)]
    if frame["what"] == "sign":
        return [_text(await desk.sign(data))]
    raise ValueError("an unknown question")


class AskingSigner:
    """drivers.emrtd.terminal_signer.TerminalSigner inside the worker: each question is one pair of frames."""

    def __init__(self, send: Callable[[Frame], None], number: int, before_each: Callable[[], None]) -> None:
        """`before_each` may raise to stop: it is called again and again while an answer is awaited."""
        self._send = send
        self._number = number
        self._before_each = before_each
        self._answers: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()
        self._silent = False

    def told(self, frame: Frame) -> None:
        """An answer came; called by the thread that takes frames."""
        if frame["id"] == self._number:
            self._answers.put(frame["answer"])

    def chain(self, authority: bytes) -> Sequence[bytes]:
        """Raises LookupError when the desk knows no chain from there, SignerUnavailable when it is silent."""
        certificates = self._ask("chain", authority)
        if certificates is None:
            raise LookupError(authority)
        return certificates

    def sign(self, data: bytes) -> bytes:
        """Raises SignerUnavailable."""
        signatures = self._ask("sign", data)
        if not signatures:
            raise SignerUnavailable("no signature came")
        return signatures[0]

    def _ask(self, what: str, data: bytes) -> list[bytes] | None:
        if self._silent:
            raise SignerUnavailable("no answer came")
        self._send({"type": "ask", "id": self._number, "what": what, "data": _text(data)})
        end = time.monotonic() + PATIENCE_SECONDS + _MARGIN_SECONDS
        while time.monotonic() < end:
            self._before_each()
            try:
                found = self._answers.get(timeout=_LOOK_UP_SECONDS)
            except queue.Empty:
                continue
            return None if found is None else [b64decode(each) for each in found]
        self._silent = True  # an answer that comes late would be taken for the next question's
        raise SignerUnavailable("no answer came")


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")
