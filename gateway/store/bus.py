"""Who waits for what: a topic is announced after a commit, everybody who waits for it reads the store again.

Inside one process a subscription is an asyncio event. On PostgreSQL every process also listens to the channel
`tram`, so that a change made by one worker wakes the streams of all.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager

import psycopg
from sqlalchemy.engine import make_url

log = logging.getLogger(__name__)

CHANNEL = "tram"


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
        self.closed = False

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


class PostgresListener:
    """Carries announcements of other processes to the bus; connects again when the connection is lost."""

    def __init__(self, url: str, bus: Bus) -> None:
        self._url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._bus = bus
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listen", daemon=True)

    def start(self) -> None:
        """Begin to listen on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                log.warning("listening to the database was interrupted: %s", type(error).__name__)
                self._stop.wait(1)

    def _listen(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._bus.wake_all()
            while not self._stop.is_set():
                for notice in connection.notifies(timeout=0.5):
                    self._bus.publish(notice.payload)
