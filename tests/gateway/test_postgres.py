"""Two gateway processes on one PostgreSQL: the same code, one number for one person, changes heard by both."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Generator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DataError, IntegrityError, InternalError, OperationalError

from gateway.store.bus import Bus, PostgresChannel
from gateway.store.database import Store
from gateway.store.migrate import migrate
from gateway.store.prepared import Prepared
from gateway.store.tables import bills, counters, nonces, payment_intents
from gateway.store.wire import PostgresWire

pytestmark = pytest.mark.wire

_NONCE = Prepared(insert(nonces))
_COUNT = Prepared(
    lambda insert: (row := insert(counters)).on_conflict_do_update(
        index_elements=["name"], set_={"value": row.excluded.value}
    )
)


@pytest.fixture(scope="module")
def pair(postgres: str, start_gateway: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Two processes, as behind a load balancer."""
    return start_gateway(tmp_path_factory.mktemp("pair"), postgres, 2)


def test_an_old_database_is_not_served(postgres: str, start_gateway: Any, tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="python -m gateway migrate"):
        start_gateway(tmp_path, postgres, 1, migrate_first=False)


def test_two_processes_never_give_one_number_twice(pair: Any) -> None:
    kiosks = [pair.kiosk("B", 0), pair.kiosk("C", 1)]
    numbers: list[str] = []

    def many(kiosk: Any, start: int) -> None:
        for n in range(start, start + 20):
            numbers.append(kiosk.check_in(patient={"number": f"0990880{n:05}", "name": "x"}).json()["number"])

    threads = [threading.Thread(target=many, args=(kiosk, 1000 * n)) for n, kiosk in enumerate(kiosks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"T{n:03}" for n in range(1, 41)]


def test_two_processes_make_one_code_for_one_bill(pair: Any) -> None:
    """Ten bills, asked for at both at the same moment: the partial unique index lets one live code stand."""
    one, other = pair.kiosk("M", 0), pair.kiosk("N", 1)
    made: dict[str, list[str]] = {}

    def ask(kiosk: Any, bill: str, ready: threading.Barrier) -> None:
        ready.wait()
        for _ in range(20):
            answer = kiosk.post("/v1/payment-intents", {"bill_id": bill})
            if answer.status_code != 409:
                break
        assert answer.status_code == 200, answer.text
        made[bill].append(answer.json()["id"])

    for number in range(10):
        check_in = one.check_in(clinic_id="mat", patient={"number": f"0990770{number:05}", "name": "x"}).json()
        with pair.house.store.read() as transaction:
            bill = transaction.one(select(bills.c.number).where(bills.c.id == check_in["bill_id"]))
        found = other.post("/v1/bills/find", {"code": bill["number"]}).json()["bills"]
        assert [bill["id"] for bill in found] == [check_in["bill_id"]]
        made[check_in["bill_id"]] = []
        ready = threading.Barrier(2)
        threads = [threading.Thread(target=ask, args=(kiosk, check_in["bill_id"], ready)) for kiosk in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert all(len(ids) == 2 and len(set(ids)) == 1 for ids in made.values()), made
    with pair.house.store.read() as transaction:
        ours = payment_intents.c.bill_id.in_(made)
        live = transaction.all(select(payment_intents.c.bill_id).where(payment_intents.c.live, ours))
    assert sorted(row["bill_id"] for row in live) == sorted(made)


def test_a_second_live_code_is_refused_by_the_database_itself(pair: Any) -> None:
    kiosk = pair.kiosk("P", 0)
    check_in = kiosk.check_in(clinic_id="mat", patient={"number": "099077200001", "name": "x"}).json()
    code = kiosk.post("/v1/payment-intents", {"bill_id": check_in["bill_id"]})
    assert code.status_code == 200, code.text
    with pair.house.store.read() as transaction:
        row = dict(transaction.one(select(payment_intents).where(payment_intents.c.id == code.json()["id"])) or {})
    row |= {"id": uuid.uuid4().hex, "purpose": "TRMXXXXXX", "order_code": None}
    with pytest.raises(IntegrityError, match="ix_payment_intents_one_live"), pair.house.store.write() as transaction:
        transaction.execute(insert(payment_intents).values(**row))


def test_a_person_at_two_kiosks_of_two_processes_takes_one_number(pair: Any) -> None:
    kiosks = [pair.kiosk("D", 0), pair.kiosk("E", 1)]
    numbers: list[str] = []
    threads = [
        threading.Thread(target=lambda kiosk=kiosk: numbers.append(kiosk.check_in(clinic_id="mat").json()["number"]))
        for kiosk in kiosks
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 2 and len(set(numbers)) == 1


def test_a_change_made_by_one_process_reaches_the_stream_of_the_other(pair: Any) -> None:
    kiosk = pair.kiosk("F", 0)
    call = kiosk.post("/v1/staff-calls", {"step": ""}).json()
    seen: list[str] = []
    headers = {"Authorization": f"Bearer {kiosk.token}"}
    url = f"{pair.peers[1].url}/v1/staff-calls/{call['id']}/events"
    with httpx.stream("GET", url, headers=headers, timeout=10) as stream:
        for line in stream.iter_lines():
            if not line.startswith("data: "):
                continue
            seen.append(json.loads(line.removeprefix("data: "))["status"])
            if len(seen) == 1:
                kiosk.post(f"/v1/staff-calls/{call['id']}/cancel")
    assert seen == ["ringing", "cancelled"]


# --- writes are pipelines: what waits in one, and what becomes of it


@pytest.fixture(scope="module")
def store(postgres: str, pair: Any) -> Generator[Store]:
    """The database of the pair, for a third process."""
    opened = Store(postgres, Bus())
    migrate(opened)
    yield opened
    opened.close()


def _nonce(id: str) -> dict[str, object]:
    return {"id": id, "kiosk_id": "x", "value": "00" * 8, "expires_at": datetime.now(UTC)}


def _kept(store: Store, id: str) -> bool:
    with store.read() as transaction:
        return transaction.one(select(nonces.c.id).where(nonces.c.id == id)) is not None


def test_what_waits_is_stored_with_the_commit(store: Store) -> None:
    id = uuid.uuid4().hex
    with store.write() as transaction:
        transaction.later(_NONCE, _nonce(id))
    assert _kept(store, id)


def test_the_error_of_what_waits_is_told_at_the_commit_and_nothing_is_stored(store: Store) -> None:
    first, twice = uuid.uuid4().hex, uuid.uuid4().hex
    with store.write() as transaction:
        transaction.later(_NONCE, _nonce(twice))
    with pytest.raises(IntegrityError), store.write() as transaction:
        transaction.later(_NONCE, _nonce(first))
        transaction.later(_NONCE, _nonce(twice))
    assert not _kept(store, first)
    with store.write() as transaction:  # the connection serves again
        transaction.later(_NONCE, _nonce(first))
    assert _kept(store, first)


def test_the_error_of_what_waits_is_told_by_the_statement_that_is_read_next(store: Store) -> None:
    twice = uuid.uuid4().hex
    with store.write() as transaction:
        transaction.later(_NONCE, _nonce(twice))
    with pytest.raises(IntegrityError), store.write() as transaction:
        transaction.later(_NONCE, _nonce(twice))
        transaction.one(select(func.count()).select_from(nonces))


def test_a_refusal_on_the_way_stores_nothing_of_what_waited(store: Store) -> None:
    id = uuid.uuid4().hex
    with pytest.raises(ValueError, match="no"), store.write() as transaction:
        transaction.later(_NONCE, _nonce(id))
        raise ValueError("no")
    assert not _kept(store, id)


def test_a_savepoint_that_fails_leaves_the_rest(store: Store) -> None:
    id, twice = uuid.uuid4().hex, uuid.uuid4().hex
    with store.write() as transaction:
        transaction.later(_NONCE, _nonce(twice))
    with store.write() as transaction:
        transaction.later(_NONCE, _nonce(id))
        with pytest.raises(IntegrityError), transaction.connection.begin_nested():
            transaction.execute(insert(nonces), _nonce(twice))
    assert _kept(store, id)


def test_a_commit_that_stores_nothing_is_an_error(store: Store) -> None:
    id = uuid.uuid4().hex
    with pytest.raises(InternalError), store.write() as transaction:
        transaction.later(_NONCE, _nonce(id))
        with suppress(DataError):
            transaction.connection.exec_driver_sql("SELECT 1 / 0")
    assert not _kept(store, id)
    with store.write() as transaction:  # the connection serves again
        transaction.later(_NONCE, _nonce(id))
    assert _kept(store, id)


@pytest.mark.parametrize("step", ["begin", "queue", "commit"])
def test_a_connection_that_was_lost_is_the_databases_error_at_every_step(store: Store, step: str) -> None:
    plan = _NONCE.plan("postgresql", values := _nonce(uuid.uuid4().hex))
    steps: dict[str, Callable[[PostgresWire], None]] = {
        "begin": PostgresWire.begin,
        "queue": lambda wire: wire.queue(plan, plan.arguments(values)),
        "commit": PostgresWire.commit,
    }
    with store.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        wire = PostgresWire(driver)
        with pytest.raises(psycopg.Error):
            driver.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        with pytest.raises(OperationalError):
            steps[step](wire)
        assert not wire.undo(), "it is of no use any more"
        connection.invalidate()


def test_a_lock_that_waits_in_a_pipeline_still_holds_others_back(store: Store) -> None:
    name = uuid.uuid4().hex[:20]

    def count() -> None:
        with store.write() as transaction:
            transaction.lock(name)
            row = transaction.one(select(counters.c.value).where(counters.c.name == name))
            time.sleep(0.01)
            value = {"name": name, "value": 1 if row is None else row["value"] + 1}
            transaction.later(_COUNT, value)

    threads = [threading.Thread(target=count) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as transaction:
        row = transaction.one(select(counters.c.value).where(counters.c.name == name))
    assert row is not None and row["value"] == 12


def test_many_announcements_reach_another_process_together_and_this_one_once(postgres: str, store: Store) -> None:
    heard: list[str] = []
    own: list[str] = []
    here, there = Bus(), Bus()
    there.publish = heard.append  # type: ignore[method-assign]
    here.publish = own.append  # type: ignore[method-assign]
    channels = [PostgresChannel(postgres, bus) for bus in (here, there)]
    for channel in channels:
        channel.start()
    try:
        _until(lambda: (here.announce(["ready"]), "ready" in heard)[1])
        heard.clear()
        own.clear()
        topics = [f"queue:{n}" for n in range(50)]
        for topic in topics:
            here.announce([topic])
        _until(lambda: len(heard) >= 50)
        assert set(topics) <= set(heard)
        assert own == topics, "its own channel does not tell it again"
    finally:
        for channel in channels:
            channel.stop()


def test_the_channel_comes_back_after_its_connections_were_lost(postgres: str, store: Store) -> None:
    heard: list[str] = []
    here, there = Bus(), Bus()
    there.publish = heard.append  # type: ignore[method-assign]
    channels = [PostgresChannel(postgres, bus) for bus in (here, there)]
    for channel in channels:
        channel.start()
    try:
        _until(lambda: (here.announce(["before"]), "before" in heard)[1])
        with store.read() as transaction:
            transaction.connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND (query LIKE '%%LISTEN tram%%' OR query LIKE '%%pg_notify%%')"
            )
        _until(lambda: (here.announce(["after"]), "after" in heard)[1])
    finally:
        for channel in channels:
            channel.stop()


def test_a_command_that_serves_nothing_tells_the_processes_that_do(postgres: str, store: Store) -> None:
    heard: list[str] = []
    there = Bus()
    there.publish = heard.append  # type: ignore[method-assign]
    channel = PostgresChannel(postgres, there)
    channel.start()

    def tell() -> None:
        with store.write() as transaction:
            transaction.announce("told by a command")

    try:
        _until(lambda: (tell(), "told by a command" in heard)[1])
    finally:
        channel.stop()


def test_a_number_printed_at_the_very_moment_of_its_registration_is_never_lost(pair: Any) -> None:
    """The registration and the write that overtakes it go to two processes at once, again and again."""
    kiosk = pair.kiosk("G", 0)
    other = httpx.Client(base_url=pair.peers[1].url, headers={"Authorization": f"Bearer {kiosk.token}"}, timeout=20)
    held = [one for one in kiosk.post("/v1/leases").json()["leases"] if one["clinic_id"] == "noi-tong-quat"]
    lease = min(held, key=lambda one: one["day"])
    for n in range(10):
        key, number = str(uuid.uuid4()), lease["numbers"][n]
        fallback = {"lease_id": lease["id"], "number": number}
        use = {"registration_key": key, "fallback": fallback, "printed_at": datetime.now(UTC).isoformat()}
        late = threading.Thread(
            target=other.post, args=("/v1/check-ins/fallback",),
            kwargs={"json": use, "headers": {"Idempotency-Key": str(uuid.uuid4())}},
        )  # fmt: skip
        late.start()
        patient = {"number": f"0990881{n:05}", "name": "x"}
        kiosk.check_in(key, clinic_id="noi-tong-quat", patient=patient, fallback=fallback)
        late.join()
        again = kiosk.check_in(str(uuid.uuid4()), clinic_id="noi-tong-quat", patient=patient)
        assert again.json()["number"] == number
    other.close()


def _until(condition: Any, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
