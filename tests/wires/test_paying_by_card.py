"""A bank card at the terminal of the whole house: a lost answer, one charge, and the number of the card nowhere."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from simulators.card_terminal.acquirer import CARD_NUMBER
from tests.wires.test_nothing_personal_is_written import written_files

if TYPE_CHECKING:
    from tests.wires.conftest import Kiosk

pytestmark = [pytest.mark.wire, pytest.mark.screen]
OUTSIDE = {"terminal.json", "card_terminal.log"}
"""The terminal's own."""


def closed_batch(kiosk: Kiosk) -> tuple[str, int | None]:
    """The gateway asks for the closing, as the cashier's button does (tests/gateway/payments/test_money_page.py)."""
    with closing(sqlite3.connect(kiosk.world.run / "gateway.sqlite", timeout=60)) as books:
        (beside,) = books.execute("SELECT kiosk_id FROM payment_intents WHERE method = 'card'").fetchone()
        books.execute(
            "INSERT INTO card_duties (id, kiosk_id, kind, service_id, outcome, asked_by, asked_at)"
            " VALUES ('closing', ?, 'close-batch', 'CLOSE1', 'waiting', 'thu', '2026-11-30 00:00:00.000000')",
            (beside,),
        )
        books.commit()
        end = time.monotonic() + 120
        while time.monotonic() < end:
            found = books.execute("SELECT outcome, net FROM card_duties WHERE id = 'closing'").fetchone()
            if found[0] != "waiting":
                return found
            time.sleep(0.2)
    return "waiting", None


def test_a_lost_answer_is_resolved_and_the_cards_number_is_in_no_file(kiosk: Kiosk) -> None:
    terminal = kiosk["card_terminal"]
    terminal.control("play", card="approve", lost="answer", leak=True, lost_statuses=1)
    try:
        kiosk.identify("dai")
        kiosk.touch("yes")
        kiosk.choose()
        kiosk.touch("take-number")
        kiosk.until("pay-by-viet-qr")
        kiosk.touch("card")
        kiosk.until("ticket-ready", mark="printed")
    finally:
        terminal.control("play", card="approve", lost="nothing", leak=False, lost_statuses=0)
    kiosk.left_alone()

    state = terminal.state()
    assert [(row["charged"], row["reversed"]) for row in state["attempts"]] == [(True, False)]
    assert state["requests"].count("Payment") == 1 and state["requests"].count("TransactionStatus") >= 2
    with closing(sqlite3.connect(f"file:{kiosk.world.run / 'gateway.sqlite'}?mode=ro", uri=True)) as books:
        (status,) = books.execute("SELECT status FROM bills ORDER BY created_at DESC LIMIT 1").fetchone()
    assert status == "paid"

    assert closed_batch(kiosk) == ("done", 122_500), "the kiosk closes it, the terminal says its sum"
    assert terminal.state()["requests"].count("Reconciliation") == 1

    digits = CARD_NUMBER.encode()
    files = [path for path in written_files(kiosk.world.run) if path.name not in OUTSIDE]
    assert any(path.name == "outbox.db" for path in files), "the kiosk's books were not among the files"
    assert [path.name for path in files if digits in path.read_bytes()] == []
