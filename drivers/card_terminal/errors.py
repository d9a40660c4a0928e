"""Why a card terminal gave no answer: one error with a reason."""

from __future__ import annotations

from enum import Enum


class TerminalErrorReason(Enum):
    """What to fix. Codes of the registry are mapped from (TerminalError, reason)."""

    ABSENT = "absent"
    """Nobody listens at its address: switched off, unplugged, wrong address."""
    LOST = "lost"
    """The line broke before the answer came."""
    SILENT = "silent"
    """It took the request and did not answer in time."""
    BUSY = "busy"
    """It works for somebody else."""
    PROTOCOL = "protocol"
    """It answered what the protocol does not allow."""
    REFUSED = "refused"
    """It does not take such a request (not logged in, wrong identifiers, out of order)."""


class TerminalError(Exception):
    """The one error of card terminals.

    `sent`: the request may have reached the terminal, so money may have moved. Then only `status` tells; a second
    purchase is never the answer.
    """

    def __init__(self, reason: TerminalErrorReason, detail: str = "", *, sent: bool = False) -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
        self.sent = sent

    @property
    def retry(self) -> bool:
        """Whether asking the same again (a status, never a purchase) can help by itself."""
        return self.reason in {
            TerminalErrorReason.ABSENT,
            TerminalErrorReason.LOST,
            TerminalErrorReason.SILENT,
            TerminalErrorReason.BUSY,
        }
