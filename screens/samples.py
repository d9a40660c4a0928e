"""One prompt, and more, for every page: invented people and places, long names included. For the gallery and tests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from screens.parts.pictures import IMAGES
from screens.samples_one_stop import PROMPTS as ONE_STOP_PROMPTS
from screens.samples_technician import TECHNICIAN
from screens.site import SiteFacts
from services.journeys import prompts as ask
from services.journeys.prompts import Progress, Prompt
from services.journeys.stage import TimeLeft

SITE = SiteFacts(
    place="Bệnh viện Đa khoa Hòa Giang",
    place_en="Hoa Giang General Hospital",
    kiosk="Trạm tự phục vụ số 3 · Sảnh A",
    kiosk_en="Self-service kiosk 3 · Hall A",
    privacy_contact="Phòng Công tác xã hội, tầng 1 nhà A, gọi 1900 0000",
    privacy_contact_en="Social work office, floor 1, house A, call 1900 0000",
)
LONG_SITE = SiteFacts(
    place="Bệnh viện Đa khoa khu vực Tây Bắc và Trung du tỉnh Hòa Giang",
    place_en="North-Western and Midland Regional General Hospital of Hoa Giang",
    kiosk="Trạm tự phục vụ số 12 · Nhà kỹ thuật cao, tầng 2",
    kiosk_en="Self-service kiosk 12 · High-technology outpatient house, floor 2",
)

# Not payable: the BIN belongs to no bank.
CODE = (
    "00020101021238580010A00000072701280006999999011400000000000447"
    "0208QRIBFTTA5303704540612250058" + "02VN62130809TRM4K82QX6304A1B2"
)


@dataclass(frozen=True)
class Sample:
    """A prompt with a name, and the time left beside it."""

    name: str
    prompt: Prompt[Any]
    left: TimeLeft | None = field(default_factory=lambda: TimeLeft(98, 120))
    one_stop: bool = False
    """Drawn in the colours of a one-stop centre."""


def step(number: int, label: str) -> Progress:
    """A step of check-in."""
    return Progress(number, 7, label)


WHO, CARD, ME, INSURANCE, CLINIC, PRIORITY, REVIEW, PAY = (
    step(1, "step.who"),
    step(2, "step.card"),
    step(3, "step.confirm"),
    step(4, "step.insurance"),
    step(5, "step.clinic"),
    step(6, "step.priority"),
    step(7, "step.review"),
    step(7, "step.review"),
)


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


CLINICS = (
    ask.ClinicRow("c1", "Nội tim mạch", "heartbeat", 6, 25),
    ask.ClinicRow("c2", "Nội tổng quát", "stethoscope", 14, 50),
    ask.ClinicRow("c3", "Tai mũi họng", "ear", 3, 15),
    ask.ClinicRow("c4", "Mắt", "eye", 9, 35),
    ask.ClinicRow("c5", "Răng hàm mặt", "tooth", 2, 10),
    ask.ClinicRow("c6", "Cơ xương khớp", "bone", 21, 75),
    ask.ClinicRow("c7", "Nhi", "baby", 8, 30),
    ask.ClinicRow("c8", "Phụ sản", "gender-female", None, None, opens_at="13:00"),
)
LONG_CLINICS = (
    *CLINICS[:3],
    ask.ClinicRow("l1", "Phục hồi chức năng và Vật lý trị liệu", "an-unknown-icon", 0, 0),
    ask.ClinicRow("l2", "Nội tiết, Đái tháo đường và Chuyển hóa", "drop", 11, None),
    ask.ClinicRow("l3", "Obstetrics, gynaecology and family planning", "gender-female", None, None),
    *CLINICS[3:7],
    ask.ClinicRow("l4", "Da liễu", "first-aid-kit", 132, 340),
    ask.ClinicRow("l5", "Chấn thương chỉnh hình và Bỏng", "bandaids", None, None, opens_at="13:00"),
)
PRICED_CLINICS = tuple(replace(row, price=45_000 + 77_500 * (number % 2)) for number, row in enumerate(CLINICS))
EXAM_TYPES = (
    ask.GroupRow("t1", "Khám bảo hiểm y tế", "shield-check", "Theo thẻ bảo hiểm, bác sĩ của khoa"),
    ask.GroupRow("t2", "Khám theo yêu cầu", "star", "Chọn bác sĩ, bảo hiểm trả một phần"),
    ask.GroupRow("t3", "Khám sức khỏe", "heartbeat", "Cấp giấy khám sức khỏe, không dùng bảo hiểm"),
)
DEPARTMENTS = tuple(
    ask.GroupRow(f"d{number}", name, icon)
    for number, (name, icon) in enumerate(
        (
            ("Khoa Nội", "stethoscope"),
            ("Khoa Ngoại", "bandaids"),
            ("Khoa Nhi", "baby"),
            ("Khoa Phụ sản", "gender-female"),
            ("Khoa Phục hồi chức năng và Vật lý trị liệu", "bone"),
            ("Liên chuyên khoa Mắt, Tai mũi họng, Răng hàm mặt", "eye"),
        )
    )
)
SLOTS = tuple(
    ask.SlotRow(f"{minutes // 60:02}{minutes % 60:02}", _time(minutes), _time(minutes + 30), (number * 7) % 5)
    for number, minutes in enumerate(range(7 * 60, 12 * 60, 30))
)
APPOINTMENTS = (
    ask.AppointmentRow("a1", "08:30", "Nội tim mạch", "Phòng 205, tầng 2, nhà B", revisit=True),
    ask.AppointmentRow("a2", "10:00", "Phục hồi chức năng và Vật lý trị liệu", "Phòng 1204, tầng 12, nhà kỹ thuật cao"),
    ask.AppointmentRow("a3", "15:30", "Mắt", "Phòng 304, tầng 3, nhà A"),
)
TICKETS = (
    ask.TicketRow("k1", "U047", "Nội tim mạch", "07:16"),
    ask.TicketRow("k2", "T112", "Phục hồi chức năng và Vật lý trị liệu", "09:40"),
)
ROOMS = tuple(
    ask.RoomRow(f"r{number}", name, icon, place)
    for number, (name, icon, place) in enumerate(
        (
            ("Nội tim mạch", "heartbeat", "Tầng 2, Nhà B"),
            ("Mắt", "eye", "Tầng 3, Nhà A"),
            ("Phục hồi chức năng và Vật lý trị liệu", "bone", "Tầng 12, Nhà kỹ thuật cao"),
            ("Lấy mẫu xét nghiệm", "drop", "Tầng 1, Nhà B"),
            ("Chụp X-quang", "activity", "Tầng 1, Nhà B"),
            ("Nhà thuốc", "pill", "Tầng 1, Nhà A"),
            ("Quầy thu viện phí", "wallet", "Tầng 1, Nhà A"),
            ("Nhà vệ sinh", "door-open", ""),
            ("Cấp cứu", "siren", "Tầng 1, Nhà A"),
            ("Cây rút tiền", "no-such-icon", "Tầng 1, Nhà A"),
        )
    )
)
FACE = (IMAGES / "sample_face.png").read_bytes()
DESK = "quầy số 2"
DESKS = (
    ("help_desk", "quầy số 1"),
    ("insurance_desk", DESK),
    ("Help_desk", "Quầy số 1"),
    ("Insurance_desk", "Quầy số 2"),
)
HELP_DESK = "quầy hướng dẫn số 1, bên trái cửa chính, cách đây 15 m"


def ticket(**changes: Any) -> ask.TicketReady:
    """Picture 10."""
    facts: dict[str, Any] = {
        "number": "U047",
        "clinic": "Nội tim mạch",
        "place": "Phòng 205, tầng 2, nhà B",
        "way": "Thang máy B, ra cửa rẽ trái",
        "waiting": 6,
        "expected_at": "07:40",
        "notes": ("prio.slip",),
        "printed": True,
        "code": "TRAM:1:7Q2M8KX4ZP0D",
        "reprint_code": "4K82",
        "desk": DESK,
        "card_on_reader": True,
        "progress": REVIEW,
    }
    return ask.TicketReady(**(facts | changes))


def pay(**changes: Any) -> ask.PayByVietQR:
    """Picture 09."""
    facts: dict[str, Any] = {
        "amount": 122500,
        "payload": CODE,
        "account_name": "BENH VIEN DA KHOA HOA GIANG",
        "account_last4": "4471",
        "bill_number": "VT-0358",
        "purpose": "TRM4K82QX",
        "usable_until": "10:45",
        "demo": True,
        "progress": PAY,
    }
    return ask.PayByVietQR(**(facts | changes))


def done(**changes: Any) -> ask.PaymentDone:
    """The confirmation on the screen."""
    facts: dict[str, Any] = {
        "amount": 122500,
        "bill_number": "VT-0358",
        "pays_for": ask.PayFor.CHARGE,
        "paid_at": "10:42:17, 23/11/2026",
        "code": "TRM4K82QX",
        "demo": True,
        "progress": PAY,
    }
    return ask.PaymentDone(**(facts | changes))


def card(step: ask.CardStep, **changes: Any) -> ask.PayByCard:
    """The terminal works."""
    facts: dict[str, Any] = {"amount": 122500, "bill_number": "VT-0358", "demo": True, "progress": PAY}
    return ask.PayByCard(step=step, **(facts | changes))


INVOICE = ask.InvoiceWords(number="1C26TVT 00000123", lookup_code="7F3K9Q2XB", lookup_site="hoadon.hoagiang.example")
BILLS = (
    ask.BillRow("b1", "VT-0358", ask.PayFor.CHARGE, "23/11/2026", 122500),
    ask.BillRow("b2", "TU-0112", ask.PayFor.ADVANCE, "22/11/2026", 5000000),
    ask.BillRow("b3", "VT-0340", ask.PayFor.CHARGE, "22/11/2026", 45000, ask.BillState.PAID),
    ask.BillRow("b4", "VT-0311", ask.PayFor.CHARGE, "20/11/2026", 60000, ask.BillState.CASHIER),
    ask.BillRow("b5", "VT-0310", ask.PayFor.CHARGE, "20/11/2026", 60000, ask.BillState.UNCLEAR),
    ask.BillRow("b6", "000.00.00.H26-261120-0007", ask.PayFor.FEE, "20/11/2026", 70000),
    ask.BillRow("b7", "VT-0300", ask.PayFor.CHARGE, "19/11/2026", 12345000),
)
BILL_LINES = (
    ask.BillLine("Khám chuyên khoa Tim mạch", 22500),
    ask.BillLine("Siêu âm tim qua thành ngực", 100000),
    ask.BillLine("Điện tâm đồ", 39900),
    ask.BillLine("Tổng phân tích tế bào máu ngoại vi bằng máy đếm laser", 47500),
    ask.BillLine("Định lượng Glucose", 22400),
    ask.BillLine("Định lượng Creatinin", 22400),
)
FEE_LINES = (
    ask.BillLine("Lệ phí đăng ký kinh doanh", 100000, "Kho bạc Nhà nước Hòa Giang"),
    ask.BillLine("Phí cung cấp thông tin", 20000, "Trung tâm Thông tin"),
)


def me(**changes: Any) -> ask.ConfirmIdentity:
    """Picture 05."""
    facts: dict[str, Any] = {
        "name": "Lê Thị Minh Tâm",
        "birth_year": 1958,
        "number_masked": "•••• •••• •829",
        "wording": ask.CardWording.READ,
        "photo": FACE,
        "progress": ME,
    }
    return ask.ConfirmIdentity(**(facts | changes))


IN_ORDER: dict[str, Any] = {
    "valid_to": "31/12/2026",
    "registered_at": "Trạm Y tế xã Hòa Giang",
    "route": "route.other",
}


def unhappy(result: ask.UnhappyInsurance) -> ask.InsuranceUnhappy:
    """Picture 27."""
    kind = ask.UnhappyInsurance
    field = "mismatch.name" if result is kind.MISMATCH else ""
    usable = result in {kind.PARTLY, kind.MISMATCH, kind.UNCLEAR, kind.CHILD, kind.PAPER_CARD}
    more: dict[str, Any] = {}
    if result in {kind.NOT_COVERED_HERE, kind.PARTLY}:
        more = IN_ORDER | {"benefit_percent": 80 if result is kind.PARTLY else None}
    return ask.InsuranceUnhappy(
        result=result,
        desk=DESK,
        date="31/10/2026",
        percent=40,
        usable=usable,
        field=field,
        form_from="09/11/2026",
        progress=INSURANCE,
        **more,
    )


def call(state: ask.StaffCallState, waited: int = 18) -> ask.StaffCall:
    """Picture 28."""
    return ask.StaffCall(
        state=state, called_at="07:15:04", waited=waited, desk=HELP_DESK, place="Trạm tự phục vụ số 3 · Sảnh A"
    )


def problem(code: str, *choices: ask.ProblemChoice) -> ask.Problem:
    """Picture 18."""
    return ask.Problem(code=code, choices=choices, progress=INSURANCE, args=DESKS)


RESULT = TimeLeft(25, 30, result=True)
WAY = TimeLeft(52, 60, result=True)
HOLD = TimeLeft(282, 300, hold=True)
_GO, _RETRY, _WITHOUT, _DESK = (
    ask.ProblemChoice.GO_ON,
    ask.ProblemChoice.RETRY,
    ask.ProblemChoice.WITHOUT_CARD,
    ask.ProblemChoice.ASK_DESK,
)

NOTICE = ask.NoticeWords(
    version="2026-11-01",
    who="Bệnh viện Đa khoa khu vực Tây Bắc và Trung du tỉnh Hòa Giang, để đăng ký khám và tính bảo hiểm.",
    what="Họ tên, năm sinh, số căn cước, ảnh trong chip để nhìn lại đúng người, thẻ bảo hiểm y tế.",
    long="Trạm xóa hết khi xong lượt. Máy chủ giữ 90 ngày, chứng từ 10 năm. Hồ sơ khám theo luật.",
    rights="Xem, sửa, xóa, không đồng ý: hỏi quầy hướng dẫn. Không đồng ý vẫn được khám.",
    contact="Quầy hướng dẫn, hoặc người phụ trách dữ liệu của bệnh viện.",
    spoken="Trạm dùng họ tên, năm sinh, số căn cước và ảnh trong chip để đăng ký khám.",
)

SAMPLES: tuple[Sample, ...] = (
    *(Sample(name, prompt, one_stop=True) for name, prompt in ONE_STOP_PROMPTS),
    Sample("home", ask.Home(choices=ask.HOSPITAL), None),
    Sample("home-offline", ask.Home(choices=ask.HOSPITAL, offline_since="07:10"), None),
    Sample("how-to", ask.HowTo()),
    Sample("privacy", ask.PrivacyNotice()),
    Sample("privacy-words", ask.PrivacyNotice(words=NOTICE)),
    Sample("who", ask.ChoosePatient(progress=WHO)),
    Sample("relation-child", ask.ChooseRelation(choices=tuple(ask.Relation), progress=ME)),
    Sample("without-card", ask.WithoutCard(progress=CARD, choices=tuple(
        way for way in ask.WithoutCard().choices if way is not ask.WithoutCardAnswer.BIRTH_PAPER))),
    Sample("without-card-child", ask.WithoutCard(progress=CARD)),
    Sample("type-birth", ask.TypeDigits(what=ask.AskedNumber.BIRTH_DATE, length=8, progress=CARD)),
    Sample("type-expiry", ask.TypeDigits(what=ask.AskedNumber.EXPIRY, length=8, can_skip=True,
                                         error="type.error.date", progress=CARD)),
    Sample("letters", ask.TypeLetters(what=ask.AskedText.PASSPORT, least=6, most=9, progress=CARD)),
    Sample("letters-error", ask.TypeLetters(what=ask.AskedText.PASSPORT, least=6, most=9,
                                            error="type.error.not-opened", progress=CARD)),
    Sample("place-typed", ask.PlaceCard(typed=True, progress=CARD)),
    Sample("place-passport", ask.PlaceCard(typed=True, passport=True, progress=CARD)),
    Sample("type-number", ask.TypeDigits(what=ask.AskedNumber.ID_NUMBER, length=12, hidden=True, progress=CARD)),
    Sample(
        "type-year",
        ask.TypeDigits(what=ask.AskedNumber.BIRTH_YEAR, length=4, error="type.error.year", progress=CARD),
    ),
    Sample("scan", ask.ScanCode(progress=CARD)),
    Sample("scan-hint", ask.ScanCode(hint="scan.other_person", progress=CARD)),
    Sample("scan-child", ask.ScanCode(holder=ask.CardHolder.CHILD, hint="scan.first", progress=CARD)),
    Sample("scan-companion", ask.ScanCode(holder=ask.CardHolder.COMPANION, progress=ME)),
    Sample("scan-insurance", ask.ScanCode(insurance_code=True, progress=CARD)),
    Sample("place", ask.PlaceCard(progress=CARD)),
    Sample("place-hint", ask.PlaceCard(holder=ask.CardHolder.COMPANION, hint="reader.swap", progress=CARD)),
    Sample(
        "reading", ask.ReadingCard(stage=ask.ReadStage.CHECK, percent=45, seconds_left=4, progress=CARD), None
    ),
    Sample("read-done", ask.ReadingCard(stage=ask.ReadStage.DATA, percent=100, done=True, progress=CARD), None),
    Sample("lifted", ask.LiftedEarly(tries_left=2, progress=CARD)),
    Sample("other-card", ask.DifferentCard()),
    Sample("card-left", ask.CardLeftBehind(), RESULT),
    Sample("me", me()),
    Sample("me-photo-coming", me(photo=None, photo_place=ask.PhotoPlace.COMING)),
    Sample("me-photo-missed", me(photo=None, photo_place=ask.PhotoPlace.MISSED)),
    Sample("me-seal-long", me(name="Nguyễn Phước Bảo Quý Phương Hoàng Thiên Ân Alexandria", photo=None,
                              wording=ask.CardWording.GENUINE_CHIP)),
    Sample("me-foreign", me(name="Wilhelmina Konstantinopolskaja-Featherstonehaugh Đặng")),
    Sample("companion", me(holder=ask.CardHolder.COMPANION, name="Trần Văn Khang", birth_year=1991)),
    Sample("child", me(holder=ask.CardHolder.CHILD, name="Trần Gia Bảo An", birth_year=2023, photo=None,
                       under_six=True, number_masked="•••• •••• •356")),
    Sample("finger", ask.CompareFinger(
        finger=ask.Finger.RIGHT_INDEX, reference=ask.FingerReference.CHIP, number=1, total=3, progress=ME)),
    Sample("finger-again", ask.CompareFinger(
        finger=ask.Finger.LEFT_THUMB, reference=ask.FingerReference.ENROLLED, number=2, total=3,
        hint="finger.hint.other", progress=ME)),
    Sample("finger-new", ask.CompareFinger(
        finger=ask.Finger.RIGHT_INDEX, reference=ask.FingerReference.NEW, number=2, total=3,
        hint="finger.hint.lift", back=False, progress=REVIEW)),
    Sample("finger-kept", ask.FingerKept(kept=True, desk="quầy hướng dẫn số 1", progress=REVIEW)),
    Sample("finger-not-kept", ask.FingerKept(kept=False, desk="quầy hướng dẫn số 1", progress=REVIEW)),
    Sample("type-own-birth", ask.TypeDigits(what=ask.AskedNumber.OWN_BIRTH_DATE, length=8, progress=CARD)),
    Sample("type-phone-end", ask.TypeDigits(
        what=ask.AskedNumber.PHONE_END, length=4, can_skip=True, back=False, progress=CARD)),
    Sample("without-card-finger", ask.WithoutCard(choices=(
        ask.WithoutCardAnswer.PASSPORT, ask.WithoutCardAnswer.TYPE_NUMBER, ask.WithoutCardAnswer.INSURANCE_CODE,
        ask.WithoutCardAnswer.FINGER, ask.WithoutCardAnswer.VNEID, ask.WithoutCardAnswer.NO_PAPER), progress=CARD)),
    Sample("finger-reading", ask.CompareFinger(
        finger=ask.Finger.RIGHT_INDEX, reference=ask.FingerReference.ENROLLED, number=3, total=3, percent=64,
        progress=ME)),
    Sample("insured", ask.InsuranceValid(valid_to="31/12/2026", benefit_percent=80, registered_at="Bệnh viện này",
                                         route="route.registered_here", asked_at="07:14", desk=DESK,
                                         progress=INSURANCE)),
    Sample("insured-new", ask.InsuranceValid(valid_to="31/12/2027", benefit_percent=95, registered_at="Bệnh viện này",
                                             route="route.registered", asked_at="07:14", desk=DESK, new_card=True,
                                             form_from="09/11/2026", progress=INSURANCE)),
    Sample("insured-long", ask.InsuranceValid(valid_to=None, benefit_percent=100, asked_at="07:14", desk=DESK,
                                              registered_at="Trạm Y tế xã Hòa Giang Thượng, huyện Hòa Giang",
                                              route="route.other", progress=INSURANCE)),
    *(Sample(f"ins-{result.value}", unhappy(result)) for result in ask.UnhappyInsurance),
    Sample("ins-expired-undated", replace(unhappy(ask.UnhappyInsurance.EXPIRED), date=None)),
    Sample("clinics", ask.ChooseClinic(clinics=CLINICS, progress=CLINIC)),
    Sample("clinics-long", ask.ChooseClinic(clinics=LONG_CLINICS, progress=CLINIC)),
    Sample("clinics-away", ask.ChooseClinic(
        clinics=tuple(replace(row, available=row.id != "c4") for row in CLINICS[:6]), progress=CLINIC)),
    Sample("clinics-priced", ask.ChooseClinic(clinics=PRICED_CLINICS, progress=CLINIC)),
    Sample("exam-types", ask.ChooseGroup(kind=ask.GroupKind.EXAM_TYPE, groups=EXAM_TYPES, progress=CLINIC)),
    Sample("departments", ask.ChooseGroup(kind=ask.GroupKind.DEPARTMENT, groups=DEPARTMENTS, progress=CLINIC)),
    Sample("slots", ask.ChooseSlot(clinic="Phục hồi chức năng và Vật lý trị liệu", slots=SLOTS, progress=CLINIC)),
    Sample("booked", ask.ChooseAppointment(appointments=APPOINTMENTS[:1], progress=step(4, "step.booked"))),
    Sample("booked-three", ask.ChooseAppointment(appointments=APPOINTMENTS, progress=step(4, "step.booked"))),
    Sample("reprint", ask.ScanForReprint()),
    Sample("reprint-hint", ask.ScanForReprint(hint="scan.other_slip")),
    Sample("tickets", ask.ChooseTicket(tickets=TICKETS)),
    *(Sample(f"nothing-{what.value}", ask.NothingFound(what=what, desk=HELP_DESK)) for what in ask.NothingKind),
    Sample("rooms", ask.FindRoom(rooms=ROOMS)),
    Sample("room", ask.ShowRoom(name="Chụp X-quang", icon="activity", room="Phòng 112", building="Nhà B",
                                floor="Tầng 1", way="Đi thẳng qua sảnh A, cuối hành lang bên phải"), WAY),
    Sample("room-plain", ask.ShowRoom(name="Phục hồi chức năng và Vật lý trị liệu", icon="bone", room="", building="",
                                      floor="", way="Ra cửa sau sảnh A, đi theo mái hiên qua nhà C, lên cầu thang "
                                      "bộ cạnh nhà thuốc, tầng 2, cửa thứ ba bên trái"), WAY),
    Sample("priority", ask.DeclarePriority(choices=(ask.Priority.DISABLED, ask.Priority.MERIT, ask.Priority.NONE),
                                           progress=PRIORITY)),
    Sample("priority-woman", ask.DeclarePriority(choices=(ask.Priority.DISABLED, ask.Priority.MERIT,
                                                          ask.Priority.PREGNANT, ask.Priority.NONE),
                                                 progress=PRIORITY)),
    Sample("priority-old", ask.DeclarePriority(choices=(ask.Priority.ELDERLY_75, ask.Priority.DISABLED,
                                                        ask.Priority.MERIT, ask.Priority.NONE), progress=PRIORITY)),
    Sample("review", ask.Review(clinic="Nội tim mạch", room="phòng 205", waiting=6, minutes=25, priority=True,
                                insured=True, desk=DESK, progress=REVIEW,
                                amounts=ask.Amounts(45000, 45000, None, limit=379500, limit_percent=20))),
    Sample("review-pay", ask.Review(clinic="Phục hồi chức năng và Vật lý trị liệu",
                                    room="Phòng 1204, tầng 12, nhà kỹ thuật cao", waiting=132, minutes=340,
                                    priority=False, insured=False, desk=DESK, pays_now=True, progress=REVIEW,
                                    amounts=ask.Amounts(122500, None, 122500))),
    Sample("review-time", ask.Review(clinic="Nội tim mạch", room="phòng 205", waiting=6, minutes=25, priority=True,
                                     insured=True, desk=DESK, progress=REVIEW, time="08:30",
                                     amounts=ask.Amounts(45000, 45000, None, limit=379500, limit_percent=20))),
    Sample("review-part", ask.Review(clinic="Mắt", room="Phòng 301, tầng 3", waiting=0, minutes=None, priority=True,
                                     insured=True, desk=DESK, progress=REVIEW,
                                     amounts=ask.Amounts(45000, 18000, 27000))),
    Sample("review-plain", ask.Review(clinic="Bàn hướng dẫn", room="Sảnh A", waiting=None, minutes=None,
                                      guide_desk=True,
                                      priority=False, insured=False, amounts=None, desk=DESK, progress=REVIEW)),
    Sample("pay", pay()),
    Sample("pay-asking", pay(state=ask.PayState.ASKING)),
    Sample("pay-under", pay(state=ask.PayState.UNDERPAID, missing=22500, amount=12345000,
                            account_name="CONG TY CO PHAN BENH VIEN DA KHOA QUOC TE HOA GIANG")),
    Sample("pay-sums", pay(sums=ask.PaySums(245000, 122500, provisional=True), by_card=True)),
    Sample("pay-sums-long", pay(sums=ask.PaySums(12345000, 9876000, provisional=True), by_card=True, amount=2469000,
                                account_name="CONG TY CO PHAN BENH VIEN DA KHOA QUOC TE HOA GIANG",
                                state=ask.PayState.NO_NEWS)),
    Sample("pay-rest", pay(state=ask.PayState.REST, missing=22500, amount=122500)),
    Sample("pay-no-news", pay(state=ask.PayState.NO_NEWS, seconds_left=45, pays_for=ask.PayFor.ADVANCE)),
    Sample("pay-part", pay(pays_for=ask.PayFor.FEE, part=1, parts=2, beneficiary="Kho bạc Nhà nước Hòa Giang")),
    *(Sample(f"card-{step.value}", card(step), None) for step in ask.CardStep if step is not ask.CardStep.BANK),
    Sample("card-bank", card(ask.CardStep.BANK, can_stop=False), None),
    *(Sample(f"card-no-{why.value}", ask.CardRefused(why=why, amount=122500, demo=True, progress=PAY))
      for why in ask.CardRefusal),
    Sample("scan-pay", ask.ScanForPay(progress=step(1, "step.pay.find"))),
    Sample("scan-pay-hint", ask.ScanForPay(hint="scan.no_bill")),
    Sample("scan-pay-fees", ask.ScanForPay(fees=True)),
    Sample("letters-insurance", ask.TypeLetters(what=ask.AskedText.INSURANCE, least=10, most=15,
                                                error="type.error.insurance")),
    Sample("letters-bill", ask.TypeLetters(what=ask.AskedText.BILL, least=4, most=30)),
    Sample("letters-look-up", ask.TypeLetters(what=ask.AskedText.LOOK_UP, least=4, most=4)),
    Sample("bills", ask.ChooseBill(bills=BILLS, incomplete=True, demo=True)),
    Sample("bills-one", ask.ChooseBill(bills=BILLS[:1], demo=True)),
    Sample("bill", ask.ShowBill(number="VT-0358", pays_for=ask.PayFor.CHARGE, day="23/11/2026", amount=122500,
                                left=122500, title="Khám chuyên khoa Tim mạch", lines=BILL_LINES[:2], demo=True,
                                sums=ask.PaySums(245000, 122500, provisional=True),
                                cashier="quầy thu số 5, cạnh nhà thuốc")),
    Sample("bill-long", ask.ShowBill(number="VT-0358", pays_for=ask.PayFor.CHARGE, day="23/11/2026", amount=254700,
                                     left=154700, title="Phục hồi chức năng và Vật lý trị liệu", lines=BILL_LINES,
                                     sums=ask.PaySums(509400, 254700, provisional=True), demo=True,
                                     cashier="quầy thu số 5, cạnh nhà thuốc")),
    Sample("bill-code", ask.ShowBill(number="VT-0358", pays_for=ask.PayFor.CHARGE, day="23/11/2026", title="",
                                     amount=122500, left=122500, cashier="quầy thu số 5", demo=True)),
    Sample("bill-advance", ask.ShowBill(number="TU-0112", pays_for=ask.PayFor.ADVANCE, day="22/11/2026",
                                        title="Nội tim mạch", amount=5000000, left=5000000, cashier="quầy thu số 5")),
    Sample("bill-fees", ask.ShowBill(number="H26-261120-0007", pays_for=ask.PayFor.FEE, day="20/11/2026",
                                     title="Thành lập công ty", amount=120000, left=120000, lines=FEE_LINES, parts=2,
                                     cashier="quầy số 4")),
    Sample("done", done(invoice=INVOICE, card_on_reader=True), RESULT),
    Sample("done-printing", done(printing=True, pending=True), None),
    Sample("done-card", done(by_card=True, others_left=True, invoice=ask.InvoiceWords(
        receipt=True, later="Nhận ở quầy trả kết quả, trong ngày")), RESULT),
    Sample("done-no-paper", done(printed=False, problem="PR-02", invoice=INVOICE, pending=True), RESULT),
    Sample("done-unclear", done(unclear=True, paid_at=""), RESULT),
    Sample("done-unclear-no-paper", done(unclear=True, paid_at="", printed=False, problem="PR-03"), RESULT),
    Sample("done-resumed", done(can_print=True, for_cashier=True), RESULT),
    Sample("pay-leave", ask.LeavePayment(demo=True, progress=PAY)),
    Sample("consent", ask.AskConsent(name="Gọi điện hỏi thăm sau khám", progress=PAY,
                                     text="Bệnh viện dùng số điện thoại đã lưu để hỏi thăm sau khám.")),
    Sample("consent-long", ask.AskConsent(name="Gửi phiếu hỏi ý kiến về lượt khám, xét nghiệm và điều trị",
                                          text="Bệnh viện gửi phiếu hỏi ý kiến sau khám tới số điện thoại đã lưu, "
                                          "trả lời hay không tùy ông/bà, có thể rút lại ở quầy bất cứ lúc nào.",
                                          progress=PAY)),
    Sample("why-not-by-code", ask.WhyNotByCode(progress=PAY), RESULT),
    Sample("ticket", ticket(), RESULT),
    Sample("ticket-printing", ticket(printing=True), None),
    Sample("ticket-held", ticket(held=True), RESULT),
    Sample("ticket-copy", ticket(copy=True, card_on_reader=False, notes=("slip.unverified.insurance",)), RESULT),
    Sample("ticket-many", ticket(notes=("prio.slip", "slip.insurance_pending", "slip.unpaid", "slip.unverified.birth",
                                        "slip.holder.staff")), RESULT),
    Sample("ticket-notes", ticket(number="B07M", notes=("prio.slip", "slip.insurance_pending", "slip.unpaid",
                                                        "slip.offline"), demo=True, card_on_reader=False,
                                  clinic="Phục hồi chức năng và Vật lý trị liệu", waiting=None, expected_at=None),
           RESULT),
    Sample("ticket-no-paper", ticket(printed=False, problem="PR-02"), TimeLeft(60, 60, result=True)),
    Sample("ticket-no-paper-notes", ticket(printed=False, problem="PR-03", demo=True,
                                           notes=("slip.insurance_pending", "slip.payment_missing")),
           TimeLeft(60, 60, result=True)),
    Sample("idle", ask.IdleWarning(card_on_reader=True), TimeLeft(14, 20)),
    Sample("idle-pay", ask.IdleWarning(card_on_reader=True, code_live=True), TimeLeft(14, 20)),
    *(Sample(f"call-{state.value}", call(state), HOLD) for state in ask.StaffCallState),
    Sample("problem", problem("BH-101", _GO, _RETRY)),
    Sample("problem-one", problem("GW-202", _RETRY)),
    Sample("problem-three", problem("CR-05", _WITHOUT, _RETRY, _DESK)),
    Sample(
        "problem-staff",
        problem("QR-11", ask.ProblemChoice.CALL_STAFF, ask.ProblemChoice.BY_HAND, _RETRY, _WITHOUT),
    ),
    Sample("problem-crash", problem("KI-901", ask.ProblemChoice.END)),
    Sample("working", ask.Working(message="working.insurance", seconds_left=12, progress=INSURANCE), None),
    *(Sample(name, prompt, None) for name, prompt in TECHNICIAN),
    Sample("working-number", ask.Working(message="working.registering", can_stop=False, progress=REVIEW), None),
)  # fmt: skip
"""Each prompt type at least once; a test holds that."""
