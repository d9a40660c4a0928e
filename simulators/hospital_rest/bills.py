"""Bills and advances of the hospital: asked for, held while somebody pays, paid once for each key."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from simulators.citizens import Citizen
from simulators.hospital_rest.desk import NOT_FOUND, OK, WRONG, Desk, Row, Said

PLACE = timezone(timedelta(hours=7))
HELD = "409"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Till:
    """The hospital's till. `invoices`: e-invoices are issued with the payment, else when `issue` says so."""

    def __init__(
        self, desk: Desk, invoices: bool = True, now: Callable[[], datetime] = lambda: datetime.now(PLACE)
    ) -> None:
        self.desk = desk
        self.now = now
        self.store = desk.store
        self.invoices = invoices

    # --- the profile

    def bills(self, fields: Row) -> Said:
        """GET /phieu-thu: of a patient, a registration, or by number."""
        rows = self.store.all("SELECT * FROM bills ORDER BY id DESC")
        if fields.get("MA_PHIEU"):
            found = [row for row in rows if str(row["id"]) == fields["MA_PHIEU"]]
        elif fields.get("SO_PHIEU"):
            found = [row for row in rows if row["SO_PHIEU"].upper() == str(fields["SO_PHIEU"]).upper()]
        else:
            patient = fields.get("ID_BN")
            if fields.get("MA_YEU_CAU"):
                visit = self.store.one("SELECT patient FROM registrations WHERE asked = ?", fields["MA_YEU_CAU"])
                patient = None if visit is None else visit["patient"]
            found = [row for row in rows if patient is not None and str(row["patient"]) == str(patient)]
        return (OK, [self._told(row) for row in found]) if found else (NOT_FOUND, None)

    def hold(self, fields: Row) -> Said:
        """POST /phieu-thu/giu: one holder at a time, and only of the version they know."""
        row = self._bill(fields)
        if row is None:
            return NOT_FOUND, None
        now = f"{self.now().astimezone(PLACE):%Y%m%d%H%M}"
        taken = row["holder"] not in {None, fields["NGUOI_GIU"]} and str(row["held_until"]) > now
        if row["state"] != 0 or str(row["version"]) != str(fields["PHIEN_BAN"]) or taken:
            return HELD, self._told(row)
        self.store.put(
            "UPDATE bills SET holder = ?, held_until = ? WHERE id = ?", fields["NGUOI_GIU"], fields["DEN"], row["id"]
        )
        return OK, self._told(row)

    def let_go(self, fields: Row) -> Said:
        """POST /phieu-thu/nha."""
        row = self._bill(fields)
        if row is not None and row["holder"] == fields.get("NGUOI_GIU"):
            self.store.put("UPDATE bills SET holder = NULL WHERE id = ?", row["id"])
        return OK, {}

    def pay(self, fields: Row) -> Said:
        """POST /thanh-toan: the same MA_THANH_TOAN is the same payment."""
        known = self.store.one("SELECT * FROM payments WHERE asked = ?", fields["MA_THANH_TOAN"])
        if known is not None:
            return OK, self._receipt(known)
        if fields.get("MA_PHIEU"):
            row = self._bill(fields)
            if row is None:
                return NOT_FOUND, None
            if row["state"] != 0 or int(fields["SO_TIEN"]) != row["PHAI_TRA"]:
                return WRONG, None
            self.store.put("UPDATE bills SET state = 1, version = version + 1, holder = NULL WHERE id = ?", row["id"])
        else:
            visit = self.store.one("SELECT state FROM registrations WHERE asked = ?", fields.get("MA_YEU_CAU"))
            if visit is None:
                return NOT_FOUND, None
            if visit["state"] in {"HUY", "THU"}:  # struck, or paid at the hospital's own cashier
                return WRONG, None
        target = str(fields.get("MA_PHIEU") or fields.get("MA_YEU_CAU"))
        query = "INSERT INTO payments (asked, target, invoice, body) VALUES (?, ?, ?, ?)"
        invoice = json.dumps(self._invoice()) if self.invoices else None
        self.store.put(query, fields["MA_THANH_TOAN"], target, invoice, json.dumps(fields))
        made = self.store.one("SELECT * FROM payments WHERE asked = ?", fields["MA_THANH_TOAN"])
        return OK, self._receipt(made or {})

    def payment(self, fields: Row) -> Said:
        """GET /thanh-toan: by its key, or by what was paid."""
        target = str(fields.get("MA_PHIEU") or fields.get("MA_YEU_CAU"))
        row = self.store.one(
            "SELECT * FROM payments WHERE asked = ? OR target = ?", fields.get("MA_THANH_TOAN", ""), target
        )
        return (NOT_FOUND, None) if row is None else (OK, self._receipt(row))

    # --- what happens at the hospital

    def charge(self, citizen: Citizen, lines: list[Row], kind: str = "THU", title: str = "", **more: Any) -> int:
        """A new bill of somebody; its id. A line: TEN, DON_GIA, QUY_BHYT, THANH_TIEN, TAI_KHOAN?."""
        patient = self.desk.patient_for(
            {
                "LOAI_GTTT": 1,
                "SO_GTTT": citizen.number,
                "HO_TEN": citizen.name,
                "NGAY_SINH": citizen.birth.replace("-", ""),
                "GIOI_TINH": {"M": 1, "F": 2}.get(citizen.sex, 3),
                "XAC_THUC": 1,
            }
        )
        count = len(self.store.all("SELECT id FROM bills")) + 1
        now = self.now().astimezone(PLACE)
        body = {
            "SO_PHIEU": f"{'TU' if kind == 'TAM_UNG' else 'PT'}{now:%y%m}-{count:05}",
            "LOAI": kind,
            "TEN_PHIEU": title,
            "TONG_TIEN": sum(int(line.get("DON_GIA", line["THANH_TIEN"])) for line in lines),
            "QUY_BHYT": sum(int(line.get("QUY_BHYT", 0)) for line in lines),
            "PHAI_TRA": sum(int(line["THANH_TIEN"]) for line in lines),
            "THOI_GIAN": f"{now:%Y%m%d%H%M}",
            "CHI_TIET": lines,
            **more,
        }
        return self.store.put(
            "INSERT INTO bills (patient, state, version, body) VALUES (?, 0, 1, ?)", patient, json.dumps(body)
        )

    def change(self, bill: int, amount: int) -> None:
        """The bill asks for another sum now."""
        row = self.store.one("SELECT * FROM bills WHERE id = ?", bill)
        if row is None:
            raise ValueError("no such bill")
        body = {key: value for key, value in row.items() if key.isupper()}
        body |= {
            "PHAI_TRA": amount,
            "TONG_TIEN": amount,
            "QUY_BHYT": 0,
            "CHI_TIET": [{"TEN": "Tổng mới", "THANH_TIEN": amount}],
        }
        self.store.put("UPDATE bills SET version = version + 1, body = ? WHERE id = ?", json.dumps(body), bill)

    def become(self, bill: int, state: int) -> None:
        """Paid at the hospital's own cashier (1), or cancelled (2)."""
        self.store.put("UPDATE bills SET state = ?, version = version + 1 WHERE id = ?", state, bill)

    def issue(self) -> None:
        """E-invoices of every payment that has none."""
        for row in self.store.all("SELECT * FROM payments WHERE invoice IS NULL"):
            self.store.put("UPDATE payments SET invoice = ? WHERE asked = ?", json.dumps(self._invoice()), row["asked"])

    def _bill(self, fields: Row) -> Row | None:
        return self.store.one("SELECT * FROM bills WHERE id = ?", int(fields["MA_PHIEU"]))

    def _told(self, row: Row) -> Row:
        shown = {key: row[key] for key in row if key.isupper()}
        paid = self.store.one("SELECT * FROM payments WHERE target = ?", str(row["id"]))
        invoice = None if paid is None or not paid["invoice"] else json.loads(paid["invoice"])
        return {
            **shown,
            "MA_PHIEU": str(row["id"]),
            "TRANG_THAI": row["state"],
            "PHIEN_BAN": row["version"],
            "HOA_DON_DT": invoice,
        }

    def _receipt(self, row: Row) -> Row:
        return {
            "SO_BIEN_NHAN": f"BN{row['id']:06}",
            "HOA_DON_DT": json.loads(row["invoice"]) if row["invoice"] else None,
        }

    def _invoice(self) -> Row:
        count = len(self.store.all("SELECT id FROM payments WHERE invoice IS NOT NULL")) + 1
        code = "".join(secrets.choice(_LETTERS) for _ in range(10))
        return {
            "KY_HIEU": "1C26THG",
            "SO": f"{count:08}",
            "MA_TRA_CUU": code,
            "TRANG_TRA_CUU": "https://hoadon.hoagiang.invalid",
            "NGAY": f"{self.now().astimezone(PLACE):%Y%m%d%H%M}",
        }
