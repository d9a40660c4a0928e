"""Handing records over: as files into a folder the hospital's software takes them from, or kept until they are asked.

A file appears whole under its name or not at all; what is there already is never written again.
"""

from __future__ import annotations

import contextlib
import logging
import os
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from gateway.house import House
from gateway.store.tables import xml0_records
from gateway.xml0.keeping import Kept, State, due, failed, handed, ready, refresh
from gateway.xml0.record import to_xml

log = logging.getLogger(__name__)

TRIES = 20
"""After so many a person must look; the last error is kept."""


async def hand_over(house: House) -> None:
    """Make anew what can be, and hand over what is ready."""
    if house.settings.xml0.enabled:
        await run_in_threadpool(_work, house)


def _work(house: House) -> None:
    refresh(house)
    directory = house.settings.xml0.directory
    if directory is None:
        return
    for one in due(house):
        if one.tries >= TRIES:
            continue
        try:
            write(directory, one)
        except OSError as error:
            tries = one.tries + 1
            wait = timedelta(minutes=min(60, 2**tries))
            failed(house, one.check_in_id, tries, error.strerror or type(error).__name__, house.now() + wait)
            log.error("a check-in record was not written: %s (try %d)", error.strerror, tries)
        else:
            handed(house, one.check_in_id)


def write(directory: Path, one: Kept) -> Path:
    """Write one record readable only by the gateway's user and group. Raises OSError."""
    file = directory / f"xml0-{one.check_in_id}.xml"
    part = file.with_suffix(".part")
    with contextlib.suppress(FileNotFoundError):
        part.unlink()
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    with os.fdopen(descriptor, "wb") as out:
        out.write(to_xml([one.record]))
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, file)
    return file


def take_out(house: House, directory: Path) -> int:
    """Everything that is ready, into a folder, by hand: how many. Raises OSError at the first that is not written."""
    refresh(house)
    count = 0
    for one in ready(house):
        write(directory, one)
        handed(house, one.check_in_id)
        count += 1
    return count


def overview(house: House) -> list[str]:
    """One line for each record that is not handed over: check-in, state, tries, faults, last error."""
    lines: list[str] = []
    with house.store.read() as transaction:
        for row in transaction.all(
            select(xml0_records)
            .where(xml0_records.c.state.not_in([State.HANDED.value, State.WITHDRAWN.value]))
            .order_by(xml0_records.c.made_at, xml0_records.c.check_in_id)
        ):
            parts = (row["check_in_id"], row["state"], str(row["tries"]), row["faults"], row["last_error"] or "")
            lines.append("\t".join(parts).rstrip())
    return lines
