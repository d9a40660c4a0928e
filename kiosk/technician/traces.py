"""The last reading of a chip a technician traced, for the bundle: in memory, and without any content."""

from __future__ import annotations

from drivers.smartcard.trace import ApduLine, CardTrace


class CardTraces:
    """Keeps one."""

    def __init__(self) -> None:
        self._last: CardTrace | None = None

    def keep(self, trace: CardTrace) -> None:
        """Instead of the one before."""
        self._last = trace

    @property
    def text(self) -> str:
        """One line for each command. Headers with colons: digits and blanks alone would look like a phone number."""
        if self._last is None:
            return "no chip was traced since the start\n"
        lines = [
            " | ".join((number, header.replace(" ", ":"), *rest)) for number, header, *rest in table_of(self._last)
        ]
        end = "whole" if self._last.error is None else f"broke off: {self._last.error}"
        return "\n".join(["command | header | sent | status | received | ms", *lines, end, ""])


def table_of(trace: CardTrace) -> tuple[tuple[str, ...], ...]:
    """Each command: its number, header, bytes sent, status word, bytes received, milliseconds."""
    return tuple((str(number), *_columns(line)) for number, line in enumerate(trace.lines, 1))


def _columns(line: ApduLine) -> tuple[str, ...]:
    return line.header, str(line.sent), f"{line.status_word:04X}", str(line.received), str(line.milliseconds)
