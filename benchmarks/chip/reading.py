"""One measured reading through PC/SC, with its verdicts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from smartcard import scard

from benchmarks.chip.profiles import Case
from drivers.emrtd.lds.mrz import parse_mrz
from drivers.emrtd.read import read_chip
from drivers.emrtd.reading import AccessKeys, ChipReading, ReadProgress, ReadStep
from drivers.smartcard.pcsc import Context, PcscConnection
from services.trust.judgement import judge
from services.trust.store import TrustStore
from simulators.citizens import Citizen


@dataclass(frozen=True)
class Run:
    """`milliseconds` from the open connection to the last verdict; `to_dg1` the same to DG1, `to_identity` to all
    but the photo; `cpu` of this process."""

    reading: ChipReading
    milliseconds: float
    to_dg1: float
    to_identity: float
    cpu: float
    verdict: str


def await_card(reader: str, *, present: bool) -> None:
    """Wait until the reader has or has not a card."""
    with Context() as context:
        state = scard.SCARD_STATE_UNAWARE
        while True:
            _, states = scard.SCardGetStatusChange(context.handle, 5000, [(reader, state)])
            state = states[0][1]
            if bool(state & scard.SCARD_STATE_PRESENT) == present:
                return


def read_once(reader: str, person: Citizen, case: Case, nonce: bytes, store: TrustStore, now: datetime) -> Run:
    """Read and, where the case asks for it, judge."""
    keys = AccessKeys(person.number[-6:] if case.can else None, (parse_mrz(person.mrz()).information,))
    known: list[float] = []

    def progress(news: ReadProgress) -> None:
        if news.step is ReadStep.DATA_READ:
            known.append(time.perf_counter())

    with PcscConnection(reader) as connection:
        started, cpu = time.perf_counter(), time.process_time()
        reading = read_chip(connection, keys, nonce if case.prove else None, progress, wanted=case.wanted)
        verdict = judge(reading, nonce, store, now).level.value if case.prove else ""
        spent = (time.process_time() - cpu) * 1000
        whole = (time.perf_counter() - started) * 1000
    to_identity = (known[0] - started) * 1000
    return Run(reading, whole, reading.figures.milliseconds_to_dg1 or 0.0, to_identity, spent, verdict)
