"""What a kiosk is told of the place it stands in."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from pydantic import AwareDatetime, Field

from services.contract.base import ProcedureCode, Wire


class Desk(Wire):
    """A desk people are sent to. `name` e.g. "quầy số 2", `way` e.g. "bên trái cửa chính, cách đây 15 m"."""

    name: str
    name_en: str
    way: str = ""
    way_en: str = ""


class HolderCheck(Enum):
    """Who looks, at the first clinic or desk, whether the card is the patient's own: a policy of the site."""

    NONE = "none"
    FINGER = "finger"
    STAFF = "staff"


class OneStopSite(Wire):
    """What a one-stop centre can do here."""

    agency: str
    """"Trung tâm Phục vụ hành chính công phường Hòa Giang"."""
    agency_en: str
    commune: str = Field(pattern="^[0-9]{5}$")
    province: str = Field(pattern="^[0-9]{2}$")
    files: bool
    """Dossiers can be filed from here; else everything ends at the counter."""
    uploads: bool
    """People's own phones can send photographs."""
    catalogue: str = ""
    """Digest of the catalogue that holds now."""
    procedure_page: str = Field(default="", max_length=200)
    """Public page of a procedure, with `{code}` in it: opened by people's own phones. Empty: none."""
    favourites: Annotated[tuple[ProcedureCode, ...], Field(max_length=3)] = ()
    """Procedures that many people need today, as tiles of the start page."""


class HolderProof(Enum):
    """What became of the holder check at the kiosk; a claim of the kiosk's, for staff."""

    FINGER = "finger"
    """The finger matched."""
    STAFF = "staff"
    """Staff compare face and photo."""
    FINGER_DIFFERS = "finger-differs"
    """Three tries did not match: staff compare, nobody is held up."""


class FingerPolicy(Wire):
    """What a site does with fingers. Templates stand only on the gateway."""

    enrol: bool = False
    """After a check-in that the chip proved, people may leave a template, with a consent of its own."""
    returning: bool = False
    """Who enrolled may come back without the card: birth date, last four digits of the phone number, finger."""


class Site(Wire):
    """GET /v1/site: facts of the place and this kiosk; dated values come from the gateway, never from the kiosk."""

    place: str
    place_en: str
    kiosk_name: str
    """E.g. "Trạm tự phục vụ số 3 · Sảnh A"."""
    kiosk_name_en: str
    kiosk_letter: str = Field(pattern="^[A-Z]{1,2}$")
    help_desk: Desk
    insurance_desk: Desk
    cashier: Desk
    demo: bool
    """A stand-in bank is connected: "BẢN THỬ" on every pay screen and slip."""
    notice_version: str
    pregnancy_ages: tuple[int, int] = (12, 55)
    fingers: FingerPolicy = FingerPolicy()
    holder_check: HolderCheck = HolderCheck.NONE
    ask_cash_reason: bool = False
    """Whether somebody who pays at the cashier is asked why, with one tap."""
    pay_bills: bool = True
    """Whether "pay my bills" stands on the home screen."""
    one_stop: OneStopSite | None = None
    """None: no one-stop services at this place."""
    server_time: AwareDatetime
