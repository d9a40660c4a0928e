"""Who waits for what: a topic is announced after a commit, everybody who waits for it reads the store again.

Inside one process a subscription is an asyncio event. On PostgreSQL every process also tells and hears the channel
`tram`, so that a change made by one worker wakes the streams of all.

The channel has connections of its own: NOTIFY inside a transaction lets every other commit wait until that one is on
disk. What is announced in some milliseconds travels together. A process that dies between a commit and its
announcement loses it: every stream looks by itself now and then.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue

import psycopg
from sqlalchemy.engine import make_url

log = logging.getLogger(__name__)

CHANNEL = "tram"
GATHER_SECONDS = 0.02
"""Announcements wait this long for others to travel with."""
NOTIFY = "SELECT pg_notify(%s, topic) FROM unnest(%s::text[]) AS topic"

Tell = Callable[[Sequence[str]], None]


class Subscription:
    """Wakes its owner when one of its topics was announced; announcements that nobody read yet count once."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def wake(self) -> None:
        """From any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    async def changed(self, timeout: float) -> bool:
        """Wait for an announcement; False when `timeout` seconds passed without one."""
        try:
            await asyncio.wait_for(self._event.wait(), timeout)
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Bus:
    """The subscriptions of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, set[Subscription]] = defaultdict(set)
        self._tell: Tell | None = None
        self.closed = False

    def carry_by(self, tell: Tell | None) -> None:
        """Let other processes be told by `tell` of what this one announces."""
        self._tell = tell

    @property
    def carried(self) -> bool:
        """Whether other processes hear what this one announces."""
        return self._tell is not None

    def announce(self, topics: Sequence[str]) -> None:
        """After a commit: wake whoever waits, here and in other processes; from any thread."""
        for topic in topics:
            self.publish(topic)
        if self._tell is not None:
            self._tell(topics)

    @contextmanager
    def subscribe(self, *topics: str) -> Generator[Subscription]:
        """Listen to topics inside the running event loop."""
        subscription = Subscription()
        with self._lock:
            for topic in topics:
                self._waiting[topic].add(subscription)
        try:
            yield subscription
        finally:
            with self._lock:
                for topic in topics:
                    self._waiting[topic].discard(subscription)
                    if not self._waiting[topic]:
                        del self._waiting[topic]

    def publish(self, topic: str) -> None:
        """Wake whoever waits for `topic`; from any thread."""
        with self._lock:
            subscriptions = list(self._waiting.get(topic, ()))
        for subscription in subscriptions:
            subscription.wake()

    def close(self) -> None:
        """This process ends: whoever waits stops waiting."""
        self.closed = True
        self.wake_all()

    def wake_all(self) -> None:
        """After announcements may have been missed."""
        with self._lock:
            subscriptions = {one for some in self._waiting.values() for one in some}
        for subscription in subscriptions:
            subscription.wake()


class PostgresChannel:
    """Carries announcements between processes; connects again when a connection is lost."""

    def __init__(self, url: str, bus: Bus) -> None:
        self._url = postgres_url(url)
        self._bus = bus
        self._stop = threading.Event()
        self._own = f"{os.getpid()}-{id(self):x} "
        self._told: SimpleQueue[str] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._for_ever, args=(work,), name=name, daemon=True)
            for name, work in (("listen", self._listen), ("tell", self._announce))
        ]

    def start(self) -> None:
        """Begin to listen and to tell, on threads of their own."""
        for thread in self._threads:
            thread.start()
        self._bus.carry_by(self._tell)

    def stop(self) -> None:
        """End the threads; what was announced is told before."""
        self._bus.carry_by(None)
        self._stop.set()
        self._told.put("")
        for thread in self._threads:
            thread.join(timeout=5)

    def _tell(self, topics: Sequence[str]) -> None:
        for topic in topics:
            self._told.put(topic)

    def _for_ever(self, work: Callable[[psycopg.Connection], None]) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True) as connection:
                    work(connection)
            except psycopg.Error as error:
                log.warning("the channel between processes was interrupted: %s", type(error).__name__)
                self._stop.wait(1)

    def _listen(self, connection: psycopg.Connection) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        self._bus.wake_all()
        while not self._stop.is_set():
            for notice in connection.notifies(timeout=0.5):
                if not notice.payload.startswith(self._own):
                    self._bus.publish(notice.payload.partition(" ")[2])

    def _announce(self, connection: psycopg.Connection) -> None:
        connection.execute("SET synchronous_commit TO off")  # nothing is stored by it
        while True:
            topics = self._gathered()
            if not topics and self._stop.is_set():
                return
            try:
                connection.execute(NOTIFY, (CHANNEL, [self._own + topic for topic in topics]))
            except psycopg.Error:
                self._tell(topics)
                raise

    def _gathered(self) -> list[str]:
        """Everything that is announced within a moment of the first, each once."""
        topics = {self._told.get(): None}
        self._stop.wait(GATHER_SECONDS)
        try:
            while True:
                topics[self._told.get_nowait()] = None
        except Empty:
            topics.pop("", None)
            return list(topics)


def postgres_url(url: str) -> str:
    """SQLAlchemy's address of a PostgreSQL database as its own library reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
