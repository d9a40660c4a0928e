"""Finding dossiers: by a slip's token, by a code with what belongs to it, or everything of a person the chip proved.

A sending code has 40 random bits and stands alone; a dossier code is counted upwards, so it needs the look-up code
that only the receipt carries. Wrong tries are counted for the code and for the kiosk, and slowed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import RowMapping, delete, or_, select

from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.one_stop.counting import LOOK_UP, count
from gateway.one_stop.keeping import as_answer
from gateway.one_stop.ratings import was_rated
from gateway.payments.intents import note_view
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_dossiers, one_stop_parts, one_stop_tries
from services.codes.dossier import looks_like_dossier, normalise_dossier_code
from services.codes.errors import CodeError
from services.contract.one_stop import Dossier, Dossiers, DossiersRequest
from services.contract.ticket_codes import clean_reprint_code

PAUSE = timedelta(minutes=15)
TRIES_OF_A_CODE = 5
TRIES_OF_A_KIOSK = 40
NEWEST = 20
"""Of one person."""

_SENDING = re.compile("[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Nothing that looks like something else on paper."""


@dataclass(frozen=True)
class Answer:
    """What is told, or why nothing is: it is raised after the count of wrong tries is committed."""

    dossiers: Dossiers | None
    refusal: Refused | None = None

    def told(self) -> Dossiers:
        """The dossiers. Raises Refused."""
        if self.dossiers is None:
            raise self.refusal or Refused(404, "No dossier fits")
        return self.dossiers


@dataclass(frozen=True)
class Opened:
    """The dossier that a code or token opens; `refusal`: too many wrong tries."""

    row: RowMapping | None
    refusal: Refused | None = None


def may_be_code(text: str) -> bool:
    """Whether a text is a code of a dossier or of what was sent: a wrong one counts as a wrong try."""
    return looks_like_dossier(text) or _SENDING.fullmatch(clean_reprint_code(text)) is not None


def look_up_code(house: House, dossier_id: str) -> str:
    """Four letters and digits on the receipt, drawn from the dossier by a keyed hash."""
    number = int(house.vault.hash("look-up-code", dossier_id), 16)
    return "".join(_ALPHABET[number // len(_ALPHABET) ** place % len(_ALPHABET)] for place in range(4))


def find(house: House, transaction: Transaction, kiosk: Kiosk, request: DossiersRequest) -> Answer:
    """Look for it; who asks by `person` was proven before."""
    if request.person is not None:
        number = request.person.number
        rows = [] if number is None else _of_person(house, transaction, number)
        count(house, transaction, LOOK_UP, f"chip:{'found' if rows else 'none'}")
        return Answer(Dossiers(dossiers=tuple(_told(house, transaction, kiosk, row) for row in rows)))
    way = "slip" if request.token is not None else "code"
    opened = open_one(house, transaction, kiosk.id, request.token, request.code, request.look_up_code)
    if opened.refusal is None:
        count(house, transaction, LOOK_UP, f"{way}:{'found' if opened.row is not None else 'none'}")
    if opened.row is None:
        return Answer(None, opened.refusal)
    return Answer(Dossiers(dossiers=(_told(house, transaction, kiosk, opened.row),)))


def open_one(
    house: House, transaction: Transaction, asker: str, token: str | None, code: str | None, look_up: str | None
) -> Opened:
    """As `one`, with wrong tries counted and slowed; `asker` is the kiosk, or the screen, that asks."""
    asked = token or code or ""
    if (seconds := _paused(house, transaction, asker, asked)) is not None:
        return Opened(None, Refused(429, "Too many tries", detail=str(seconds)))
    row = one(house, transaction, token, code, look_up)
    if row is None:
        _wrong(house, transaction, asker, asked)
        return Opened(None)
    transaction.execute(delete(one_stop_tries).where(one_stop_tries.c.asked == _hash(house, "code", asked)))
    return Opened(row)


def one(
    house: House, transaction: Transaction, token: str | None, code: str | None, look_up: str | None
) -> RowMapping | None:
    """The dossier of a token; of a sending code; of a dossier code with its look-up code."""
    if token is not None:
        return transaction.one(select(one_stop_dossiers).where(one_stop_dossiers.c.token == token))
    sending = clean_reprint_code(code or "")
    row = transaction.one(select(one_stop_dossiers).where(one_stop_dossiers.c.sending_code == sending))
    if row is not None:
        return row
    try:
        number = normalise_dossier_code(code or "")
    except CodeError:
        return None
    row = transaction.one(
        select(one_stop_dossiers)
        .join(one_stop_parts, one_stop_parts.c.dossier_id == one_stop_dossiers.c.id)
        .where(one_stop_parts.c.number == number)
    )
    if row is None or row["accepted_at"] is None:
        return None
    given = "".join((look_up or "").split()).upper()
    return row if given == look_up_code(house, row["id"]) else None


def _of_person(house: House, transaction: Transaction, number: str) -> list[RowMapping]:
    mine = one_stop_dossiers.c.person == house.vault.hash("person", number)
    return transaction.all(
        select(one_stop_dossiers)
        .where(mine, one_stop_dossiers.c.stripped.is_(False))
        .order_by(one_stop_dossiers.c.filed_at.desc())
        .limit(NEWEST)
    )


def _told(house: House, transaction: Transaction, kiosk: Kiosk, row: RowMapping) -> Dossier:
    told = as_answer(house, transaction, row, rated=was_rated(house, transaction, row["token"]))
    if told.money is not None and told.money.bill_id is not None:
        # Whoever may see what is asked for may pay it here.
        note_view(house, transaction, kiosk, told.money.bill_id, details=True)
    return told


def _hash(house: House, kind: str, value: str) -> str:
    return house.vault.hash(f"tries-{kind}", "".join(value.split()).upper())


def _paused(house: House, transaction: Transaction, asker: str, asked: str) -> int | None:
    """Seconds to wait; None when it may be tried."""
    of_code, of_kiosk = _hash(house, "code", asked), _hash(house, "kiosk", asker)
    rows = transaction.all(
        select(one_stop_tries).where(
            or_(one_stop_tries.c.asked == of_code, one_stop_tries.c.asked == of_kiosk),
            one_stop_tries.c.since > house.now() - PAUSE,
        )
    )
    limits = {of_code: TRIES_OF_A_CODE, of_kiosk: TRIES_OF_A_KIOSK}
    full = [row["since"] + PAUSE - house.now() for row in rows if row["wrong"] >= limits[row["asked"]]]
    return max((int(left.total_seconds()) + 1 for left in full), default=None)


def _wrong(house: House, transaction: Transaction, asker: str, asked: str) -> None:
    now = house.now()
    for kind, value in (("code", asked), ("kiosk", asker)):
        hashed = _hash(house, kind, value)
        old = one_stop_tries.c.asked == hashed, one_stop_tries.c.since <= now - PAUSE
        transaction.execute(delete(one_stop_tries).where(*old))
        row = transaction.insert(one_stop_tries).values(asked=hashed, wrong=1, since=now)
        more = {"wrong": one_stop_tries.c.wrong + 1}
        transaction.execute(row.on_conflict_do_update(index_elements=["asked"], set_=more))
