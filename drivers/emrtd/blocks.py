"""How many bytes to ask for at once: as many as the chip gives, fewer after an error, remembered for the document."""

from __future__ import annotations

from drivers.emrtd.apdu import EXTENDED_MAX, SHORT_MAX
from drivers.emrtd.channel import Channel, Extended

_LADDER = (EXTENDED_MAX, 2000, 1000, SHORT_MAX, 192, 160, 128, 112)
"""Lengths of whole responses: what chips and readers in the field are known to stop at (chip.md section 3)."""


class Blocks:
    """One per document. `le` is what a READ BINARY asks for now."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._step = 0
        self._named = EXTENDED_MAX
        """The most the chip itself said it gives (6Cxx)."""

    def le(self, remaining: int | None = None, overhead: int = 0) -> int:
        """Plain bytes to ask for, at most `remaining`; `overhead` bytes of the answer are not content."""
        if self._channel.extended is Extended.NO:
            self._step = max(self._step, _LADDER.index(SHORT_MAX))
        limit = _LADDER[self._step]
        secure = self._channel.secure
        plain = limit if secure is None or limit == EXTENDED_MAX else secure.largest_plain(limit)
        plain = min(plain, self._named)
        return plain if remaining is None else min(plain, remaining + overhead)

    def named(self, plain: int) -> None:
        """The chip said how many plain bytes it gives at most: nobody asks for more in this document again."""
        self._named = min(self._named, plain)

    def understood(self, asked: int) -> None:
        """The command was taken for what it is: asking for more than 256 shows extended length."""
        if asked > SHORT_MAX:
            self._channel.extended = Extended.YES

    def step_down(self) -> bool:
        """Ask for less from now on; False if there is no less.

        Where no extended answer ever came, the trouble is taken to be the extended form itself: chips that know the
        form give what they have when everything is asked for.
        """
        if self._step + 1 >= len(_LADDER):
            return False
        self._step += 1
        if self._channel.extended is Extended.UNKNOWN or _LADDER[self._step] == SHORT_MAX:
            self._channel.extended = Extended.NO
            self._step = max(self._step, _LADDER.index(SHORT_MAX))
        return True
