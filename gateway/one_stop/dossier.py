"""A dossier in the words of the authority's system (onestop.md sections 6.1 and 6.2)."""

from __future__ import annotations

from datetime import datetime

from gateway.one_stop.centre import Centre
from gateway.one_stop.keeping import SentFile
from gateway.one_stop.system import Json, stamp
from services.contract.models import Person
from services.contract.one_stop import Capacity, Filing, ReturnBy
from services.procedures.fees import channel_of_kiosk
from services.procedures.records import Channel, Procedure

CHANNEL = {Channel.COUNTER: "1", Channel.ONLINE: "2", Channel.POST: "3"}
"""HinhThuc."""
SUBJECT = {Capacity.ORGANISATION: "2"}
"""LoaiDoiTuong as OpenCPS has it: 1 a person, 2 an organisation."""


def body(
    centre: Centre,
    *,
    number: str,
    code: str,
    name: str,
    root: str | None,
    procedure: Procedure,
    filing: Filing,
    sending_code: str,
    files: tuple[SentFile, ...],
    filed_at: datetime,
) -> Json:
    """TaoHoSo of one part. `root`: the number of the group's first part."""
    person = filing.represented or filing.applicant
    return {
        "MaHoSo": number,
        "MaHoSoGoc": root,
        "MaTTHC": code,
        "TenTTHC": name,
        "MaLinhVuc": procedure.sector,
        "SoBienNhan": sending_code,
        "ChuHoSo": filing.organisation.name if filing.organisation else person.name or "",
        "LoaiDoiTuong": SUBJECT.get(filing.capacity, "1"),
        "MaDoiTuong": filing.organisation.tax_code if filing.organisation else person.number or "",
        "Email": filing.email,
        "SoDienThoai": filing.phone,
        "TrichYeuHoSo": procedure.name,
        "NgayTiepNhan": None,
        "TrangThaiHoSo": "1",
        "HinhThuc": CHANNEL[channel_of_kiosk(procedure)],
        "HinhThucTra": return_code(filing.return_by),
        "DonViTiepNhan": centre.settings.receiving_unit,
        "NgayNop": stamp(filed_at),
        "ThongTinNguoiNop": _person(filing.applicant, filing),
        "ThongTinKhac": {"TuCach": filing.capacity.value, "TruongHop": list(filing.case), "ToKhai": filing.answers},
        "ThanhPhanHoSo": _papers(filing, files),
    }


def return_code(way: ReturnBy) -> str:
    """HinhThucTra: 1 by post, 0 at the counter."""
    return "1" if way is ReturnBy.POST else "0"


def _person(person: Person, filing: Filing) -> Json:
    return {
        "HoTen": person.name or "",
        "SoDinhDanh": person.number or "",
        "NgaySinh": (person.birth or "").replace("-", ""),
        "GioiTinh": {"M": "1", "F": "2"}.get(person.sex or "", "3"),
        "DiaChi": person.address or "",
        "SoDienThoai": filing.phone,
        "Email": filing.email,
    }


def _papers(filing: Filing, files: tuple[SentFile, ...]) -> list[Json]:
    return [
        {
            "MaThanhPhanHoSo": paper.component,
            "TenThanhPhanHoSo": paper.name,
            "SoLuong": paper.number,
            "LoaiBan": str(int(paper.kind)),
            "GiayToDinhKem": [
                {"IdGiayTo": file.id, "MaKetQua": "", "TenGiayTo": file.name, "HashTepTin": file.digest}
                for file in files
                if file.component == paper.component
            ],
        }
        for paper in filing.documents
    ]
