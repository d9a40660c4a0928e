"""Each page answers its prompt through real touches, and nothing that can be touched leads nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from services.journeys import prompts as ask
from services.journeys.stage import StageEvent

pytestmark = pytest.mark.screen


def expected() -> list[tuple[str, list[str], object]]:
    """Sample, what is touched, what is answered."""
    return [
        ("home", ["check-in"], ask.HomeChoice.CHECK_IN),
        ("home", ["check-in-without-card"], ask.HomeChoice.CHECK_IN_WITHOUT_CARD),
        ("home", ["how-to"], ask.HomeChoice.HOW_TO),
        ("home", ["privacy"], ask.HomeChoice.PRIVACY),
        ("home", ["booked"], ask.HomeChoice.BOOKED),
        ("home", ["reprint"], ask.HomeChoice.REPRINT),
        ("home", ["find-room"], ask.HomeChoice.FIND_ROOM),
        ("without-card", ["by-hand"], ask.WithoutCardAnswer.BY_HAND),
        ("without-card", ["passport"], ask.WithoutCardAnswer.PASSPORT),
        ("without-card", ["vneid"], ask.WithoutCardAnswer.VNEID),
        ("without-card-finger", ["finger"], ask.WithoutCardAnswer.FINGER),
        ("finger-new", ["other-way"], ask.FingerAnswer.OTHER_WAY),
        ("type-phone-end", ["0", "8", "2", "9", "go"], ask.TypedDigits("0829")),
        ("type-phone-end", ["skip"], ask.TypeAnswer.SKIP),
        ("without-card-child", ["page-next", "birth-paper"], ask.WithoutCardAnswer.BIRTH_PAPER),
        ("type-birth", ["0", "2", "0", "3", "1", "9", "9", "0", "go"], ask.TypedDigits("02031990")),
        ("type-expiry", ["skip"], ask.TypeAnswer.SKIP),
        ("letters", ["C", "1", "X", "erase", "2", "3", "4", "5", "go"], ask.TypedLetters("C12345")),
        ("field-code", ["Đ", "4", "digits", "/", "go"], ask.FieldTyped("AA 12Đ4/")),
        ("exam-types", ["t2"], ask.GroupChosen("t2")),
        ("departments", ["d3"], ask.GroupChosen("d3")),
        ("departments", ["guide-desk"], ask.ClinicAnswer.GUIDE_DESK),
        ("slots", ["0730"], ask.SlotChosen("0730")),
        ("slots", ["page-next", "1130"], ask.SlotChosen("1130")),
        ("booked", ["a1"], ask.AppointmentChosen("a1")),
        ("booked", ["new-visit"], ask.BookedAnswer.NEW_VISIT),
        ("reprint", ["nothing"], ask.ReprintAnswer.NOTHING),
        ("tickets", ["k2"], ask.TicketChosen("k2")),
        ("nothing-ticket", ["go-on"], ask.NothingAnswer.GO_ON),
        ("nothing-appointment", ["end"], ask.NothingAnswer.END),
        ("rooms", ["r4"], ask.RoomChosen("r4")),
        ("rooms", ["page-next", "r8"], ask.RoomChosen("r8")),
        ("room", ["done"], ask.ShowRoomAnswer.DONE),
        ("room", ["other"], ask.ShowRoomAnswer.OTHER),
        ("ticket-held", ["extra"], ask.TicketAnswer.REPRINT),
        ("one-stop-home", ["take-number"], ask.HomeChoice.TAKE_NUMBER),
        ("one-stop-home", ["find-procedure"], ask.HomeChoice.FIND_PROCEDURE),
        ("one-stop-home", ["pay"], ask.HomeChoice.PAY),
        ("one-stop-home", ["2.000815"], ask.ProcedureChosen("2.000815")),
        ("find", ["3.000722"], ask.ProcedureChosen("3.000722")),
        ("find-empty", ["by-event"], ask.FindAnswer.BY_EVENT),
        ("find-nothing", ["by-sector"], ask.FindAnswer.BY_SECTOR),
        ("find-nothing", ["clear", *"khai", "space", *"sinh", "2.000635"], ask.ProcedureChosen("2.000635")),
        ("checklist", ["details"], ask.ChecklistAnswer.DETAILS),
        ("details", ["done"], ask.DetailsAnswer.DONE),
        ("field-code", ["clear", *"DD", "space", *"12", "-", "go"], ask.FieldTyped("DD 12-")),
        ("field-text", ["clear", *"coong", "space", "case", *"TNHH", "case", *"a", "go"], ask.FieldTyped("Công TNHHa")),
        ("case", ["mat-chung-sinh"], ask.CaseChosen("mat-chung-sinh")),
        ("case", ["ask-desk"], ask.CaseAnswer.ASK_DESK),
        ("checklist", ["take-number"], ask.ChecklistAnswer.TAKE_NUMBER),
        ("checklist", ["print"], ask.ChecklistAnswer.PRINT),
        ("checklist", ["phone"], ask.ChecklistAnswer.PHONE),
        ("checklist", ["prepare"], ask.ChecklistAnswer.PREPARE),
        ("checklist", ["change-case"], ask.ChecklistAnswer.CHANGE_CASE),
        ("on-phone", ["done"], None),
        ("capacity", ["guardian"], ask.Capacity.GUARDIAN),
        ("form", ["tre.ho-ten"], ask.FieldChosen("tre.ho-ten")),
        ("form", ["next"], ask.FormAnswer.NEXT),
        ("form-forty", ["page-next", "f7"], ask.FieldChosen("f7")),
        ("field-name", ["clear", *"ddo", "space", *"huyeenf", "go"], ask.FieldTyped("Đo Huyền")),
        ("field-places", ["skip"], ask.FieldTyped("")),
        ("field-date", ["clear", *"20112026", "go"], ask.FieldTyped("20/11/2026")),
        ("field-phone", [*"0912345678", "go"], ask.FieldTyped("0912345678")),
        ("field-list", ["o2"], ask.FieldTyped("o2")),
        ("form-draft", ["later"], ask.FormAnswer.LATER),
        ("form-draft", ["resume"], ask.FormAnswer.RESUME),
        ("draft-kept", ["done"], None),
        ("letters-draft", [*"7Q4K92HM", "go"], ask.TypedLetters("7Q4K92HM")),
        ("part", ["yes"], ask.PartAnswer.YES),
        ("part", ["no"], ask.PartAnswer.NO),
        ("documents", ["phone"], ask.DocumentsAnswer.PHONE),
        ("documents", ["go-on"], ask.DocumentsAnswer.GO_ON),
        ("documents-some", ["d2"], ask.DocumentRemoved("d2")),
        ("documents-many", ["page-next", "d4"], ask.DocumentRemoved("d4")),
        ("send-wifi", ["next"], ask.PhoneAnswer.NEXT),
        ("send-link", ["done"], ask.PhoneAnswer.DONE),
        ("send-came", ["d1"], ask.DocumentRemoved("d1")),
        ("send-over", ["again"], ask.PhoneAnswer.AGAIN),
        ("send-over", ["done"], ask.PhoneAnswer.DONE),
        ("review-filing", ["send"], ask.FilingAnswer.SEND),
        ("declare-filing", ["agree"], ask.DeclareAnswer.AGREE),
        ("declare-filing", ["refuse"], ask.DeclareAnswer.REFUSE),
        ("review-filing", ["change"], ask.FilingAnswer.CHANGE),
        ("one-stop-home", ["track"], ask.HomeChoice.TRACK),
        ("one-stop-home", ["collect"], ask.HomeChoice.COLLECT),
        ("one-stop-home", ["rate"], ask.HomeChoice.RATE),
        ("scan-dossier", ["type-code"], ask.ShowSlipAnswer.TYPE_CODE),
        ("scan-rating", ["type-code"], ask.ShowSlipAnswer.TYPE_CODE),
        ("type-dossier", [*"7Q4K", "-", *"92HM", "go"], ask.TypedLetters("7Q4K-92HM")),
        ("dossiers", ["d1"], ask.DossierChosen("d1")),
        ("dossier", ["done"], ask.DossierAnswer.DONE),
        ("dossier-ready", ["take-number"], ask.DossierAnswer.TAKE_NUMBER),
        ("dossier-ready", ["rate"], ask.DossierAnswer.RATE),
        ("dossier-ready", ["done"], ask.DossierAnswer.DONE),
        ("rate", ["neutral", "very-satisfied", "go"], ask.RatingLevel.VERY_SATISFIED),
        ("rate-mourning", ["go"], ask.RatingLevel.SATISFIED),
        ("rate", ["skip"], ask.RateAnswer.SKIP),
        (
            "reasons",
            ["place", "time", "place", "guidance", "go"],
            ask.RatingReasons((ask.RatingReason.TIME, ask.RatingReason.GUIDANCE)),
        ),
        ("reasons-bad", ["go"], ask.RatingReasons()),
        ("rated", ["done"], None),
        ("how-to", ["done"], None),
        ("privacy", ["done"], None),
        ("who", ["self"], ask.PatientChoice.SELF),
        ("who", ["child"], ask.PatientChoice.CHILD),
        ("who", ["other"], ask.PatientChoice.OTHER),
        ("relation-child", ["mother"], ask.Relation.MOTHER),
        ("relation-child", ["guardian"], ask.Relation.GUARDIAN),
        ("without-card", ["type-number"], ask.WithoutCardAnswer.TYPE_NUMBER),
        ("without-card", ["insurance-code"], ask.WithoutCardAnswer.INSURANCE_CODE),
        ("without-card", ["no-paper"], ask.WithoutCardAnswer.NO_PAPER),
        ("type-year", ["1", "9", "4", "erase", "5", "8", "go"], ask.TypedDigits("1958")),
        ("type-year", ["2", "clear", "1", "9", "0", "7", "go"], ask.TypedDigits("1907")),
        ("scan", ["no-card"], ask.ScanAnswer.NO_CARD),
        ("scan-companion", ["no-companion-card"], ask.ScanAnswer.NO_COMPANION_CARD),
        ("place", ["no-card"], ask.PlaceCardAnswer.NO_CARD),
        ("reading", ["stop"], None),
        ("lifted", ["no-card"], ask.PlaceCardAnswer.NO_CARD),
        ("other-card", ["yes"], ask.YesNo.YES),
        ("other-card", ["no"], ask.YesNo.NO),
        ("me", ["yes"], ask.IdentityAnswer.YES),
        ("child", ["no"], ask.IdentityAnswer.NO),
        ("insured", ["use"], ask.InsuranceAnswer.USE),
        ("insured", ["skip"], ask.InsuranceAnswer.SKIP),
        ("ins-none", ["ask-desk"], ask.InsuranceAnswer.ASK_DESK),
        ("ins-none", ["skip"], ask.InsuranceAnswer.SKIP),
        ("ins-partly", ["use"], ask.InsuranceAnswer.USE),
        ("ins-partly", ["ask-desk"], ask.InsuranceAnswer.ASK_DESK),
        ("clinics", ["c3"], ask.ClinicChosen("c3")),
        ("clinics", ["guide-desk"], ask.ClinicAnswer.GUIDE_DESK),
        ("clinics-long", ["page-next", "page-next", "l4"], ask.ClinicChosen("l4")),
        ("priority", ["none"], ask.Priority.NONE),
        ("priority", ["disabled", "go"], ask.Priority.DISABLED),
        ("priority-woman", ["disabled", "pregnant", "go"], ask.Priority.PREGNANT),
        ("review", ["take-number"], ask.ReviewAnswer.TAKE_NUMBER),
        ("review", ["change-clinic"], ask.ReviewAnswer.CHANGE_CLINIC),
        ("review", ["ask-desk"], ask.ReviewAnswer.ASK_DESK),
        ("pay", ["cashier"], ask.PayAnswer.CASHIER),
        ("pay", ["paid"], ask.PayAnswer.I_HAVE_PAID),
        ("pay-leave", ["paid"], ask.LeavePaymentAnswer.PAID),
        ("pay-leave", ["not-paid"], ask.LeavePaymentAnswer.NOT_PAID),
        ("pay-leave", ["back-to-code"], ask.LeavePaymentAnswer.BACK_TO_CODE),
        ("consent", ["agree"], ask.ConsentChoice.AGREE),
        ("consent-long", ["refuse"], ask.ConsentChoice.REFUSE),
        ("why-not-by-code", ["prefer-cash"], ask.NotByCode.PREFER_CASH),
        ("why-not-by-code", ["no-answer"], ask.NotByCode.NO_ANSWER),
        ("ticket", ["done"], ask.TicketAnswer.DONE),
        ("ticket", ["extra"], ask.TicketAnswer.REPRINT),
        ("ticket-no-paper", ["done"], ask.TicketAnswer.DONE),
        ("idle", ["stay"], ask.IdleAnswer.STAY),
        ("idle", ["end"], ask.IdleAnswer.END),
        ("call-heard", ["continue"], ask.StaffCallAnswer.CONTINUE),
        ("call-heard", ["cancel"], ask.StaffCallAnswer.CANCEL),
        ("problem", ["go-on"], ask.ProblemChoice.GO_ON),
        ("problem-three", ["retry"], ask.ProblemChoice.RETRY),
        ("problem-staff", ["call-staff"], ask.ProblemChoice.CALL_STAFF),
        ("problem-three", ["ask-desk"], ask.ProblemChoice.ASK_DESK),
        ("working", ["stop"], ask.WorkingAnswer.STOP),
    ]


def test_where_to_hand_in_stands_on_the_checklist_in_every_manner(show: Any) -> None:
    from screens.gallery import switch
    from screens.samples import SAMPLES, SITE
    from screens.words import Words

    frame = show(SITE, next(sample for sample in SAMPLES if sample.name == "checklist"))
    for mode in ("n", "e", "l", "r", "elr"):
        switch(mode)
        frame.lay_out()
        said = [box.said() for box in frame.page.each() if isinstance(box, Words)]
        assert any("quầy 3, 4 hoặc 5" in text.lower() for text in said), mode
        papers = [text for text in said if text in {"Giấy chứng sinh", "Giấy chứng nhận kết hôn"}]
        assert len(papers) == (2 if mode in "ne" else 1), (mode, papers)


def test_the_priority_of_somebody_in_mourning_has_no_star(show: Any) -> None:
    from dataclasses import replace

    from screens.parts.cards import Pill
    from screens.samples import SAMPLES, SITE

    sample = next(one for one in SAMPLES if "prio.slip" in getattr(one.prompt, "notes", ()))

    def icons(prompt: Any) -> list[str]:
        page = show(SITE, replace(sample, prompt=prompt)).page
        return [box.icon for box in page.each() if isinstance(box, Pill) and box.shown]

    assert "star" in icons(sample.prompt)
    assert "star" not in icons(replace(sample.prompt, mourning=True))


@pytest.mark.trio
async def test_touches_give_the_right_answers(hall: Any) -> None:
    from screens.samples import SAMPLES

    prompts = {sample.name: sample.prompt for sample in SAMPLES}
    for name, touches, answer in expected():
        await hall.ask_shown(prompts[name])
        for touch in touches:
            await hall.touch(touch)
        await hall.until(lambda: hall.answers)
        assert (name, hall.answers.pop()) == (name, answer)


def parts_of(page: Any) -> list[object]:
    """What a page looks like now."""
    return [(box.name, getattr(box, "text", ""), getattr(box, "style", ""), box.shown) for box in page.each()]


def types(page: Any, prompt: ask.FindProcedure | ask.TypeField, name: str) -> None:
    """Something stands there, so that every key changes it; the other ways stand only where nothing does."""
    if isinstance(prompt, ask.TypeField) and page.digits:
        page._put("19")
    elif isinstance(prompt, ask.FindProcedure) or page.letters:
        written = prompt.typed if isinstance(prompt, ask.FindProcedure) else prompt.value
        page.keyboard.digits = False
        page.keyboard.put(written or ("" if name in {"by-event", "by-sector"} else "hoa"))


def test_nothing_that_can_be_touched_leads_nowhere(show: Any) -> None:
    """An answer or a change of the page follows each touch of a page's own targets."""
    from screens.parts.touch import Touch
    from screens.samples import SAMPLES, SITE

    for sample in SAMPLES:
        frame = show(SITE, sample)
        targets = [box for box in frame.page.each() if isinstance(box, Touch) and not box.closed and box.name != ""]
        names = [target.name for target in targets]
        assert len(names) == len(set(names)), (sample.name, names)
        for name in names:
            answers = list[object]()
            frame.page._answer = answers.append
            if isinstance(sample.prompt, ask.TypeDigits):
                frame.page._set("9" * sample.prompt.length if name == "go" else "19")
            if isinstance(sample.prompt, ask.TypeLetters):
                frame.page.put("C1234567"[: sample.prompt.most - (name != "go")])
            if isinstance(sample.prompt, ask.FindProcedure | ask.TypeField):
                types(frame.page, sample.prompt, name)
                frame.lay_out()
            before = parts_of(frame.page)
            next(box for box in frame.page.each() if box.name == name).dispatch("on_act")
            frame.lay_out()
            assert answers or parts_of(frame.page) != before, (sample.name, name)
        unnamed = [box for box in frame.page.each() if isinstance(box, Touch) and not box.name]
        assert [type(box).__name__ for box in unnamed] in ([], ["Listen"]), sample.name


def test_every_choice_of_the_focus_order_can_be_touched(show: Any) -> None:
    """What the listening mode reads is there under the same name (lists have further pages)."""
    from screens.parts.fields import FieldLines
    from screens.parts.lists import Pages
    from screens.parts.touch import Touch
    from screens.samples import SAMPLES, SITE

    for sample in SAMPLES:
        frame = show(SITE, sample)
        boxes = [*frame.page.each(), *frame.bottom.each()]
        there = {box.name: not box.closed for box in boxes if isinstance(box, Touch)}
        for pages in boxes:
            if isinstance(pages, Pages):
                parts = [part for item in pages.items for part in item.walk(restrict=True)]
                there |= {part.name: not part.closed for part in parts if isinstance(part, Touch)}
            if isinstance(pages, FieldLines):
                there |= {row.id: not row.locked for row in pages.rows}
        if frame.page.extra_message:
            there[frame.page.extra_answer.value] = True
        for element in sample.prompt.focus():
            match sample.prompt:
                case ask.TicketReady() if element.name == ask.TicketAnswer.REPRINT.value:
                    continue  # only a printed slip can be printed again
                case ask.PayByVietQR(state=ask.PayState.ASKING):
                    continue  # asked already
                case _:
                    assert there.get(element.name) == element.choosable, (sample.name, element.name)


@pytest.mark.trio
async def test_the_bars_tell_the_runner(hall: Any) -> None:
    hall.listen()
    await hall.ask_shown(ask.ChoosePatient())
    for name, event in (("back", StageEvent.BACK), ("home", StageEvent.HOME), ("help", StageEvent.CALL_STAFF)):
        hall.events.clear()
        await hall.touch(name)
        await hall.until(lambda event=event: event in hall.events)
        assert hall.events == [StageEvent.TOUCHED, event]


@pytest.mark.trio
async def test_a_touch_that_hits_nothing_is_still_a_touch(hall: Any) -> None:
    hall.listen()
    await hall.ask_shown(ask.ChoosePatient())
    await hall.press(20, 1500)
    await hall.until(lambda: hall.events)
    assert hall.events == [StageEvent.TOUCHED]
    assert hall.answers == []


@pytest.mark.trio
async def test_a_finger_that_slides_off_a_button_does_nothing(hall: Any) -> None:
    from kivy.core.window import Window

    from screens.layout import window_box

    await hall.ask_shown(ask.ChoosePatient())
    x, y, width, height = window_box(hall.find("self"))
    Window.dispatch("on_mouse_down", x + width / 2, Window.height - y - height / 2, "left", [])
    await hall.until(lambda: hall.find("self").down)
    Window.dispatch("on_mouse_move", 5, 5, [])
    Window.dispatch("on_mouse_up", 5, 5, "left", [])
    await hall.until(lambda: not hall.find("self").down)
    assert hall.answers == []
