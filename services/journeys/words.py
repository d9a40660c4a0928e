"""Names of the place and times of day as the person reads them; the gateway gives names in two languages."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from services.contract import models as wire

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def time_of_day(at: datetime) -> str:
    """ "07:40", at the place."""
    return f"{at.astimezone(HERE):%H:%M}"


def desk_name(desk: wire.Desk, *, english: bool) -> str:
    """ "quầy số 2"."""
    return (desk.name_en or desk.name) if english else desk.name


def desk_and_way(desk: wire.Desk, *, english: bool) -> str:
    """ "quầy số 1, bên trái cửa chính"."""
    way = (desk.way_en or desk.way) if english else desk.way
    name = desk_name(desk, english=english)
    return f"{name}, {way}" if way else name


def place(site: wire.Site, *, english: bool) -> str:
    """ "Bệnh viện Đa khoa Hòa Giang"."""
    return (site.place_en or site.place) if english else site.place


def kiosk_name(site: wire.Site, *, english: bool) -> str:
    """ "Trạm tự phục vụ số 3 · Sảnh A"."""
    return (site.kiosk_name_en or site.kiosk_name) if english else site.kiosk_name


def clinic_name(clinic: wire.Clinic, *, english: bool) -> str:
    """ "Nội tim mạch"."""
    return (clinic.name_en or clinic.name) if english else clinic.name


def room(clinic: wire.Clinic, *, english: bool) -> str:
    """ "Phòng 205, tầng 2, nhà B"."""
    return (clinic.room_en or clinic.room) if english else clinic.room


def in_language(vietnamese: str, english: str, *, wanted_english: bool) -> str:
    """One of two names the gateway gave; Vietnamese where no English one is known."""
    return (english or vietnamese) if wanted_english else vietnamese


def way(clinic: wire.Clinic, *, english: bool) -> str:
    """ "Thang máy B, ra cửa rẽ trái"."""
    return (clinic.way_en or clinic.way) if english else clinic.way
