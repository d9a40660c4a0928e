"""The check-in record of 26 fields, and its XML (QĐ 4750/QĐ-BYT sheet "Bang Check-in", kept by QĐ 3176/QĐ-BYT)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from xml.sax.saxutils import escape


@dataclass(frozen=True, kw_only=True)
class CheckInRecord:
    """One record. Every field is text as it stands in the XML; empty where nothing is known. The order is the law's."""

    ma_lk: str
    """The visit's own key, never used again."""
    stt: str = "1"
    ma_bn: str = ""
    """The hospital's code of the patient."""
    ho_ten: str
    so_cccd: str = ""
    ngay_sinh: str
    """yyyyMMddHHmm, unknown parts as zeros."""
    gioi_tinh: str
    """1 Nam, 2 Nữ, 3 unknown."""
    ma_the_bhyt: str = ""
    ma_dkbd: str = ""
    gt_the_tu: str = ""
    """yyyyMMdd."""
    gt_the_den: str = ""
    ma_doituong_kcb: str
    """Routing code (QĐ 3276/QĐ-BYT), as text: "1.11"."""
    ngay_vao: str
    """yyyyMMddHHmm."""
    ngay_vao_noi_tru: str = ""
    ly_do_vnt: str = ""
    ma_ly_do_vnt: str = ""
    ma_loai_kcb: str = "01"
    ma_cskcb: str
    ma_dich_vu: str = ""
    ten_dich_vu: str = ""
    ma_thuoc: str = ""
    ten_thuoc: str = ""
    ma_vat_tu: str = ""
    ten_vat_tu: str = ""
    ngay_yl: str
    """When the first cost was ordered, yyyyMMddHHmm."""
    du_phong: str = ""

    def values(self) -> dict[str, str]:
        """Tag to value, in the law's order."""
        return {field.name.upper(): getattr(self, field.name) for field in fields(self)}


TAGS = tuple(field.name.upper() for field in fields(CheckInRecord))


def to_xml(records: Sequence[CheckInRecord]) -> bytes:
    """One sending, UTF-8, unsigned: `CHUKYDONVI` stands empty where the hospital's signature goes."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<CHI_TIEU_TRANG_THAI_KCB>", "  <DSACH_TRANG_THAI_KCB>"]
    for record in records:
        lines.append("    <TRANG_THAI_KCB>")
        lines += [f"      <{tag}>{escape(value)}</{tag}>" for tag, value in record.values().items()]
        lines.append("    </TRANG_THAI_KCB>")
    lines += ["  </DSACH_TRANG_THAI_KCB>", "  <CHUKYDONVI></CHUKYDONVI>", "</CHI_TIEU_TRANG_THAI_KCB>", ""]
    return "\n".join(lines).encode()
