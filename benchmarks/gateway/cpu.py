"""CPU seconds of groups of processes between two moments; children of a parent count by their parent."""

from __future__ import annotations

from collections.abc import Mapping

import psutil


class Cpu:
    """Looks at processes by id, and at parents whose children come and go (PostgreSQL's postmaster)."""

    def __init__(self, processes: Mapping[str, list[int]], parents: Mapping[str, int]) -> None:
        self._processes = {name: [psutil.Process(pid) for pid in pids] for name, pids in processes.items()}
        self._parents = {name: psutil.Process(pid) for name, pid in parents.items()}
        self._before: dict[str, float] = {}
        self._after: dict[str, float] = {}

    def start(self) -> None:
        """From now on."""
        self._before = self._now()

    def look(self) -> None:
        """Until now."""
        self._after = self._now()

    def used(self) -> dict[str, float]:
        """Seconds of each group."""
        return {name: self._after[name] - self._before[name] for name in self._before}

    def _now(self) -> dict[str, float]:
        found = {name: sum(_own(one) for one in some) for name, some in self._processes.items()}
        for name, parent in self._parents.items():
            ended = parent.cpu_times()
            found[name] = (
                _own(parent)
                + ended.children_user
                + ended.children_system
                + sum(_own(child) for child in parent.children())
            )
        return found


def _own(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system
