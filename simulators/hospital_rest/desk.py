"""What the hospital does with a call: find patients, register once for each key, change, undo, give numbers.

What the profile asks of a hospital: the same key never registers twice, a person never becomes two, a
key that was undone stays undone.
"""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

from simulators.hospital.catalogue import GENERAL, Catalogue
from simulators.hospital_rest.store import Row, Store

OK, NOT_FOUND, WRONG, PAID, UNDONE = "000", "404", "400", "402", "410"
_TIMES = ("0730", "0800", "0830", "1330", "1400")
_NEEDED = ("MA_YEU_CAU", "MA_DICH_VU", "THOI_GIAN_DEN")

Said = tuple[str, Any]
"""Code and data."""


class Desk:
    """One hospital."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self.store = store
        self.catalogue = catalogue

    def patient(self, fields: Row) -> Said:
        """GET /benhnhan: only people whose number was proven are found by it."""
        row = self.store.one("SELECT * FROM patients WHERE paper = ?", _paper(fields))
        if row is None:
            return NOT_FOUND, None
        shown = ("HO_TEN", "NGAY_SINH", "GIOI_TINH", "DIA_CHI")
        visits = self.store.all("SELECT * FROM registrations WHERE patient = ? ORDER BY id DESC", row["id"])
        card = next((one["MA_THE_BHYT"] for one in visits if one.get("MA_THE_BHYT")), row.get("MA_THE_BHYT"))
        known = {name: row.get(name) for name in shown} | {"MA_THE_BHYT": card}
        return OK, {"ID_BN": row["id"], "MA_BN": f"BN{row['id']:08}", **known}

    def cover(self, fields: Row) -> Said:
        """GET /bhyt: the card as the last registration told it."""
        rows = self.store.all("SELECT * FROM registrations ORDER BY id DESC")
        card = next((row for row in rows if row.get("MA_THE_BHYT") == fields.get("MA_THE_BHYT")), None)
        if card is None:
            return NOT_FOUND, None
        names = ("MA_THE_BHYT", "MA_KQ", "GT_THE_TU", "GT_THE_DEN", "TIEP_NHAN_BHYT")
        return OK, {"PHAN_TUYEN": 1, "MA_DKBD": card.get("NOI_DKBD"), **{name: card.get(name) for name in names}}

    def exam_types(self, _fields: Row) -> Said:
        """GET /loai-kham."""
        rows = self.catalogue.exam_types.items()
        return OK, [{"MA_LOAI_KHAM": code, "TEN_LOAI_KHAM": name} for code, name in rows]

    def departments(self, _fields: Row) -> Said:
        """GET /khoa."""
        return OK, [{"MA_KHOA": code, "TEN_KHOA": name} for code, name in self.catalogue.departments.items()]

    def services(self, fields: Row) -> Said:
        """GET /dichvu."""
        return OK, [
            {
                "MA_DICH_VU": one.code,
                "TEN_DICH_VU": one.name,
                "MA_LOAI_KHAM": list(one.exam_types),
                "DON_GIA_DICH_VU": one.price,
                "DON_GIA_BHYT": one.insured_price,
                "DON_GIA_THU_THEM": one.surcharge,
            }
            for one in self.catalogue.examinations
            if one.department == fields.get("MA_KHOA", GENERAL)
        ]

    def available(self, fields: Row) -> Said:
        """GET /khoa/dichvu-cotontai."""
        return OK, [{"MA_DICH_VU": row["MA_DICH_VU"]} for row in self.services(fields)[1]]

    def slots(self, fields: Row) -> Said:
        """GET /dichvu-lichkham: half hours of two places, the first with one taken."""
        if not any(one.code == fields.get("MA_DICH_VU") for one in self.catalogue.examinations):
            return NOT_FOUND, None
        return OK, [self._slot(f"{fields['MA_DICH_VU']}-{time}", str(fields["NGAY"])) for time in _TIMES]

    def take(self, service: str, time: str, day: str) -> None:
        """The hospital's own counter gives a place of a time ("0830") to somebody."""
        slot = self._slot(f"{service}-{time}", day)
        if slot["SL_HIEN_TAI"] >= slot["SL_TOI_DA"]:
            raise ValueError("no place left")
        self.store.put("INSERT INTO places (slot, day) VALUES (?, ?)", slot["ID"], day)

    def _slot(self, id: str, day: str) -> Row:
        time = id.rpartition("-")[2]
        visits = self.store.all("SELECT * FROM registrations WHERE state != 'HUY'")
        ours = sum(one.get("ID_KHUNG_GIO") == id and str(one["THOI_GIAN_DEN"])[:8] == day for one in visits)
        own = len(self.store.all("SELECT id FROM places WHERE slot = ? AND day = ?", id, day)) + (time == _TIMES[0])
        return {
            "ID": id,
            "NGAY": day,
            "THOI_GIAN_TU": day + time,
            "THOI_GIAN_DEN": day + _later(time),
            "SL_TOI_DA": 2,
            "SL_HIEN_TAI": own + ours,
            "SL_TRAM": ours,
            "NHOM_KHUNG_GIO": "SANG" if time < "1200" else "CHIEU",
        }

    def bookings(self, fields: Row) -> Said:
        """GET /lich-hen: what nobody used."""
        query = "SELECT * FROM bookings WHERE patient = ? AND day = ? AND used IS NULL"
        rows = self.store.all(query, fields.get("ID_BN"), fields.get("NGAY"))
        return OK, [{"ID": str(row["id"]), **{key: row[key] for key in row if key.isupper()}} for row in rows]

    def registered(self, fields: Row) -> Said:
        """GET /dangky-kcb."""
        row = self._by_key(fields)
        return (NOT_FOUND, None) if row is None else (OK, _answer(row))

    def register(self, fields: Row) -> Said:
        """POST /dangky-kcb: once for each MA_YEU_CAU; the same answer ever after."""
        if any(not fields.get(name) for name in _NEEDED):
            return WRONG, None
        known = self._by_key(fields)
        if known is not None:
            return (UNDONE, _answer(known)) if known["state"] == "HUY" else (OK, _answer(known))
        patient = self.patient_for(fields)
        if patient is None:
            return WRONG, None
        room = str(fields["MA_DICH_VU"])
        fields = fields | self._place(fields, str(fields["THOI_GIAN_DEN"])[:8])
        last = self.store.one("SELECT MAX(number) AS last FROM registrations WHERE room = ?", room) or {}
        self.store.put(
            "INSERT INTO registrations (asked, patient, room, number, state, version, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            fields["MA_YEU_CAU"],
            patient,
            room,
            (last.get("last") or 0) + 1,
            "DEN",
            fields.get("PHIEN_BAN", 1),
            json.dumps(fields),
        )
        if fields.get("ID_LICH_HEN"):
            mine = "UPDATE bookings SET used = ? WHERE id = ? AND patient = ? AND used IS NULL"
            self.store.put(mine, fields["MA_YEU_CAU"], int(fields["ID_LICH_HEN"]), patient)
        row = self._by_key(fields)
        return OK, None if row is None else _answer(row)

    def change(self, fields: Row) -> Said:
        """POST /dangky-kcb/capnhat: an older version than the known one changes nothing."""
        row = self._by_key(fields)
        if row is None:
            return NOT_FOUND, None
        if row["state"] == "HUY":
            return UNDONE, _answer(row)
        if int(fields.get("PHIEN_BAN", 0)) > row["version"]:
            if row.get("GIU_KHUNG_GIO") != 1:
                fields = fields | self._place(fields, str(row["THOI_GIAN_DEN"])[:8])
            body = {key: value for key, value in row.items() if key.isupper()} | fields
            query = "UPDATE registrations SET version = ?, body = ? WHERE id = ?"
            self.store.put(query, fields["PHIEN_BAN"], json.dumps(body), row["id"])
        return OK, _answer(self._by_key(fields) or row)

    def undo(self, fields: Row) -> Said:
        """POST /dangky-kcb/huy: never what was paid or begun; a key that never came is remembered as undone."""
        row = self._by_key(fields)
        if row is None:
            query = "INSERT INTO registrations (asked, state, version, body) VALUES (?, 'HUY', 0, '{}')"
            self.store.put(query, fields["MA_YEU_CAU"])
            return OK, None
        bill: Row = row.get("HOA_DON") or {}
        if row["state"] in {"KHAM", "THU"} or bill.get("DA_THU") == 1:
            return PAID, _answer(row)
        self.store.put("UPDATE registrations SET state = 'HUY' WHERE id = ?", row["id"])
        self.store.put("UPDATE bookings SET used = NULL WHERE used = ?", fields["MA_YEU_CAU"])
        return OK, _answer({**row, "state": "HUY"})

    def become(self, key: str, state: str) -> None:
        """The hospital's own cashier was paid (THU), or the examination begins (KHAM)."""
        if not self.store.one("SELECT id FROM registrations WHERE asked = ?", key):
            raise ValueError("no registration of that key")
        self.store.put("UPDATE registrations SET state = ? WHERE asked = ?", state, key)

    def _place(self, fields: Row, day: str) -> Row:
        """A place of the wanted time, where one is left; nobody is refused for it."""
        wanted = fields.get("ID_KHUNG_GIO")
        if not wanted:
            return {}
        slot = self._slot(str(wanted), day)
        free = slot["SL_HIEN_TAI"] < slot["SL_TOI_DA"]
        return {"ID_KHUNG_GIO": wanted if free else None, "GIU_KHUNG_GIO": int(free)}

    def _by_key(self, fields: Row) -> Row | None:
        return self.store.one("SELECT * FROM registrations WHERE asked = ?", fields.get("MA_YEU_CAU"))

    def patient_for(self, fields: Row) -> int | None:
        """The patient of a registration: by the given id, the proven number, or everything they told."""
        if fields.get("ID_BN"):
            row = self.store.one("SELECT id FROM patients WHERE id = ?", int(fields["ID_BN"]))
            return None if row is None else int(row["id"])
        if fields.get("XAC_THUC") == 1 and fields.get("SO_GTTT"):
            return self._proven(fields)
        told = fields.get("MA_NGUOI_KHAI")
        if not told:
            return None
        row = self.store.one("SELECT id FROM patients WHERE told = ?", told)
        return int(row["id"]) if row else self._new(None, str(told), fields)

    def _proven(self, fields: Row) -> int:
        paper = _paper(fields)
        row = self.store.one("SELECT id FROM patients WHERE paper = ?", paper)
        if row is not None:
            return int(row["id"])
        for told in self.store.all("SELECT * FROM patients WHERE paper IS NULL"):
            if _paper(told) == paper and _same(told, fields):
                self.store.put("UPDATE patients SET paper = ? WHERE id = ?", paper, told["id"])
                return int(told["id"])
        return self._new(paper, None, fields)

    def _new(self, paper: str | None, told: str | None, fields: Row) -> int:
        query = "INSERT INTO patients (paper, told, body) VALUES (?, ?, ?)"
        return self.store.put(query, paper, told, json.dumps(fields))


def _paper(fields: Row) -> str:
    return f"{fields.get('LOAI_GTTT')}|{fields.get('SO_GTTT')}"


def _same(one: Row, other: Row) -> bool:
    names = [_bare(str(row.get("HO_TEN") or "")) for row in (one, other)]
    return bool(names[0]) and names[0] == names[1] and one.get("NGAY_SINH") == other.get("NGAY_SINH")


def _bare(name: str) -> str:
    split = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def _answer(row: Row) -> Row:
    number = row.get("id") or 0
    today = datetime.now(UTC)
    return {
        "MA_LK": f"LK{today:%y}{number:08}",
        "MA_DANG_KY": f"DK{number:06}",
        "STT_LK": row.get("number"),
        "ID_BN": row.get("patient"),
        "TRANG_THAI": row.get("state"),
        "PHIEN_BAN": row.get("version"),
        "GIU_KHUNG_GIO": row.get("GIU_KHUNG_GIO"),
    }


def _later(time: str) -> str:
    minutes = int(time[:2]) * 60 + int(time[2:]) + 30
    return f"{minutes // 60:02}{minutes % 60:02}"
