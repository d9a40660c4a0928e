"""The board: the last state of each device, told to listeners on change only (CEN XFS4IoT: notify on change)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from services.contract.models import DeviceReport, DeviceState
from services.device_health.history import History, Record

log = logging.getLogger(__name__)

WORKING = frozenset({DeviceState.ONLINE, DeviceState.NOT_SUPPORTED})


@dataclass(frozen=True)
class Health:
    """One device now. `failure_code` says why it does not work, for the technician and the fleet page."""

    device: str
    state: DeviceState
    failure_code: str | None = None

    @property
    def works(self) -> bool:
        """Whether people can use it (a kiosk built without the device counts too)."""
        return self.state in WORKING


Listener = Callable[[Health], None]


class HealthBoard:
    """Thread-safe: drivers report from their own threads. Listeners are called there, and must be short."""

    def __init__(self, history: History | None = None) -> None:
        self._history = history or History()
        self._lock = threading.Lock()
        self._now: dict[str, Health] = {}
        self._listeners: list[Listener] = []

    def report(self, health: Health) -> bool:
        """Take note; True when it was a change. A failure code and its end are logged once."""
        with self._lock:
            before = self._now.get(health.device)
            if before == health:
                return False
            self._now[health.device] = health
            listeners = tuple(self._listeners)
        if before is None or before.state is not health.state:
            self._history.turned(health.device, lost=before is not None and before.works and not health.works)
        if health.failure_code is not None:
            self._history.failed(health.device, health.failure_code)
        if health.failure_code is not None or (before is not None and before.failure_code is not None):
            # Drivers log their own words; here is the code that screen, staff page and handbook share.
            level = logging.INFO if health.works else logging.WARNING
            code = "" if health.failure_code is None else f" ({health.failure_code})"
            log.log(level, "%s: %s%s", health.device, health.state.value, code)
        for listener in listeners:
            listener(health)
        return True

    def failed(self, device: str, code: str) -> None:
        """People met a failure of this device that is no state of it: a card lifted early, a code nobody could read."""
        self._history.failed(device, code)

    def record(self, device: str) -> Record:
        """Since when it is as it is, counters, last failures."""
        return self._history.of(device)

    def on_change(self, listener: Listener) -> None:
        """Call `listener` for every change from now on."""
        with self._lock:
            self._listeners.append(listener)

    def now(self) -> tuple[Health, ...]:
        """All devices that ever reported, those that do not work first."""
        with self._lock:
            return tuple(sorted(self._now.values(), key=lambda health: (health.works, health.device)))

    def reports(self) -> tuple[DeviceReport, ...]:
        """The same for the heartbeat."""
        return tuple(self._report(health) for health in self.now())

    def _report(self, health: Health) -> DeviceReport:
        record = self._history.of(health.device)
        last = record.failures[0] if record.failures else None
        return DeviceReport(
            name=health.device,
            state=health.state,
            failure_code=health.failure_code,
            since=record.since,
            losses=record.losses,
            last_failure=None if last is None else last.code,
            last_failure_at=None if last is None else last.at,
        )
