"""The watcher against a scripted PC/SC: what no virtual reader can do, such as being unplugged."""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import Any

import pytest
from smartcard import scard

from drivers.smartcard import watcher
from drivers.smartcard.codes import card_error
from drivers.smartcard.watcher import ReaderFilter, Watcher
from drivers.smartcard.watcher_state import CardSeen, ReaderState

PRESENT = scard.SCARD_STATE_PRESENT
EMPTY = 0x10
ATR = [0x3B, 0x80]
ALL = ReaderFilter()


class Service:
    """Readers by name with their state words; `change` is what a person or a fault does, and wakes who waits."""

    def __init__(self) -> None:
        self.readers: dict[str, int] | None = {}
        self.waiting: queue.Queue[None] = queue.Queue()
        self.answers: queue.Queue[int] = queue.Queue()

    def change(self, readers: dict[str, int] | None, code: int = scard.SCARD_S_SUCCESS) -> None:
        self.waiting.get(timeout=5)
        self.readers = readers
        self.answers.put(code)

    def get_status_change(self, _context: int, _timeout: int, states: Any) -> tuple[int, list[Any]]:
        now = self.readers
        news = [(name, state) for name, state in states if now and name in now and now[name] != state]
        if not news:
            self.waiting.put(None)
            code = self.answers.get(timeout=5)
            if code != scard.SCARD_S_SUCCESS:
                return code, []
        now = self.readers or {}
        return scard.SCARD_S_SUCCESS, [
            (name, now.get(name, scard.SCARD_STATE_UNKNOWN) | 0x2, ATR if now.get(name, 0) & PRESENT else [])
            for name, _ in states
        ]

    def cancel(self, _context: int) -> int:
        self.answers.put(scard.SCARD_E_CANCELLED)
        return 0


class Context:
    handle = 1
    service: Service

    def __init__(self) -> None:
        if self.service.readers is None:
            raise card_error(scard.SCARD_E_NO_SERVICE, "establish context")

    def readers(self) -> tuple[str, ...]:
        if self.service.readers is None:
            raise card_error(scard.SCARD_E_NO_SERVICE, "list readers")
        return tuple(self.service.readers)

    def __enter__(self) -> Context:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()
    monkeypatch.setattr(Context, "service", made, raising=False)
    monkeypatch.setattr(watcher, "Context", Context)
    monkeypatch.setattr(watcher, "_SERVICE_AGAIN_SECONDS", (0.001,))
    monkeypatch.setattr(scard, "SCardGetStatusChange", made.get_status_change)
    monkeypatch.setattr(scard, "SCardCancel", made.cancel)
    return made


@pytest.fixture
def states(service: Service) -> Any:
    """Start a watcher and hand out its states one by one."""
    told: queue.Queue[ReaderState] = queue.Queue()
    started: list[Watcher] = []

    def start(filter: ReaderFilter = ALL) -> Callable[[], ReaderState]:
        started.append(Watcher(told.put, filter))
        started[0].start()
        return lambda: told.get(timeout=5)

    yield start
    started[0].stop()
    assert told.empty()


def test_a_reader_is_unplugged_with_its_card_and_comes_back(service: Service, states: Any) -> None:
    service.readers = {"A": PRESENT | 3 << 16}
    state = states()
    assert state() == ReaderState(True, ("A",), CardSeen("A", 3, bytes(ATR)))
    service.change({}, scard.SCARD_E_UNKNOWN_READER)
    assert state() == ReaderState(True)
    service.change({"A": EMPTY})
    assert state() == ReaderState(True, ("A",))
    service.change({"A": PRESENT | 1 << 16})
    assert state() == ReaderState(True, ("A",), CardSeen("A", 1, bytes(ATR)))


def test_a_swap_between_two_looks_is_told_by_the_event_counter(service: Service, states: Any) -> None:
    service.readers = {"A": PRESENT | 7 << 16}
    state = states()
    assert state().card == CardSeen("A", 7, bytes(ATR))
    service.change({"A": PRESENT | 9 << 16})
    assert state().card == CardSeen("A", 9, bytes(ATR))


def test_a_look_between_the_presence_and_its_count_is_the_same_card(service: Service, states: Any) -> None:
    """pcscd writes the state of a reader before its event counter, and not under a lock."""
    service.readers = {"A": EMPTY}
    state = states()
    assert state().card is None
    service.change({"A": PRESENT})
    assert state().card == CardSeen("A", 0, bytes(ATR))
    service.change({"A": PRESENT | 1 << 16})  # nothing is told
    service.change({"A": PRESENT | 3 << 16})
    assert state().card == CardSeen("A", 3, bytes(ATR))


def test_the_counter_overflows(service: Service, states: Any) -> None:
    service.readers = {"A": PRESENT | 0xFFFF << 16}
    state = states()
    assert state().card == CardSeen("A", 0xFFFF, bytes(ATR))
    service.change({"A": PRESENT | 1 << 16})
    assert state().card == CardSeen("A", 1, bytes(ATR))


def test_nothing_is_told_when_nothing_changed(service: Service, states: Any) -> None:
    service.readers = {"A": EMPTY}
    state = states()
    assert state() == ReaderState(True, ("A",))
    for _ in range(3):
        service.change({"A": EMPTY}, scard.SCARD_E_TIMEOUT)
    service.change({"A": PRESENT | 1 << 16})
    assert state().card is not None


def test_the_service_dies_and_comes_back(service: Service, states: Any) -> None:
    service.readers = {"A": EMPTY}
    state = states()
    assert state().service
    service.change(None, scard.SCARD_F_COMM_ERROR)
    assert state() == ReaderState(False)
    service.readers = {"A": PRESENT | 1 << 16}
    assert state() == ReaderState(True, ("A",), CardSeen("A", 1, bytes(ATR)))


@pytest.mark.parametrize("filter", [ReaderFilter("picc"), ReaderFilter(excluded=("Contact", "SAM"))])
def test_only_the_wanted_reader_counts(service: Service, states: Any, filter: ReaderFilter) -> None:
    service.readers = {"Contact slot": PRESENT | 1 << 16, "PICC slot": EMPTY}
    state = states(filter)
    assert state() == ReaderState(True, ("PICC slot",))
    service.change({"Contact slot": PRESENT | 1 << 16, "PICC slot": PRESENT | 2 << 16})
    assert state().card == CardSeen("PICC slot", 2, bytes(ATR))


def test_a_second_reader_is_seen_when_it_is_plugged_in(service: Service, states: Any) -> None:
    service.readers = {"A": EMPTY}
    state = states()
    assert state().readers == ("A",)
    service.change({"A": EMPTY, "B": PRESENT | 4 << 16})
    assert state() == ReaderState(True, ("A", "B"), CardSeen("B", 4, bytes(ATR)))
