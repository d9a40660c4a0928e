"""Prompts of a one-stop centre for the gallery and the walkers: the sample catalogue, asked at one morning."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from screens.parts.pictures import IMAGES
from services.journeys import prompts as ask
from services.journeys.prompts import Phrase, Prompt

FREE = Phrase("fee.free")
HITS = (
    ask.ProcedureRow("1.001193", "Đăng ký khai sinh", "Hộ tịch", ((8, 17),), FREE),
    ask.ProcedureRow(
        "3.000722",
        "Khai sinh liên thông, trẻ dưới 6 tuổi",
        "Liên thông",
        ((0, 9),),
        Phrase("find.parts", (("number", 4),)),
    ),
    ask.ProcedureRow(
        "2.000635",
        "Bản sao trích lục khai sinh, hộ tịch",
        "Hộ tịch",
        ((18, 27),),
        Phrase("fee.each", (("amount", "8.000"),)),
    ),
)
LONG_HITS = tuple(
    ask.ProcedureRow(
        f"1.{number:06}",
        "Cấp giấy chứng nhận đủ điều kiện cho tổ chức, cá nhân ở vùng sâu",
        "Nông nghiệp và Môi trường",
    )
    for number in range(24)
)


def _find(typed: str) -> ask.FoundProcedures:
    if typed == "khai sinh":
        return ask.FoundProcedures(HITS, 3)
    if typed == "zza":
        return ask.FoundProcedures((), 0)
    return ask.FoundProcedures(LONG_HITS, 240)


PARTS = (
    ask.PartRow("baby", "Khai sinh", Phrase("time.same-day")),
    ask.PartRow("house", "Cư trú", Phrase("time.working-days", (("number", 2),))),
    ask.PartRow("heartbeat", "Thẻ bảo hiểm y tế", Phrase("time.working-days", (("number", 2),))),
    ask.PartRow("identification-card", "Thẻ căn cước", Phrase("time.working-days", (("number", 7),))),
)
CASES = (
    ask.CaseRow("co-ket-hon", "Cha mẹ có giấy kết hôn"),
    ask.CaseRow("khong-ket-hon", "Không có hoặc chưa tìm thấy"),
    ask.CaseRow("mat-chung-sinh", "Mất giấy chứng sinh"),
    ask.CaseRow("nuoc-ngoai", "Cha hoặc mẹ là người nước ngoài"),
)
MANY_CASES = tuple(ask.CaseRow(f"r{n}", f"Trường hợp {n}, mua lại hoặc được tặng cho") for n in range(7))
ONE = Phrase("pieces.original", (("originals", 1), ("copies", 0)))
BOTH = Phrase("pieces.both", (("originals", 1), ("copies", 2)))
BRING = (
    ask.PaperRow("Giấy chứng sinh", ONE, "bệnh viện nơi sinh cấp"),
    ask.PaperRow("Tờ khai liên thông cho trẻ dưới 6 tuổi", ONE, "quầy in sẵn, chỉ cần ký"),
)
HELD = (
    ask.PaperRow("Căn cước của cha và mẹ", ONE, "quầy đọc chip trên thẻ"),
    ask.PaperRow("Giấy chứng nhận kết hôn", ONE, "quầy tra trong dữ liệu hộ tịch"),
)
DUE = (
    ask.DueRow("Khai sinh", Phrase("due.today")),
    ask.DueRow("Cư trú", Phrase("due.on", (("date", "25/11"),))),
    ask.DueRow("Thẻ bảo hiểm y tế", Phrase("due.on", (("date", "25/11"),))),
    ask.DueRow("Thẻ căn cước", Phrase("due.on", (("date", "02/12"),))),
)
EVERY_WAY = tuple(ask.ChecklistAnswer)
LIST = ask.ShowChecklist(
    code="3.000722",
    procedure="Khai sinh liên thông, trẻ dưới 6 tuổi",
    case="Cha mẹ có giấy kết hôn",
    bring=BRING,
    held=HELD,
    due=DUE,
    before="15:00",
    fee=FREE,
    where="quầy 3, 4 hoặc 5",
    updated="01/11/2026",
    sample=True,
    offers=EVERY_WAY,
)
LONG_LIST = ask.ShowChecklist(
    code="MAU.TS-01",
    procedure="Đăng ký tàu cá",
    case="Mua lại, được tặng cho; Từ 12 m trở lên",
    bring=tuple(
        ask.PaperRow(f"Giấy chứng nhận quyền sử dụng đất, sở hữu nhà hoặc tài sản, tờ {number}", BOTH, "bản gốc")
        for number in range(1, 9)
    ),
    held=HELD,
    due=(ask.DueRow("", Phrase("due.about", (("date", "15/02"),))),),
    fee=Phrase("fee.pages", (("first", "2.000"), ("number", 3), ("next", "1.000"))),
    where="quầy 11",
    conditions=(("Diện tích nhà thuê tối thiểu mỗi người ở nơi này", "20 m²"),),
    updated="01/11/2026",
    sample=True,
    offers=EVERY_WAY,
    printed=False,
    offline=True,
)


def _plain(text: str) -> Phrase:
    return Phrase("plain", (("text", text),))


DETAILS = (
    ask.DetailRow(Phrase("details.step", (("number", 1),)), _plain("Lấy số, nộp hồ sơ ở quầy hoặc nộp trực tuyến")),
    ask.DetailRow(Phrase("details.step", (("number", 2),)), _plain("Cán bộ kiểm tra, in giấy tiếp nhận và hẹn trả")),
    ask.DetailRow(Phrase("details.step", (("number", 3),)), _plain("Nhận kết quả theo giấy hẹn")),
    ask.DetailRow(Phrase("details.fee.truc-tiep"), Phrase("fee.amount", (("amount", "20.000"),))),
    ask.DetailRow(Phrase("details.fee.truc-tuyen"), Phrase("fee.amount", (("amount", "10.000"),))),
    ask.DetailRow(
        Phrase("details.free"),
        _plain("Người có công và thân nhân, Hộ nghèo, Người khuyết tật, Trẻ em, Người cao tuổi"),
    ),
    ask.DetailRow(Phrase("details.time"), Phrase("time.working-days", (("number", 7),))),
    ask.DetailRow(
        Phrase("details.results"),
        _plain("Giấy khai sinh; Thông báo kết quả đăng ký thường trú; Thẻ bảo hiểm y tế; Thẻ căn cước"),
    ),
    ask.DetailRow(Phrase("details.agency"), _plain("Ủy ban nhân dân cấp xã")),
    ask.DetailRow(Phrase("details.delegated"), _plain("Sở Nông nghiệp và Môi trường")),
    ask.DetailRow(Phrase("details.level"), Phrase("details.level.mot-phan")),
    ask.DetailRow(Phrase("details.basis"), _plain("Luật Cư trú 68/2020/QH14; Quyết định 296/QĐ-VPCP")),
    ask.DetailRow(
        Phrase("details.source.unconfirmed", (("date", "01/11/2026"),)),
        _plain("Bộ mẫu tự soạn từ tên, mức phí và thời hạn được nhắc ở nhiều nơi; chưa đối chiếu văn bản gốc"),
    ),
)
HOME = ask.OneStopHome(
    choices=(ask.HomeChoice.PAY, *ask.ONE_STOP, *ask.TOLD, *ask.BARS),
    waiting=6,
    notices=("Nộp hồ sơ ở phường nào trong tỉnh cũng được",),
    favourites=(
        ask.Favourite("2.000815", "Chứng thực bản sao", "stamp"),
        ask.Favourite("1.001193", "Đăng ký khai sinh", "baby"),
        ask.Favourite("1.004222", "Đăng ký thường trú", "house"),
    ),
)
PICTURE = (IMAGES / "place.png").read_bytes()
GUIDES = ask.ChooseGuide(
    rows=(
        ask.GuideRow("muc-1-muc-2", "identification-card", "Tài khoản định danh mức 1 và mức 2"),
        ask.GuideRow("kich-hoat", "device-mobile", "Kích hoạt tài khoản VNeID"),
        ask.GuideRow("so-suc-khoe", "heartbeat", "Sổ sức khỏe điện tử trên VNeID"),
        ask.GuideRow("hai-cap", "megaphone", "Nộp hồ sơ ở phường nào trong tỉnh cũng được", notice=True),
        ask.GuideRow("nghi-tet", "megaphone", "Trung tâm nghỉ Tết Nguyên đán từ ngày 5/2/2027", notice=True),
    )
)
GUIDE = ask.ShowGuide(
    title="Tài khoản định danh mức 1 và mức 2",
    steps=(
        ask.GuideLine(
            "Mức 1: tự đăng ký trên ứng dụng VNeID bằng số định danh và số điện thoại. Xem được một số thông tin."
        ),
        ask.GuideLine(
            "Mức 2: công an thu vân tay và ảnh rồi cấp. Dùng thay thẻ căn cước, nộp được hồ sơ trực tuyến.", PICTURE
        ),
        ask.GuideLine("Chưa có mức 2: mang thẻ căn cước tới quầy công an. Lấy số ngay tại trạm này."),
    ),
    offers=(ask.GuideAnswer.TAKE_NUMBER, ask.GuideAnswer.DONE),
    source="Nghị định 69/2024/NĐ-CP, chưa đối chiếu bản gốc",
    day="30/11/2026",
)
NOTICE = ask.ShowNotice(
    title="Nộp hồ sơ ở phường nào trong tỉnh cũng được",
    text="Từ ngày 1/7/2025, hồ sơ được tiếp nhận không phụ thuộc nơi cư trú trong cùng tỉnh.",
    picture=PICTURE,
    until="30/06/2027",
)
FIELDS = (
    ask.FieldRow("nguoi-nop.ho-ten", "Họ và tên", "Trần Minh Khang", locked=True),
    ask.FieldRow("nguoi-nop.so", "Số căn cước", "•••• •••• •829", locked=True),
    ask.FieldRow("nguoi-nop.xa", "Xã, phường theo tên mới", ""),
    ask.FieldRow("nguoi-nop.dien-thoai", "Số điện thoại", "12", error="field.error.shape", optional=True),
    ask.FieldRow("tre.ho-ten", "Họ và tên của trẻ", ""),
    ask.FieldRow("bhyt.noi-kham", "Nơi khám chữa bệnh ban đầu", "", optional=True),
)
FORTY = tuple(ask.FieldRow(f"f{n}", f"Mục thứ {n} của tờ khai", "Phường Sài Gòn" if n % 3 else "") for n in range(40))
PLACES = (
    "Phường Sài Gòn, Thành phố Hồ Chí Minh",
    "Phường Tân Định, Thành phố Hồ Chí Minh",
    "Phường Bến Thành, Thành phố Hồ Chí Minh",
    "Phường Cầu Ông Lãnh, Thành phố Hồ Chí Minh",
)
OPTIONS = tuple(ask.Suggestion(f"o{n}", f"Lựa chọn thứ {n}, ông bà, người thân khác") for n in range(5))


def _places(_typed: str) -> tuple[ask.Suggestion, ...]:
    return tuple(ask.Suggestion(one, one) for one in PLACES)


def _options(_typed: str) -> tuple[ask.Suggestion, ...]:
    return OPTIONS


DECLARATION = (
    "Tôi cam đoan những nội dung khai trên đây là đúng và chịu trách nhiệm trước pháp luật về lời khai của mình."
)
REVIEWED = ask.ReviewFiling(
    procedure=LIST.procedure,
    case=LIST.case,
    capacity=ask.Capacity.MYSELF,
    rows=FIELDS[:2],
    papers=("Giấy chứng sinh", "Tờ khai liên thông cho trẻ dưới 6 tuổi"),
    fee=FREE,
)
DECLARED = ask.DeclareFiling(
    procedure=LIST.procedure,
    declaration=DECLARATION,
    consent=(
        "Trạm gửi tờ khai và giấy tờ cho cơ quan giải quyết, chỉ để làm thủ tục này. Không đồng ý thì lấy số, quầy "
        "nhận hồ sơ giấy như thường."
    ),
    form_version="mẫu 2026-11",
    notice_version="2026-11-01",
)
CAME = (
    ask.DocumentRow("d1", "Giấy chứng sinh", 2, (IMAGES / "sample_face.png").read_bytes()),
    ask.DocumentRow("d2", "", 1),
)
MANY_CAME = tuple(ask.DocumentRow(f"d{n}", "Giấy chứng nhận quyền sử dụng đất, sở hữu nhà", n) for n in range(1, 9))
WIFI = "WIFI:T:WPA;S:Tram-Hoa-Giang;P:hoagiang2026;;"
LINK = "https://anh.hoagiang.example/u/0123456789abcdef0123456789abcdef01234567"
SENT = ask.Moment(4, "19/11/2026", "09:02")
DAY = ask.Moment(4, "26/11/2026")
STEPS = (
    ask.TimelineStep(1, ask.Mark.DONE, SENT),
    ask.TimelineStep(2, ask.Mark.DONE, ask.Moment(4, "19/11/2026", "09:20")),
    ask.TimelineStep(4, ask.Mark.NOW, ask.Moment(5, "20/11/2026", "08:10"), "Tổ Tư pháp, Hộ tịch"),
    ask.TimelineStep(9, ask.Mark.NEXT, DAY),
    ask.TimelineStep(10, ask.Mark.NEXT),
)
HOURS = (("07:30", "11:30"), ("13:30", "17:00"))
DOSSIER = ask.ShowDossier(
    name="Đăng ký lại khai sinh",
    headline="dossier.status.4",
    code="G09.20-20261119-0000217",
    due=DAY,
    pace=ask.DossierPace.PENDING,
    hours=HOURS,
    steps=STEPS,
    offers=(ask.DossierAnswer.PRINT, ask.DossierAnswer.DONE),
)
SUPPLEMENT = ask.ShowDossier(
    name="Khai sinh liên thông, trẻ dưới 6 tuổi",
    headline="dossier.status.5",
    code="G09.20-20261119-0000218",
    due=DAY,
    pace=ask.DossierPace.LATE,
    hours=HOURS,
    steps=(*STEPS[:2], ask.TimelineStep(5, ask.Mark.NOW, SENT, "Tổ Tư pháp, Hộ tịch"), *STEPS[3:]),
    missing=("Giấy chứng sinh, bản chính", "Giấy chứng nhận kết hôn của cha và mẹ"),
    missing_until=ask.Moment(1, "30/11/2026"),
    desk="quầy hướng dẫn số 1, bên trái cửa chính, cách đây 10 m",
)
COUNTED_ON = replace(
    SUPPLEMENT,
    pace=ask.DossierPace.PENDING,
    counted_on=True,
    steps=(*SUPPLEMENT.steps[:3], ask.TimelineStep(9, ask.Mark.NEXT), STEPS[4]),
)
DUE_MONEY = ask.ShowDossier(
    name="Cấp phiếu lý lịch tư pháp",
    headline="dossier.status.6",
    code="G09.20-20261119-0000219",
    due=DAY,
    pace=ask.DossierPace.PENDING,
    hours=HOURS,
    steps=(*STEPS[:2], ask.TimelineStep(6, ask.Mark.NOW, SENT), *STEPS[3:]),
    money=200_000,
    money_until=ask.Moment(5, "27/11/2026"),
    cashier="quầy số 1, bên trái cửa chính",
    offers=(ask.DossierAnswer.PAY, ask.DossierAnswer.PRINT, ask.DossierAnswer.DONE),
)
AT_CASHIER = replace(DUE_MONEY, offers=(ask.DossierAnswer.DONE,))
MONEY_TAKEN = replace(
    DUE_MONEY,
    headline="dossier.status.6.paid",
    money=0,
    money_until=None,
    money_paid=True,
    offers=(ask.DossierAnswer.DONE,),
)
READY = ask.ShowDossier(
    name="Khai sinh liên thông, trẻ dưới 6 tuổi",
    headline="dossier.status.9",
    code="G09.20-20261119-0000220",
    due=DAY,
    pace=ask.DossierPace.KEPT,
    hours=HOURS,
    steps=(*STEPS[:2], ask.TimelineStep(4, ask.Mark.DONE, SENT), ask.TimelineStep(9, ask.Mark.NOW, SENT), STEPS[4]),
    parts=tuple(
        ask.PartState(part.name, part.icon, 4 if number % 2 else 9, DAY, "" if number % 2 else "Giấy khai sinh")
        for number, part in enumerate(PARTS)
    ),
    ready_at="Quầy 6",
    ready_way="Cuối sảnh, bên trái",
    offers=(ask.DossierAnswer.TAKE_NUMBER, ask.DossierAnswer.RATE, ask.DossierAnswer.PRINT, ask.DossierAnswer.DONE),
)
POSTED = replace(READY, parts=(), ready_at="", ready_way="", posted=True, hours=(), offers=READY.offers[1:])
PAY_AND_FETCH = replace(
    READY,
    money=200_000,
    cashier="quầy số 1, bên trái cửa chính",
    offers=(
        ask.DossierAnswer.PAY,
        ask.DossierAnswer.TAKE_NUMBER,
        ask.DossierAnswer.PRINT,
        ask.DossierAnswer.DONE,
    ),
)
JUST_SENT = ask.ShowDossier(
    name="Cấp giấy xác nhận tình trạng hôn nhân",
    headline="dossier.status.1",
    code="7Q4K-92HM",
    sending=True,
    steps=(
        ask.TimelineStep(1, ask.Mark.NOW, SENT),
        *(ask.TimelineStep(status, ask.Mark.NEXT) for status in (2, 4, 9, 10)),
    ),
    kept_until=ask.Moment(7, "22/11/2026", "09:02"),
)
NOT_SENT = ask.ShowDossier(
    name="Cấp giấy xác nhận tình trạng hôn nhân",
    headline="dossier.state.not-filed",
    code="7Q4K-92HM",
    sending=True,
    desk="quầy hướng dẫn số 1, bên trái cửa chính, cách đây 10 m",
)
MINE = tuple(
    ask.DossierRow(f"d{number}", name, f"dossier.status.{status}", "19/11/2026")
    for number, (name, status) in enumerate(
        (("Đăng ký lại khai sinh", 4), ("Khai sinh liên thông, trẻ dưới 6 tuổi", 9), ("Đăng ký tàu cá", 5)) * 3
    )
)
PROMPTS: tuple[tuple[str, Prompt[Any]], ...] = (
    ("one-stop-home", HOME),
    ("one-stop-home-offline", ask.OneStopHome(choices=ask.BARS, offline_since="07:10")),
    ("one-stop-home-quiet", replace(HOME, choices=(*ask.ONE_STOP, *ask.BARS), waiting=None, notices=())),
    ("guides", GUIDES),
    ("guides-helper", replace(GUIDES, helper="lan.phuong")),
    ("notices", replace(GUIDES, rows=GUIDES.rows[-2:], only_notices=True)),
    ("guide", GUIDE),
    ("guide-long", replace(GUIDE, steps=GUIDE.steps * 4, offers=(ask.GuideAnswer.DONE,))),
    ("notice", NOTICE),
    ("notice-words", replace(NOTICE, picture=None, text=NOTICE.text * 3)),
    ("helper", ask.HelperSignIn()),
    ("helper-wrong", ask.HelperSignIn(error="helper.wrong")),
    ("helper-name", ask.TypeLetters(what=ask.AskedText.HELPER, least=2, most=36)),
    (
        "helper-pin",
        ask.TypeDigits(what=ask.AskedNumber.HELPER_PIN, length=12, least=6, hidden=True, secret=True),
    ),
    ("help", ask.ChooseHelp()),
    (
        "draft-code-wrong",
        ask.TypeLetters(
            what=ask.AskedText.DRAFT, least=8, most=8, error="draft.error.left", error_args=(("number", 4),)
        ),
    ),
    ("find", ask.FindProcedure(find=_find, typed="khai sinh")),
    ("find-empty", ask.FindProcedure(find=_find)),
    ("find-nothing", ask.FindProcedure(find=_find, typed="zza")),
    ("case", ask.ChooseCase(procedure=LIST.procedure, question="Trường hợp của ông/bà?", rows=CASES, parts=PARTS)),
    (
        "case-many",
        ask.ChooseCase(
            procedure="Đăng ký tàu cá",
            question="Tàu dài bao nhiêu, và đăng ký vì việc gì?",
            rows=MANY_CASES,
        ),
    ),
    ("checklist", LIST),
    ("checklist-long", LONG_LIST),
    ("checklist-no-form", replace(LIST, offers=(ask.ChecklistAnswer.TAKE_NUMBER,), form_note="list.form.desk")),
    ("details", ask.ShowDetails(procedure=LIST.procedure, rows=DETAILS)),
    ("on-phone", ask.OnPhone(procedure=LIST.procedure, url="https://one-stop.example/p/3.000722")),
    ("capacity", ask.ChooseCapacity(procedure=LIST.procedure)),
    (
        "docs-which",
        ask.ChoosePaper(
            papers=(
                ask.PaperChoice("giay-chung-sinh", "Giấy chứng sinh, bản chính do cơ sở y tế cấp", here=True),
                ask.PaperChoice("ket-hon", "Giấy chứng nhận kết hôn của cha và mẹ"),
                ask.PaperChoice("giay-to-khac", ""),
            )
        ),
    ),
    ("form", ask.FillForm(form="Tờ khai liên thông cho trẻ dưới 6 tuổi", rows=FIELDS, left=3)),
    ("form-forty", ask.FillForm(form="Tờ khai liên thông cho trẻ dưới 6 tuổi", rows=FORTY, left=0)),
    (
        "field-name",
        ask.TypeField(
            field="f", label="Họ và tên của trẻ", keys=ask.FieldKeys.NAMES, value="Lê An Na", number=8, total=25
        ),
    ),
    (
        "field-text",
        ask.TypeField(field="f", label="Tên tổ chức", keys=ask.FieldKeys.TEXT, value="Hợp tác xã", number=8, total=25),
    ),
    (
        "field-code",
        ask.TypeField(
            field="f", label="Số phát hành (in ở trang đầu)", keys=ask.FieldKeys.CODE, value="AA 12", number=9, total=25
        ),
    ),
    (
        "field-places-unknown",
        ask.TypeField(
            field="f",
            label="Quê quán",
            keys=ask.FieldKeys.PLACES,
            value="Hoa Lạ",
            error="field.error.missing",
            optional=True,
            number=14,
            total=26,
        ),
    ),
    (
        "field-places",
        ask.TypeField(
            field="f",
            label="Xã, phường theo tên mới",
            keys=ask.FieldKeys.PLACES,
            value="da ka",
            error="field.error.missing",
            optional=True,
            number=8,
            total=25,
            suggest=_places,
        ),
    ),
    (
        "field-places-many",
        ask.TypeField(
            field="f", label="Quê quán", keys=ask.FieldKeys.PLACES, value="ben", number=14, total=26, suggest=_places
        ),
    ),
    (
        "field-date",
        ask.TypeField(
            field="f",
            label="Ngày sinh của trẻ",
            keys=ask.FieldKeys.DATE,
            value="30/02/2026",
            error="field.error.no-date",
            number=9,
            total=25,
        ),
    ),
    (
        "field-phone",
        ask.TypeField(
            field="f",
            label="Số điện thoại",
            remark="Để quầy gọi khi cần. Không có cũng được.",
            keys=ask.FieldKeys.DIGITS,
            optional=True,
            number=7,
            total=25,
        ),
    ),
    (
        "field-list",
        ask.TypeField(
            field="f", label="Ông/bà là gì của trẻ?", keys=ask.FieldKeys.LIST, number=7, total=25, suggest=_options
        ),
    ),
    (
        "part",
        ask.AskPart(
            procedure=LIST.procedure,
            part="Thẻ căn cước",
            icon="identification-card",
            time=Phrase("time.working-days", (("number", 7),)),
        ),
    ),
    ("form-draft", ask.FillForm(form="Tờ khai liên thông", rows=FIELDS, left=3, offers=tuple(ask.FormAnswer))),
    ("draft-kept", ask.DraftKept(code="7Q4K-92HM", until="07:14, 26/11", printed=True)),
    ("draft-noslip", ask.DraftKept(code="7Q4K-92HM", until="07:14, 26/11", printed=False)),
    (
        "letters-draft",
        ask.TypeLetters(what=ask.AskedText.DRAFT, least=8, most=8, error="draft.error.wrong"),
    ),
    ("documents", ask.GatherDocuments(wanted=REVIEWED.papers)),
    ("documents-some", ask.GatherDocuments(wanted=REVIEWED.papers, rows=CAME)),
    ("documents-many", ask.GatherDocuments(wanted=REVIEWED.papers, rows=MANY_CAME)),
    ("send-wifi", ask.SendByPhone(step=ask.PhoneStep.WIFI, code=WIFI, ssid="Tram-Hoa-Giang", until="09:15")),
    ("send-link", ask.SendByPhone(step=ask.PhoneStep.LINK, code=LINK, until="09:15")),
    ("send-opened", ask.SendByPhone(step=ask.PhoneStep.OPENED, code="", until="09:15")),
    ("send-opened-none", ask.SendByPhone(step=ask.PhoneStep.OPENED, code="", until="09:15", nothing_came=True)),
    ("send-came", ask.SendByPhone(step=ask.PhoneStep.OPENED, code="", until="09:15", rows=CAME)),
    ("send-over", ask.SendByPhone(step=ask.PhoneStep.OVER, code="", until="09:15")),
    ("review-filing", REVIEWED),
    ("review-filing-offline", replace(REVIEWED, offline=True)),
    ("declare-filing", DECLARED),
    ("declare-filing-only", replace(DECLARED, consent="", notice_version="")),
    ("review-filing-photographed", replace(REVIEWED, photographed=2)),
    (
        "priority-anybody",
        ask.DeclarePriority(
            choices=(
                ask.Priority.ELDERLY_75,
                ask.Priority.DISABLED,
                ask.Priority.MERIT,
                ask.Priority.PREGNANT,
                ask.Priority.NONE,
            )
        ),
    ),
    ("scan-dossier", ask.ScanForDossier()),
    ("scan-dossier-hint", ask.ScanForDossier(hint="scan.no_dossier")),
    ("scan-rating", ask.ScanForRating()),
    ("scan-rating-hint", ask.ScanForRating(hint="scan.no_rating")),
    ("type-dossier", ask.TypeLetters(what=ask.AskedText.DOSSIER, least=8, most=40)),
    ("dossiers", ask.ChooseDossier(dossiers=MINE)),
    ("dossier", DOSSIER),
    ("dossier-missing", SUPPLEMENT),
    ("dossier-extended", replace(DOSSIER, pace=None, extended=True, posted=True, hours=())),
    ("dossier-counted-on", COUNTED_ON),
    ("dossier-posted", POSTED),
    ("dossier-printed", replace(DOSSIER, printed=True)),
    ("dossier-not-printed", replace(READY, printed=False)),
    ("dossier-money", DUE_MONEY),
    ("dossier-money-cashier", AT_CASHIER),
    ("dossier-money-taken", MONEY_TAKEN),
    ("dossier-money-and-result", PAY_AND_FETCH),
    ("dossier-ready", READY),
    ("dossier-sent", JUST_SENT),
    ("dossier-not-sent", NOT_SENT),
    ("rate", ask.RateService(name="Bản sao trích lục khai sinh")),
    ("rate-mourning", ask.RateService(name="Khai tử", mourning=True, chosen=ask.RatingLevel.SATISFIED)),
    ("reasons", ask.RateReasons(level=ask.RatingLevel.SATISFIED)),
    ("reasons-bad", ask.RateReasons(level=ask.RatingLevel.DISSATISFIED)),
    ("rated", ask.RatingTaken()),
    *(
        (f"nothing-{kind.value}", ask.NothingFound(what=kind, desk="quầy hướng dẫn số 1"))
        for kind in (
            ask.NothingKind.DOSSIER,
            ask.NothingKind.DOSSIER_UNPROVEN,
            ask.NothingKind.DOSSIER_PAUSED,
            ask.NothingKind.RESULT,
            ask.NothingKind.RESULT_POSTED,
            ask.NothingKind.DRAFT_UNPROVEN,
            ask.NothingKind.DRAFT_OLD,
            ask.NothingKind.RATE_UNKNOWN,
            ask.NothingKind.RATE_NOT_YET,
            ask.NothingKind.RATE_RATED,
        )
    ),
)
