"""Which page shows which prompt. A page's code and its kv are loaded when it is first needed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, cast

from kivy.lang import Builder

import screens.kv_names
from screens.shell.page import Page
from services.journeys.prompts import Prompt

PAGES = {
    "Home": "home",
    "OneStopHome": "one_stop_home",
    "FindProcedure": "find_procedure",
    "ChooseCase": "choose_case",
    "ShowChecklist": "show_checklist",
    "ShowDetails": "show_details",
    "OnPhone": "on_phone",
    "ChooseCapacity": "choose_capacity",
    "FillForm": "fill_form",
    "TypeField": "type_field",
    "AskPart": "ask_part",
    "DraftKept": "draft_kept",
    "ChoosePaper": "choose_paper",
    "GatherDocuments": "gather_documents",
    "SendByPhone": "send_by_phone",
    "ReviewFiling": "review_filing",
    "DeclareFiling": "declare_filing",
    "ScanForDossier": "scan_for_dossier",
    "ScanForRating": "scan_for_rating",
    "ChooseDossier": "choose_dossier",
    "ShowDossier": "show_dossier",
    "ChooseGuide": "choose_guide",
    "ShowGuide": "show_guide",
    "ShowNotice": "show_notice",
    "HelperSignIn": "helper_sign_in",
    "ChooseHelp": "choose_help",
    "RateService": "rate_service",
    "RateReasons": "rate_reasons",
    "RatingTaken": "rating_taken",
    "HowTo": "how_to",
    "PrivacyNotice": "privacy_notice",
    "ChoosePatient": "choose_patient",
    "ChooseRelation": "choose_relation",
    "WithoutCard": "without_card",
    "TypeDigits": "type_digits",
    "ScanCode": "scan_code",
    "PlaceCard": "place_card",
    "ReadingCard": "reading_card",
    "LiftedEarly": "lifted_early",
    "DifferentCard": "different_card",
    "CardLeftBehind": "card_left_behind",
    "ConfirmIdentity": "confirm_identity",
    "CompareFinger": "compare_finger",
    "FingerKept": "finger_kept",
    "InsuranceValid": "insurance_valid",
    "InsuranceUnhappy": "insurance_unhappy",
    "ChooseClinic": "choose_clinic",
    "ChooseGroup": "choose_group",
    "ChooseSlot": "choose_slot",
    "ChooseAppointment": "choose_appointment",
    "ScanForReprint": "scan_for_reprint",
    "ChooseTicket": "choose_ticket",
    "NothingFound": "nothing_found",
    "FindRoom": "find_room",
    "ShowRoom": "show_room",
    "TypeLetters": "type_letters",
    "DeclarePriority": "declare_priority",
    "Review": "review",
    "PayByVietQR": "pay_by_vietqr",
    "LeavePayment": "leave_payment",
    "PayByCard": "pay_by_card",
    "CardRefused": "card_refused",
    "ScanForPay": "scan_for_pay",
    "ChooseBill": "choose_bill",
    "ShowBill": "show_bill",
    "PaymentDone": "payment_done",
    "AskConsent": "ask_consent",
    "WhyNotByCode": "why_not_by_code",
    "TicketReady": "ticket_ready",
    "IdleWarning": "idle_warning",
    "StaffCall": "staff_call",
    "Problem": "problem",
    "Working": "working",
    "TechnicianPin": "technician_pin",
    "TechnicianBoard": "technician_board",
    "CheckResults": "check_results",
    "TechnicianLines": "technician_lines",
    "TouchGrid": "touch_grid",
    "SiteSettingsPage": "site_settings_page",
}
"""Prompt type to module of `screens.pages`; the class in it is the prompt's name and "Page"."""

_FOLDER = Path(__file__).parent / "pages"
__all__ = ["PAGES", "NoPage", "load_next", "page_class"]
_KNOWN = screens.kv_names.NAMES
_loaded: dict[str, type[Page]] = {}


class NoPage(LookupError):
    """A prompt without a page: a programming error, held by a test."""


def page_class(prompt: type[Prompt[Any]]) -> type[Page]:
    """The page of a prompt type."""
    name = prompt.__name__
    if name not in _loaded:
        if name not in PAGES:
            raise NoPage(name)
        module = PAGES[name]
        page = cast("type[Page]", getattr(import_module(f"screens.pages.{module}"), f"{name}Page"))
        Builder.load_file(str(_FOLDER / f"{module}.kv"))
        _loaded[name] = page
    return _loaded[name]


def load_next() -> bool:
    """Load one page that was not needed yet, in a quiet moment. False when all are there."""
    import services.journeys.prompts as prompts

    for name in PAGES:
        if name not in _loaded:
            page_class(getattr(prompts, name))
            return True
    return False
