"""Upload sessions as kiosks see them: `gateway.one_stop.phones` keeps what comes.

Link and cookie live there; here a session is its id and its kiosk. The link's token is drawn from the id by a keyed
hash, so it stands in no table.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import RowMapping, insert, select, update

from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.one_stop.phones import GONE, MEGABYTE, SessionState, UploadPlace
from gateway.problems import Refused
from gateway.settings import Uploads
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_uploads
from services.contract.one_stop import Upload, WifiJoin


def link_token(house: House, id: str) -> str:
    """The token of a session's link: 160 bits, in no table."""
    return house.vault.hash("upload-link", id)[:40]


def begin(house: House, transaction: Transaction, kiosk: Kiosk) -> RowMapping:
    """A new session's row."""
    place = _place(house)
    now = house.now()
    id = new_id()
    expires = now + timedelta(minutes=place.settings.minutes)
    transaction.execute(insert(one_stop_uploads).values(id=id, kiosk_id=kiosk.id, opened_at=now, expires_at=expires))
    return row_of(transaction, kiosk, id)


def row_of(transaction: Transaction, kiosk: Kiosk, id: str) -> RowMapping:
    """A session of this kiosk. Raises Refused 404."""
    mine = one_stop_uploads.c.id == id, one_stop_uploads.c.kiosk_id == kiosk.id
    row = transaction.one(select(one_stop_uploads).where(*mine))
    if row is None:
        raise Refused(404, "There is no such session")
    return row


def mark_closed(house: House, transaction: Transaction, kiosk: Kiosk, id: str) -> RowMapping:
    """The session is over here. Raises Refused 404."""
    row_of(transaction, kiosk, id)
    open_still = one_stop_uploads.c.id == id, one_stop_uploads.c.closed_at.is_(None)
    transaction.execute(update(one_stop_uploads).where(*open_still).values(closed_at=house.now()))
    return row_of(transaction, kiosk, id)


def as_answer(house: House, row: RowMapping, state: SessionState) -> Upload:
    """The session as the kiosk gets it."""
    settings = _place(house).settings
    over = row["closed_at"] is not None or state is GONE or row["expires_at"] <= house.now()
    return Upload(
        id=row["id"],
        url=f"{settings.url.rstrip('/')}/u/{link_token(house, row['id'])}",
        wifi=_wifi(settings),
        expires_at=row["expires_at"],
        max_file_bytes=settings.max_file_mb * MEGABYTE,
        max_total_bytes=settings.max_total_mb * MEGABYTE,
        opened=state.opened,
        closed=over,
        documents=state.documents,
        version=GONE.version if over else state.version,
    )


def the_place(house: House) -> UploadPlace:
    """The process for phones. Raises Refused 404 where the site has none."""
    return _place(house)


def _place(house: House) -> UploadPlace:
    place = None if house.one_stop is None else house.one_stop.uploads
    if place is None:
        raise Refused(404, "No phones send anything here")
    return place


def _wifi(settings: Uploads) -> WifiJoin | None:
    if not settings.wifi_ssid:
        return None
    name = _escaped(settings.wifi_ssid)
    if settings.wifi_password is None:
        return WifiJoin(ssid=settings.wifi_ssid, text=f"WIFI:T:nopass;S:{name};;")
    return WifiJoin(ssid=settings.wifi_ssid, text=f"WIFI:T:WPA;S:{name};P:{_escaped(settings.wifi_password.read())};;")


def _escaped(text: str) -> str:
    """As codes that join a network write it: a backslash before what would end a field."""
    return "".join(f"\\{letter}" if letter in '\\;,":' else letter for letter in text)
