"""One reading of a chip from the first command to the last byte: open, prove, read; no verdicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from drivers.emrtd.access import Access
from drivers.emrtd.access_memory import AccessMemory
from drivers.emrtd.channel import Channel
from drivers.emrtd.chip_authentication import ChipAuthenticationUse
from drivers.emrtd.file_reader import FileReader, FileRefused
from drivers.emrtd.files import MASTER_FILES, group_file
from drivers.emrtd.lds.com import parse_com
from drivers.emrtd.lds.sod import signed_groups
from drivers.emrtd.lds.tlv import LdsError
from drivers.emrtd.progress import Progress
from drivers.emrtd.proofs import Prover
from drivers.emrtd.reading import (
    AccessKeys,
    ChipReading,
    FileId,
    ReadProgress,
    ReadStep,
    Transcript,
)
from drivers.emrtd.terminal_authentication import INSPECTION_SYSTEM
from drivers.emrtd.terminal_signer import TerminalSigner
from drivers.smartcard.connection import CardConnection, CardError, CardErrorReason

DEFAULT_FILES = frozenset(
    {
        FileId.COM,
        FileId.SOD,
        FileId.DG1,
        FileId.DG2,
        FileId.DG11,
        FileId.DG12,
        FileId.DG13,
        FileId.DG14,
        FileId.DG15,
    }
)
"""What a kiosk needs of an ID card or a passport; those that EF.COM does not list are not asked for."""
_PROOFS = (FileId.SOD, FileId.DG14, FileId.DG15)
_LATE = (FileId.DG2, FileId.DG3, FileId.DG4)
"""Large, and nothing in them says who somebody is or whether the chip is genuine: they come behind DATA_READ."""


def read_chip(
    connection: CardConnection,
    keys: AccessKeys,
    nonce: bytes | None = None,
    progress: Callable[[ReadProgress], None] = lambda _: None,
    *,
    wanted: frozenset[FileId] = DEFAULT_FILES,
    chip_authentication: ChipAuthenticationUse = ChipAuthenticationUse.WITHOUT_OTHER_PROOF,
    terminal: TerminalSigner | None = None,
    memory: AccessMemory | None = None,
    before_each: Callable[[], None] = lambda: None,
) -> ChipReading:
    """Open the chip with `keys` and read the `wanted` files: DG1 and the proofs first, photo and fingers last.

    `nonce` (8 bytes) asks for active authentication where the chip has DG15. With a `terminal` signer the chip is
    asked for DG3 and DG4 too. `before_each` is called before every command and may raise to stop. A file that is
    missing, refused or no file at all never fails the reading, except DG1: without it there is nobody; and a proof
    that fails is recorded in the transcript. Raises CardError.
    """
    channel = Channel(connection, before_each)
    plan = _Plan(wanted, nonce, chip_authentication, terminal)
    return _Reading(channel, keys, plan, progress, memory).run()


def opens(
    connection: CardConnection,
    keys: AccessKeys,
    memory: AccessMemory | None = None,
    before_each: Callable[[], None] = lambda: None,
) -> bool:
    """Whether the keys open this chip; nothing is read. Raises CardError for anything but refused keys."""
    try:
        Access(Channel(connection, before_each), keys, memory).open()
    except CardError as error:
        if error.reason is CardErrorReason.ACCESS_DENIED:
            return False
        raise
    return True


@dataclass(frozen=True)
class _Plan:
    """What a reading is to bring."""

    wanted: frozenset[FileId]
    nonce: bytes | None
    chip_authentication: ChipAuthenticationUse
    terminal: TerminalSigner | None


class _Reading:
    """The state of one reading."""

    def __init__(
        self,
        channel: Channel,
        keys: AccessKeys,
        plan: _Plan,
        progress: Callable[[ReadProgress], None],
        memory: AccessMemory | None,
    ) -> None:
        template = b"" if plan.terminal is None else INSPECTION_SYSTEM
        self._channel = channel
        self._plan = plan
        self._access = Access(channel, keys, memory, terminal=template, wanted=plan.wanted)
        self._reader = FileReader(channel, self._access.reopen)
        self._progress = Progress(progress)
        self._files: dict[FileId, bytes] = {}
        self._refused: dict[FileId, int] = {}
        self._to_dg1: float | None = None

    def run(self) -> ChipReading:
        opened = self._access.open()
        self._files |= self._access.master_files
        self._progress.reached(ReadStep.OPENED)
        self._progress.expect(self._plan.wanted - MASTER_FILES - set(_LATE))
        listed = self._listed()
        for file in self._plan.wanted - listed - self._files.keys():
            self._progress.without(file)
        self._read_identity(listed)
        for file in _PROOFS:
            self._read(file, listed)
            listed |= self._signed() if file is FileId.SOD else frozenset()
        prover = Prover(self._channel, self._access, opened, self._files)
        prover.prove(self._plan.nonce, self._plan.chip_authentication, self._plan.terminal)
        self._progress.reached(ReadStep.PROOFS_READ)
        for file in sorted(listed - set(_LATE), key=_order):
            self._read(file, listed)
        transcript = prover.transcript()
        self._progress.reached(ReadStep.DATA_READ, self._reading(transcript))
        for file in _LATE:
            self._read(file, listed)
        self._progress.reached(ReadStep.DONE)
        return self._reading(transcript)

    def _reading(self, transcript: Transcript) -> ChipReading:
        figures = self._channel.figures(self._to_dg1)
        return ChipReading(dict(self._files), transcript, figures, dict(self._refused))

    def _listed(self) -> frozenset[FileId]:
        """Files to read: what EF.COM lists of what is wanted; everything wanted when there is no EF.COM."""
        self._read(FileId.COM, frozenset({FileId.COM}))
        try:
            groups = {group_file(number) for number in parse_com(self._files.get(FileId.COM, b"")).groups}
        except LdsError:
            return self._plan.wanted - MASTER_FILES
        return self._plan.wanted & frozenset(groups | {FileId.SOD, FileId.DG1})

    def _signed(self) -> frozenset[FileId]:
        """Wanted groups that the security object signs: EF.COM is not signed, and could hide a group that betrays."""
        try:
            groups = signed_groups(self._files.get(FileId.SOD, b""))
        except LdsError:
            return frozenset()
        return self._plan.wanted & {group_file(number) for number in groups}

    def _read_identity(self, listed: frozenset[FileId]) -> None:
        self._read(FileId.DG1, listed)
        if FileId.DG1 in listed and FileId.DG1 not in self._files:
            status = self._refused.get(FileId.DG1)
            raise CardError(CardErrorReason.PROTOCOL, "the chip does not give DG1", status_word=status)
        self._to_dg1 = self._channel.milliseconds

    def _read(self, file: FileId, listed: frozenset[FileId]) -> None:
        if file not in listed or file in self._files or file in self._refused:
            return
        try:
            self._files[file] = self._reader.read(file, lambda got, total: self._progress.received(file, got, total))
        except FileRefused as refusal:
            self._refused[file] = refusal.status
            self._progress.without(file)


def _order(file: FileId) -> tuple[bool, str]:
    """DG13 with the person's name before the other groups."""
    return file is not FileId.DG13, file.name
