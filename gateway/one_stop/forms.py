"""The law's forms of the reception as data: 01 receipt and appointment, 02 supplement, 03 refusal, 04 apology and
extension, 05 stopped.

Circular 03/2025/TT-VPCP, Annex I, names them. Fields, order and who signs are those of the forms it replaced (Circular
01/2018/TT-VPCP, 01 to 04, as provinces' own software prints them): 02 is signed by who explains, 04 and 05 by the
agency's head. A page prints them, after the act and never before.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import RowMapping

from gateway.clock import PLACE, day_of
from gateway.house import House
from gateway.one_stop.following import look_up_code
from gateway.one_stop.keeping import centre_of
from gateway.store.database import Transaction
from gateway.store.tables import counters
from services.contract.one_stop import CopyKind, Filing, ReturnBy
from services.procedures.records import TimeLimit, TimeUnit


class Form(Enum):
    """Numbers of the annex."""

    RECEIPT = "01"
    SUPPLEMENT = "02"
    REFUSAL = "03"
    EXTENSION = "04"
    STOPPED = "05"


class FormPaper(BaseModel):
    """A line of "documents submitted"."""

    model_config = ConfigDict(frozen=True)

    name: str
    number: int
    kind: CopyKind


class FormPart(BaseModel):
    """A procedure of the dossier with its own number and times."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str
    time: str
    due_at: AwareDatetime | None = None


class FormData(BaseModel):
    """Everything that stands on a form: kept as it was printed."""

    model_config = ConfigDict(frozen=True)

    form: Form
    agency: str
    unit: str
    seat: str
    at: AwareDatetime
    code: str
    """The dossier code; on the form as text and as a QR code."""
    look_up_code: str
    sending_code: str
    received_from: str
    on_behalf_of: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    matter: str
    papers: tuple[FormPaper, ...] = ()
    sets: int = 1
    parts: tuple[FormPart, ...] = ()
    due_at: AwareDatetime | None = None
    was_due_at: AwareDatetime | None = None
    """04: the date that was promised before."""
    accepted_at: AwareDatetime | None = None
    """04 and 05: when it was accepted."""
    return_by: ReturnBy = ReturnBy.COUNTER
    return_place: str = ""
    book: str = ""
    volume: str = ""
    number: int
    """Running number in the book of the year."""
    officer: str
    items: tuple[str, ...] = ()
    """02: what is missing."""
    until: AwareDatetime | None = None
    reason: str = ""
    """02 to 05: why."""
    guidance: str = ""
    """03 and 05: what the person can do."""
    contact: str = ""
    """02: the desk that explains."""


def next_in_book(transaction: Transaction, form: Form, at: datetime) -> int:
    """The next running number of a form's book of the year."""
    name = f"form-{form.value}-{at.astimezone(PLACE):%Y}"
    row = transaction.insert(counters).values(name=name, value=1)
    counted = row.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
    return int(transaction.execute(counted.returning(counters.c.value)).scalar_one())


def filled(
    house: House,
    row: RowMapping,
    filing: Filing,
    parts: list[RowMapping],
    form: Form,
    *,
    officer: str,
    number: int,
    at: datetime,
) -> FormData:
    """What every form says of a dossier."""
    centre = centre_of(house)
    procedure = centre.procedure(row["procedure"], day_of(row["filed_at"]))
    owner = filing.represented
    behalf = filing.organisation.name if filing.organisation else owner.name or "" if owner else ""
    names = {part.id: part.name for part in (procedure.parts if procedure else ())}
    times = {part.id: part.time for part in (procedure.parts if procedure else ())}
    result = next((one for one in house.settings.clinics if one.group and one.group.purpose.value == "result"), None)
    return FormData(
        form=form,
        agency=centre.settings.agency,
        unit=centre.settings.receiving_unit,
        seat=centre.settings.seat,
        at=at,
        code=parts[0]["number"] or "",
        look_up_code=look_up_code(house, row["id"]),
        sending_code=row["sending_code"],
        received_from=filing.applicant.name or "",
        on_behalf_of=behalf,
        address=filing.applicant.address or "",
        phone=filing.phone,
        email=filing.email,
        matter=row["procedure"] if procedure is None else procedure.name,
        papers=tuple(FormPaper(name=one.name, number=one.number, kind=one.kind) for one in filing.documents),
        parts=tuple(
            FormPart(
                code=part["number"] or "",
                name=names.get(part["part"], "" if procedure is None else procedure.short),
                time=time_words(times[part["part"]]) if part["part"] in times else "",
            )
            for part in parts
        ),
        return_by=filing.return_by,
        return_place=(result.room if result else house.settings.place.help_desk.name),
        book=centre.settings.register_book,
        volume=f"{at.astimezone(PLACE):%Y}",
        number=number,
        officer=officer,
        contact=house.settings.place.help_desk.name,
        was_due_at=row["due_at"],
        accepted_at=row["accepted_at"],
    )


def time_words(limit: TimeLimit) -> str:
    """As the form writes it, in Vietnamese: forms of the law have one language."""
    match limit.unit:
        case TimeUnit.SAME_DAY:
            return "trong ngày"
        case TimeUnit.WORKING_DAYS:
            return f"{limit.value} ngày làm việc"
        case TimeUnit.DAYS:
            return f"{limit.value} ngày"
