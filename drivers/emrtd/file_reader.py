"""Reading elementary files in as few commands as the chip allows (ICAO 9303-10 section 3.6)."""

from __future__ import annotations

from collections.abc import Callable

from drivers.emrtd.apdu import SHORT_MAX, Command, Response, Status
from drivers.emrtd.blocks import Blocks
from drivers.emrtd.channel import Channel
from drivers.emrtd.files import FILES, FileFacts
from drivers.emrtd.lds.tlv import LdsError, parse_first, read_header
from drivers.emrtd.reading import FileId

MAX_FILE = 1 << 20
"""A file that claims more than 1 MiB is nonsense: chips hold some hundred kilobytes."""
_LAST_PLAIN_OFFSET = 0x7FFF
_OFFSET_OVERHEAD = 4
"""DO53 around the answer of a READ BINARY with odd INS."""
_ABSENT = frozenset({Status.FILE_NOT_FOUND, 0x6A88})
_REFUSED = frozenset({Status.SECURITY_NOT_SATISFIED, Status.CONDITIONS_NOT_SATISFIED, 0x6983, 0x6986})
_SHORT_ID_UNKNOWN = frozenset({Status.WRONG_P1P2, Status.WRONG_OFFSET, 0x6981, 0x6A81, 0x6A80})
_SESSION_LOST = frozenset({0x6982, 0x6985, 0x6986, 0x6987, 0x6988, 0x6D00, 0x6E00})

Received = Callable[[int, int], None]
"""Called with (bytes received of this file, bytes it will have)."""


class FileRefused(Exception):
    """The chip does not give this file. `status` is its word, 9000 when what it gave was no file."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


class _SessionLost(Exception):
    """After a bare error the chip no longer knows the session."""


class FileReader:
    """Reads files of one document; `reopen` restores access when an error cost the session."""

    def __init__(self, channel: Channel, reopen: Callable[[], None] | None = None, *, select: bool = True) -> None:
        """`select`: ask again by selection when the first file seems to be absent; short identifiers may be unknown."""
        self._channel = channel
        self._blocks = Blocks(channel)
        self._select = select
        self._reopen = reopen
        self._doubted = False
        self._short_ids: bool | None = None
        """Whether short identifiers work here; None until a file answered."""

    def read(self, file: FileId, received: Received = lambda _got, _total: None) -> bytes:
        """The file's content without padding behind it. Raises FileRefused, CardError."""
        try:
            return self._read(FILES[file], received)
        except _SessionLost as lost:
            if self._reopen is None:
                raise FileRefused(lost.args[0]) from None
            self._doubted = self._channel.doubtful = False
            self._blocks.step_down()  # the usual reason: a length the chip could not protect
            self._reopen()
            try:
                return self._read(FILES[file], received)
            except _SessionLost as again:
                raise FileRefused(again.args[0]) from None

    def _read(self, facts: FileFacts, received: Received) -> bytes:
        content = bytearray(self._first(facts))
        try:
            header = read_header(bytes(content[:8]))
        except LdsError:
            raise FileRefused(Status.OK) from None
        total = header.total
        if total > MAX_FILE:
            raise FileRefused(Status.OK)
        self._remember(len(content), total)
        received(min(len(content), total), total)
        while len(content) < total:
            more = self._next(len(content), total - len(content))
            content += more
            self._remember(len(content), total)
            received(min(len(content), total), total)
        return bytes(content[:total])

    def _remember(self, got: int, total: int) -> None:
        """A length the chip named is its limit where the file goes on behind it; else it was just the file's end."""
        if self._channel.named is not None and got < total:
            self._blocks.named(self._channel.named)

    def _first(self, facts: FileFacts) -> bytes:
        """The beginning of the file, by short identifier, else selected by its identifier."""
        response = Response(b"", Status.WRONG_P1P2)
        if self._short_ids is not False:
            response = self._sized(lambda le: Command(0xB0, 0x80 | facts.short, 0, le=le))
            if _has_data(response):
                self._short_ids = True
        unknown = response.status in _SHORT_ID_UNKNOWN
        if unknown or (response.status in _ABSENT and self._short_ids is None and self._select):
            response = self._selected(facts)
            if _has_data(response) and not unknown:
                self._short_ids = False
        if not _has_data(response):
            raise FileRefused(response.status)
        return response.data

    def _selected(self, facts: FileFacts) -> Response:
        """SELECT by file identifier, then READ BINARY from the start."""
        response = self._transmit(Command(0xA4, 0x02, 0x0C, facts.identifier.to_bytes(2, "big")))
        return self._sized(lambda le: Command(0xB0, 0, 0, le=le)) if response.ok else response

    def _next(self, offset: int, remaining: int) -> bytes:
        """The following bytes, at least one."""
        if offset <= _LAST_PLAIN_OFFSET:
            response = self._sized(lambda le: Command(0xB0, offset >> 8, offset & 0xFF, le=le), remaining)
            piece = response.data
        else:
            response = self._sized(lambda le: _far(offset, le), remaining, _OFFSET_OVERHEAD)
            piece = _unwrapped(response.data)
        if not _has_data(response) or not piece:
            raise FileRefused(response.status)
        return piece

    def _sized(self, command: Callable[[int], Command], remaining: int | None = None, overhead: int = 0) -> Response:
        """Ask for a block, and for a smaller one for as long as the size seems to be the trouble."""
        while True:
            asked = self._blocks.le(remaining, overhead)
            response = self._transmit(command(asked))
            if _has_data(response) or response.status in _ABSENT:
                self._blocks.understood(asked)
            if _has_data(response):
                return response
            if self._channel.named is not None and self._channel.named < asked:
                self._blocks.named(self._channel.named)
                continue
            size_is_suspect = response.status in {Status.WRONG_LENGTH, 0x6F00} or (
                asked > SHORT_MAX and response.status not in _ABSENT | _REFUSED | _SHORT_ID_UNKNOWN
            )
            if not size_is_suspect or not self._blocks.step_down():
                return response

    def _transmit(self, command: Command) -> Response:
        response = self._channel.transmit(command)
        if self._doubted and not response.protected and response.status in _SESSION_LOST:
            raise _SessionLost(response.status)
        self._doubted = self._channel.doubtful
        return response


def _has_data(response: Response) -> bool:
    """Success, or a warning (62xx, 63xx: end of file, part of the data may be corrupted) that brings data."""
    return bool(response.data) and (response.ok or response.status >> 8 in (0x62, 0x63))


def _far(offset: int, le: int) -> Command:
    """READ BINARY with odd INS and an offset data object, for offsets that do not fit into 15 bits."""
    octets = offset.to_bytes((offset.bit_length() + 7) // 8, "big")
    return Command(0xB1, 0, 0, bytes((0x54, len(octets))) + octets, le)


def _unwrapped(data: bytes) -> bytes:
    try:
        item = parse_first(data)
    except LdsError:
        return b""
    return item.value if item.tag in (0x53, 0x73) else b""
