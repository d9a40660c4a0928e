"""The PIN: hashed, dear to guess, remembered over restarts, logged without itself."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from services.technician.pin import FILE, PinBook, PinVerdict, WeakPin

PIN = "274918"
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(tmp_path: Path, clock: Clock) -> PinBook:
    made = PinBook(tmp_path, clock, CHEAP)
    made.set(PIN)
    return made


def test_the_right_pin_opens_and_the_file_does_not_hold_it(book: PinBook, tmp_path: Path) -> None:
    assert book.check(PIN) == PinVerdict(True)
    kept = (tmp_path / FILE).read_text()
    assert PIN not in kept and "$argon2id$" in kept
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_without_a_pin_nobody_comes_in(tmp_path: Path) -> None:
    assert PinBook(tmp_path, hasher=CHEAP).check(PIN) == PinVerdict(False, known=False)


def test_waits_grow_and_not_even_the_right_pin_is_looked_at_during_one(book: PinBook, clock: Clock) -> None:
    waits = []
    for _ in range(12):
        waits.append(book.check("000000").wait)
        if waits[-1]:
            assert not book.check(PIN).right
        clock.pass_(waits[-1])
    assert waits == sorted(waits) and waits[-1] == 3600


def test_exactly_three_tries_are_free(book: PinBook) -> None:
    assert [book.check("000000").wait for _ in range(3)] == [0, 0, 30]


def test_the_right_pin_makes_tries_free_again(book: PinBook, clock: Clock) -> None:
    for _ in range(3):
        book.check("111222")
    clock.pass_(30)
    assert book.check(PIN).right
    assert book.check("000000").wait == 0


def test_a_restart_or_a_clock_set_back_buys_no_tries(book: PinBook, tmp_path: Path, clock: Clock) -> None:
    for _ in range(4):
        book.check("000000")
        clock.pass_(40)
    clock.pass_(-86400)
    again = PinBook(tmp_path, clock, CHEAP)
    assert again.wait() == 60
    assert not again.check(PIN).right


@pytest.mark.parametrize("weak", ["12345", "123456", "000000", "987654", "12345a", "", "1" * 13, "٣٣٣٣٣٣"])
def test_weak_pins_are_refused(tmp_path: Path, weak: str) -> None:
    with pytest.raises(WeakPin):
        PinBook(tmp_path, hasher=CHEAP).set(weak)


def test_every_try_is_logged_and_none_says_what_was_typed(book: PinBook, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for pin in ("314159", PIN, "271828", "271828", "271828", PIN):
        book.check(pin)
    assert len(caplog.records) == 6
    assert not any(pin in caplog.text for pin in ("314159", PIN, "271828"))


def test_a_broken_file_lets_nobody_in(book: PinBook, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    assert book.check(PIN) == PinVerdict(False, known=False)
