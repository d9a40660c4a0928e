"""A technician's card lets in by what only it can sign; a copy of everything readable does not."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from typing import Any

import pytest
import trio
from cryptography.hazmat.primitives.asymmetric import ec

from drivers.smartcard.connection import CardError
from drivers.smartcard.piv import prove
from drivers.smartcard.presence import CardPresence
from drivers.smartcard.proof import CardProof
from drivers.smartcard.remote import RemoteCardReader
from kiosk.technician.card import TechnicianCards
from services.journeys.offload import ThreadOffload
from services.technician.cards import FILE, CardBook, NotAdded
from simulators.chip.slot import Slot
from simulators.chip.technician import TechnicianCard
from simulators.chip.world import World
from simulators.pcsc import PrivatePcscd


class Wire:
    """A connection without a reader."""

    def __init__(self, card: TechnicianCard) -> None:
        self.atr, self._card = card.atr, card

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        answer = self._card.process(apdu)
        return answer[:-2], int.from_bytes(answer[-2:], "big")


def shown(card: TechnicianCard, challenge: bytes) -> CardProof:
    proof = prove(Wire(card), challenge)
    assert proof is not None
    return proof


@pytest.fixture
def book(tmp_path: Path) -> CardBook:
    return CardBook(tmp_path)


@pytest.mark.parametrize("curve", [ec.SECP256R1, ec.SECP384R1])
def test_a_known_card_opens_by_a_fresh_signature_only(
    book: CardBook, curve: type[ec.EllipticCurve], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    card = TechnicianCard(curve)
    first, second = secrets.token_bytes(32), secrets.token_bytes(32)
    book.add("tho-1", shown(card, first), first)
    assert book.names == ("tho-1",)
    assert book.opened_by(shown(card, second), second) == "tho-1"
    assert book.opened_by(shown(card, first), second) is None, "an old signature was taken"
    assert book.opened_by(shown(card.clone(), second), second) is None, "a copied certificate was taken"
    assert book.opened_by(shown(TechnicianCard(curve), second), second) is None
    for words in ("tho-1 was added", "tho-1 accepted", "tho-1 could not prove its key", "a card that is not known"):
        assert words in caplog.text


def test_a_forgotten_card_opens_nothing_and_names_are_kept_apart(book: CardBook, tmp_path: Path) -> None:
    card, other, challenge = TechnicianCard(), TechnicianCard(), secrets.token_bytes(32)
    book.add("tho-1", shown(card, challenge), challenge)
    for name, wrong in (("tho-1", other), ("tho-2", card), ("Nguyễn Văn An", other), ("tho-3", other.clone())):
        with pytest.raises(NotAdded):
            book.add(name, shown(wrong, challenge), challenge)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert book.forget("tho-1") and not book.forget("tho-1")
    assert book.opened_by(shown(card, challenge), challenge) is None


def test_rubbish_is_no_card_and_a_damaged_book_knows_nobody(book: CardBook, tmp_path: Path) -> None:
    card, challenge = TechnicianCard(), secrets.token_bytes(32)
    book.add("tho-1", shown(card, challenge), challenge)
    good = shown(card, challenge)
    assert book.opened_by(CardProof(good.key, b"rubbish"), challenge) is None
    assert book.opened_by(CardProof(b"rubbish", good.signature), challenge) is None
    (tmp_path / FILE).write_text('["x"]')
    assert book.names == () and book.opened_by(good, challenge) is None


def test_a_card_is_not_added_over_a_book_that_cannot_be_read(book: CardBook, tmp_path: Path) -> None:
    card, challenge = TechnicianCard(), secrets.token_bytes(32)
    damaged = '{"tho-1": "30'
    (tmp_path / FILE).write_text(damaged)
    with pytest.raises(NotAdded, match="cannot be read"):
        book.add("tho-2", shown(card, challenge), challenge)
    assert (tmp_path / FILE).read_text() == damaged
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    with pytest.raises(OSError):
        book.add("tho-2", shown(card, challenge), challenge)


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_a_card_that_answers_rubbish_raises_the_one_error_of_cards(cut: int) -> None:
    card = TechnicianCard()

    class Cut(Wire):
        def transmit(self, apdu: bytes) -> tuple[bytes, int]:
            data, _ = super().transmit(apdu)
            return (data[:cut], 0x9000) if apdu[1] != 0xA4 else (data, 0x9000)

    with pytest.raises(CardError):
        prove(Cut(card), b"x")


@pytest.mark.wire
@pytest.mark.trio
async def test_on_the_wire_a_technicians_card_opens_and_a_citizens_is_only_asked_its_name(tmp_path: Path) -> None:
    with PrivatePcscd() as pcsc:
        slot, card = Slot(pcsc.port), TechnicianCard()
        reader = RemoteCardReader(env=pcsc.env)
        cards = TechnicianCards(tmp_path, reader, ThreadOffload())
        async with trio.open_nursery() as nursery:
            nursery.start_soon(reader.run)
            with trio.fail_after(60):
                slot.insert(card)
                laid = await reader.inserted()
                assert not await cards.opened_by(laid), "without a known card no card is asked"
                challenge = secrets.token_bytes(32)
                proof = await reader.prove(laid, challenge)
                assert proof is not None
                CardBook(tmp_path).add("tho-1", proof, challenge)
                assert await cards.lies_here()
                copy = await swapped(slot, reader, card.clone())
                assert not await cards.opened_by(copy)
                citizen = await swapped(slot, reader, World().card({"citizen": "hoa"}))
                assert not await cards.opened_by(citizen)
                assert slot.apdus == 1, "a citizen's card was asked more than one question"
                async with trio.open_nursery() as waiting:
                    waiting.start_soon(cards.laid_down)
                    await swapped(slot, reader, card)
            nursery.cancel_scope.cancel()


async def swapped(slot: Slot, reader: RemoteCardReader, card: Any) -> CardPresence:
    """Another card, laid down once the reader has seen that the first is gone."""
    before = reader.card
    assert before is not None
    slot.remove()
    await reader.removed(before)
    slot.insert(card)
    return await reader.inserted(after=before.serial)
