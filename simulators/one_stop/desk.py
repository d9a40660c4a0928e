"""What the authority's software does: gives numbers, keeps files, creates each dossier once, takes progress, tells.

Its statuses are the national ones, or OpenCPS's words (`vocabulary`): written by its own table, not the gateway's.
What nobody may do: skip the reception, come back from an end, change a dossier by creating it again.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from simulators.one_stop.store import Row, Store, text

PLACE = timezone(timedelta(hours=7))

OPENCPS = {1: "new", 2: "received", 3: "denied", 4: "processing", 5: "waiting", 6: "paying", 7: "cancelling",
           8: "unresolved", 9: "releasing", 10: "done"}  # fmt: skip
MOVES = {
    1: {2, 3, 5, 7, 8},
    2: {4, 5, 6, 7, 8, 9},
    3: set[int](),
    4: {5, 6, 7, 8, 9},
    5: {2, 3, 4, 6, 7, 8, 9},
    6: {4, 5, 7, 8, 9},
    7: set[int](),
    8: set[int](),
    9: {10},
    10: set[int](),
}
"""What may follow at once."""

PROCEDURES = {
    "1.001193": "Đăng ký khai sinh",
    "2.000635": "Cấp bản sao trích lục hộ tịch",
    "2.000815": "Chứng thực bản sao từ bản chính",
    "1.004222": "Đăng ký thường trú",
}
"""Known from the start; a catalogue file (`--catalogue`) adds its own."""


class Desk:
    """One authority."""

    def __init__(
        self,
        store: Store,
        *,
        vocabulary: str = "national",
        procedures: dict[str, str] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(PLACE),
    ) -> None:
        self.store = store
        self.procedures = dict(procedures or PROCEDURES)
        self._opencps = vocabulary == "opencps"
        self._now = now
        self.receipts = True
        """Whether e-receipts are issued with the payment; else by `issue`."""
        self.issued = 0

    # --- 6.2

    def next_number(self, agency: str) -> str:
        """Short agency code, day, running number of the day: given by this server alone."""
        day = f"{self._now():%Y%m%d}"
        self.store.put("INSERT OR IGNORE INTO numbers VALUES (?, ?, 0)", agency, day)
        self.store.put("UPDATE numbers SET last = last + 1 WHERE agency = ? AND day = ?", agency, day)
        row = self.store.one("SELECT last FROM numbers WHERE agency = ? AND day = ?", agency, day) or {"last": 0}
        number = f"{agency}-{day}-{row['last']:07}"
        self.store.put("INSERT INTO taken VALUES (?)", number)
        return number

    def keep(self, content: bytes, kind: str) -> Row:
        """A file; its digest in the answer."""
        id, digest = secrets.token_hex(12), hashlib.sha256(content).hexdigest()
        self.store.put("INSERT INTO files VALUES (?, ?, ?, ?)", id, digest, kind, content)
        return {"IdTepTin": id, "HashTepTin": digest, "KichThuoc": len(content)}

    def file(self, id: str) -> Row | None:
        """A file again."""
        return self.store.one("SELECT * FROM files WHERE id = ?", id)

    def create(self, body: Row) -> str:
        """ "0", or why not: 404 a number nobody took, 422 something is missing, 409 another dossier has the number."""
        number = str(body.get("MaHoSo", ""))
        if self.store.one("SELECT 1 FROM taken WHERE number = ?", number) is None:
            return "404"
        known = self.store.one("SELECT sent FROM dossiers WHERE number = ?", number)
        if known is not None:
            return "0" if known["sent"] == text(body) else "409"
        if body.get("MaTTHC") not in self.procedures or not self._complete(body):
            return "422"
        self.store.put(
            "INSERT INTO dossiers (number, status, sent, body) VALUES (?, ?, ?, ?)",
            number, "1", text(body), text(body),
        )  # fmt: skip
        self._note(f"{number}:1", number, 1, self._now(), str(body.get("DonViTiepNhan", "")), "")
        return "0"

    def _complete(self, body: Row) -> bool:
        person = body.get("ThongTinNguoiNop")
        papers = body.get("ThanhPhanHoSo")
        if not isinstance(person, dict) or not person.get("HoTen") or not isinstance(papers, list):  # pyright: ignore[reportUnknownMemberType]
            return False
        files = [one["IdGiayTo"] for paper in papers for one in paper.get("GiayToDinhKem", [])]  # pyright: ignore
        return all(self.file(str(id)) is not None for id in files)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]

    def progress(self, body: Row) -> str:
        """ "0", or why not: 404 no such dossier, 422 a word it does not know, 409 a step that may not follow."""
        number, key = str(body.get("MaHoSo", "")), str(body.get("MaTienDo", ""))
        if self.store.one("SELECT 1 FROM progress WHERE key = ?", key) is not None:
            return "0"
        row = self.store.one("SELECT * FROM dossiers WHERE number = ?", number)
        if row is None or not key:
            return "404"
        status = self._code(str(body.get("TrangThai", "")))
        if status is None:
            return "422"
        again = status == int(row["status"]) and (body.get("LyDoGiaHan") or (status == 2 and body.get("HinhThucTra")))
        if status not in MOVES[int(row["status"])] and not again:
            return "409"
        if body.get("NgayKetThucTheoQuyDinh"):
            self.store.put("UPDATE dossiers SET due = ? WHERE number = ?", body["NgayKetThucTheoQuyDinh"], number)
        kept = ("DanhSachHoSoBoSung", "DanhSachLePhi", "HinhThucTra")
        asked = {name: body[name] for name in kept if name in body}
        if asked:
            content = json.loads(row["body"])
            content.setdefault("DanhSachHoSoBoSung", []).extend(asked.get("DanhSachHoSoBoSung", []))
            content["DanhSachLePhi"] = asked.get("DanhSachLePhi", content.get("DanhSachLePhi", []))
            content["HinhThucTra"] = asked.get("HinhThucTra", content.get("HinhThucTra", ""))
            self.store.put("UPDATE dossiers SET body = ? WHERE number = ?", text(content), number)
        at = datetime.strptime(str(body["ThoiDiemXuLy"]), "%Y%m%d%H%M%S").replace(tzinfo=PLACE)
        self._step(key, number, status, at, str(body.get("PhongBanXuLy", "")), str(body.get("NoiDungXuLy", "")))
        return "0"

    def paid(self, body: Row) -> tuple[str, Row]:
        """Fees that were paid elsewhere: marked, and a dossier that waited for them goes on. "0", or why not: 404 no
        such dossier, 409 another sum than it asks for, or the key of another payment."""
        number, key = str(body.get("MaHoSo", "")), str(body.get("MaThanhToan", ""))
        known = self.store.one("SELECT * FROM payments WHERE key = ?", key)
        if known is not None and known["sent"] != text(body):
            return "409", {}
        if known is None:
            row = self.store.one("SELECT * FROM dossiers WHERE number = ?", number)
            if row is None or not key:
                return "404", {}
            content = json.loads(row["body"])
            if not self._mark_paid(content, body):
                return "409", {}
            self.store.put("UPDATE dossiers SET body = ? WHERE number = ?", text(content), number)
            count = len(self.store.all("SELECT 1 FROM payments")) + 1
            voucher = f"CT{count:06}"
            self.store.put("INSERT INTO payments VALUES (?, ?, ?, ?)", key, number, text(body), voucher)
            if self.receipts:
                self.issue(number)
            if row["status"] == "6" and not self._unpaid(content):
                self.move(number, 4, "Bộ phận chuyên môn")
        made = self.store.one("SELECT * FROM payments WHERE key = ?", key) or {}
        paid = json.loads((self.store.one("SELECT body FROM dossiers WHERE number = ?", number) or {})["body"])
        wanted = {line.get("MaPhiLePhi") for line in body.get("DanhSachLePhi", [])}
        receipt = next((fee.get("BienLai") for fee in paid["DanhSachLePhi"] if fee["MaPhiLePhi"] in wanted), None)
        return "0", {"SoChungTu": made["voucher"], "BienLai": receipt}

    def _mark_paid(self, content: Row, body: Row) -> bool:
        """Whether every line that was paid is asked for, with that sum, and not paid yet."""
        lines: list[Row] = body.get("DanhSachLePhi") or []
        if not lines or sum(int(line["Gia"]) for line in lines) != body.get("SoTien"):
            return False
        for line in lines:
            mine = (
                fee for fee in self._unpaid(content)
                if fee["MaPhiLePhi"] == line["MaPhiLePhi"] and fee["Gia"] == line["Gia"]
            )  # fmt: skip
            fee = next(mine, None)
            if fee is None:
                return False
            fee["TrangThaiThanhToan"] = "1"
        return True

    @staticmethod
    def _unpaid(content: Row) -> list[Row]:
        return [fee for fee in content.get("DanhSachLePhi", []) if str(fee.get("TrangThaiThanhToan", "0")) != "1"]

    # --- what its own officers do, played by verbs

    def issue(self, number: str) -> None:
        """E-receipts for every paid fee of a dossier that has none."""
        row = self.store.one("SELECT body FROM dossiers WHERE number = ?", number)
        content = json.loads((row or {"body": "{}"})["body"])
        for fee in content.get("DanhSachLePhi", []):
            if fee.get("TrangThaiThanhToan") == "1" and "BienLai" not in fee:
                self.issued += 1
                code = secrets.token_hex(5).upper()
                fee["BienLai"] = {"KyHieu": "1K26TBL", "So": f"{self.issued:08}", "MaTraCuu": code, "TrangTraCuu": ""}
        self.store.put("UPDATE dossiers SET body = ? WHERE number = ?", text(content), number)

    def change_fees(self, number: str, lines: list[Row]) -> None:
        """Other fees than before, whatever the status: those at filing, and those that were wrong. Paid ones stay."""
        row = self.store.one("SELECT body FROM dossiers WHERE number = ?", number)
        if row is None:
            raise ValueError("no such dossier")
        content = json.loads(row["body"])
        paid = [fee for fee in content.get("DanhSachLePhi", []) if fee.get("TrangThaiThanhToan") == "1"]
        self.store.put(
            "UPDATE dossiers SET body = ? WHERE number = ?", text(content | {"DanhSachLePhi": paid + lines}), number
        )

    def move(self, number: str, status: int, unit: str = "", note: str = "") -> None:
        """An officer of the authority sets a status. ValueError where it may not follow."""
        row = self.store.one("SELECT status FROM dossiers WHERE number = ?", number)
        if row is None:
            raise ValueError("no such dossier")
        if status not in MOVES[int(row["status"])]:
            raise ValueError(f"{row['status']} never becomes {status}")
        self._step(secrets.token_hex(8), number, status, self._now(), unit, note)

    def ask_money(self, number: str, lines: list[Row]) -> None:
        """Status 6 with fees."""
        self.change_fees(number, lines)
        self.move(number, 6)

    def result(self, number: str, name: str, unit: str = "") -> None:
        """Status 9 with a result."""
        row = self.store.one("SELECT body FROM dossiers WHERE number = ?", number)
        if row is None:
            raise ValueError("no such dossier")
        content = json.loads(row["body"]) | {"DanhSachGiayToKetQua": [{"TenGiayTo": name}]}
        self.store.put("UPDATE dossiers SET body = ? WHERE number = ?", text(content), number)
        self.move(number, 9, unit)

    def advance(self) -> list[str]:
        """Every accepted dossier goes one step on its usual way: 2, 4, 9."""
        moved = list[str]()
        for row in self.store.all("SELECT number, status FROM dossiers WHERE status IN ('2', '4')"):
            if row["status"] == "2":
                self.move(row["number"], 4, "Bộ phận chuyên môn")
            else:
                self.result(row["number"], "Kết quả giải quyết", "Bộ phận chuyên môn")
            moved.append(row["number"])
        return moved

    # --- 6.1

    def status(self, numbers: list[str]) -> list[Row]:
        """TraCuuHoSo."""
        told = list[Row]()
        for number in numbers:
            row = self.store.one("SELECT * FROM dossiers WHERE number = ?", number)
            if row is None:
                continue
            body = json.loads(row["body"])
            steps = self.store.all("SELECT body FROM progress WHERE number = ? ORDER BY id", number)
            told.append(
                {
                    "MaHoSo": number,
                    "MaTTHC": body.get("MaTTHC"),
                    "TenTTHC": body.get("TenTTHC"),
                    "TrangThaiHoSo": self._word(int(row["status"])),
                    "NgayTiepNhan": next(
                        (step["ThoiDiemXuLy"] for one in steps if (step := json.loads(one["body"]))["status"] == 2),
                        None,
                    ),
                    "NgayHenTra": row["due"],
                    "NgayKetThucXuLy": row["finished"],
                    "NgayTra": row["handed"],
                    "TienDo": [self._shown(json.loads(one["body"])) for one in steps],
                    "DanhSachLePhi": body.get("DanhSachLePhi", []),
                    "DanhSachHoSoBoSung": body.get("DanhSachHoSoBoSung", []),
                    "DanhSachGiayToKetQua": body.get("DanhSachGiayToKetQua", []),
                }
            )
        return told

    def list_procedures(self) -> list[Row]:
        """LayDanhSachTTHC."""
        return [{"MaTTHC": code, "TenTTHC": name} for code, name in sorted(self.procedures.items())]

    # --- inside

    def _step(self, key: str, number: str, status: int, at: datetime, unit: str, note: str) -> None:
        self.store.put("UPDATE dossiers SET status = ? WHERE number = ?", str(status), number)
        stamp = f"{at:%Y%m%d%H%M%S}"
        if status in {9, 10}:
            column = "finished" if status == 9 else "handed"
            self.store.put(f"UPDATE dossiers SET {column} = ? WHERE number = ?", stamp, number)  # noqa: S608 - ours
        self._note(key, number, status, at, unit, note)

    def _note(self, key: str, number: str, status: int, at: datetime, unit: str, note: str) -> None:
        body = {"status": status, "ThoiDiemXuLy": f"{at:%Y%m%d%H%M%S}", "PhongBanXuLy": unit, "NoiDungXuLy": note}
        self.store.put("INSERT INTO progress (key, number, body) VALUES (?, ?, ?)", key, number, text(body))

    def _shown(self, step: Row) -> Row:
        return {
            **{key: value for key, value in step.items() if key != "status"},
            "TrangThai": self._word(step["status"]),
        }

    def _word(self, status: int) -> str:
        return OPENCPS[status] if self._opencps else str(status)

    def _code(self, word: str) -> int | None:
        words = {name: code for code, name in OPENCPS.items()} if self._opencps else {str(n): n for n in MOVES}
        return words.get(word)
