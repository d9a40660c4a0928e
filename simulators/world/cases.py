"""The cases of a check-in that the scripted run plays: who comes, what happens to the world, what must be seen.

Each drives the real window with touches; what it asks of the world goes through the simulators' own verbs. At the end
the gateway's books must say what the case is about.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from simulators import citizens
from simulators.world.books import Books, CheckIn
from simulators.world.world import KIOSK_LETTER, World

Deed = Callable[[World], None]
DELIVERED_SECONDS = 60.0
LEASED_SECONDS = 30.0
TOLD_SECONDS = 30.0
PLACE = timezone(timedelta(hours=7))
Seen = tuple[str, str]
"""A screen's name and mark ("insurance-unhappy", "none"); an empty mark is any."""


class WorldStill(Exception):
    """The world did not become what a case needs; the message is a clear sentence."""


@dataclass(frozen=True)
class Case:
    """One case. `expected` are columns of the gateway's books (simulators.world.books.CheckIn)."""

    name: str
    about: str
    """One sentence for people."""
    citizen: str
    clinic: str = ""
    tile: str = "check-in"
    touches: Mapping[str, str] = field(default_factory=dict[str, str])
    """What is touched on a screen, where it is not what everybody touches."""
    typed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Digits by what is asked for."""
    fingers: tuple[str, ...] = ()
    """At the finger reader, in this order: a finger's number, or what is touched instead."""
    follows: str = ""
    """The case that has to be played before in the same world."""
    damaged: bool = False
    """The QR code of the card is scratched: the numbers on its face are typed."""
    priority: str = ""
    """The reason that is declared, where it is asked for."""
    before: Deed | None = None
    """Done to the world before the person comes."""
    events: Mapping[str, Deed] = field(default_factory=dict[str, Deed])
    """Done to the world when a screen is there for the first time, before it is touched."""
    after: Deed | None = None
    """Done when the person has gone; then the books are looked at."""
    undo: Deed | None = None
    """Puts the world right for the next case, however this one went."""
    seen: tuple[Seen, ...] = ()
    """Screens that must come, in this order."""
    never: tuple[str, ...] = ()
    """Screens that must not come."""
    expected: Mapping[str, object] = field(default_factory=dict[str, object])
    letter: str = ""
    """What the number begins with, where the case says it."""
    proof: Callable[[World], str | None] | None = None
    """What else must be true at the end: a clear sentence when it is not."""


def _number(citizen: str) -> str:
    return citizens.load(citizen).number


PHONE_END = "4213"
THEIRS, ANOTHERS = "7", "8"
"""Numbers of synthetic fingers."""


def _birth(citizen: str) -> str:
    """As it is typed: day, month, year."""
    return "".join(reversed(citizens.load(citizen).birth.split("-")))


def _expiry(citizen: str) -> str:
    """The end of their card as it is typed; empty for a card without one."""
    end = citizens.load(citizen).expiry
    return "" if end is None else f"{end:%d%m%Y}"


def _three_templates(world: World) -> str | None:
    """One finger of one person, sealed."""
    kept = Books(world.run).finger_templates()
    return None if kept == 1 else f"the gateway keeps {kept} fingers instead of one"


def _book(world: World) -> None:
    """An appointment of today in the hospital's own system."""
    now = datetime.now(PLACE)
    soon = now + timedelta(minutes=40)
    at = f"{soon:%H:%M}" if soon.date() == now.date() else "23:50"
    world.processes["hospital"].control("book", citizen="hoa", service="rang-ham-mat", at=at)


def _picked_up(world: World) -> str | None:
    """The hospital's own system hears of it, from the gateway and not from the kiosk."""
    hospital = world.processes["hospital"]
    try:
        _until(
            lambda: any(visit["service"] == "Răng hàm mặt" for visit in hospital.state()["visits"]), TOLD_SECONDS, ""
        )
    except WorldStill:
        return "the hospital's system was never told of the visit"
    return None


def _asked_by_the_year(world: World) -> str | None:
    """The stand-in tells the form of the question, never a birth."""
    form = world.processes["insurer"].state()["last_birth"]
    return None if form == "0000" else f"the insurer was asked with a birth like {form!r} instead of a year"


def _asked_for_the_new_card(world: World) -> str | None:
    """The second question of the look-up is for the new number, and only that one is answered 000."""
    code = world.processes["insurer"].state()["last_code"]
    return None if code == "000" else f"the last answer of the insurer was {code}, the new card was not asked for"


def _force(citizen: str, code: str, **fields: str) -> Deed:
    def deed(world: World) -> None:
        world.processes["insurer"].control("force", number=_number(citizen), code=code, fields=fields)

    return deed


def _forget(world: World) -> None:
    world.processes["insurer"].control("forget")


def _insurer(kind: str) -> Deed:
    def deed(world: World) -> None:
        world.processes["insurer"].control("outage", kind=kind)

    return deed


def _not_paid_here(world: World) -> None:
    """The place becomes a specialised hospital, formerly central (route 3.1); the card is registered elsewhere."""
    world.restart_gateway('[insurance]\nroute_other = "3.1"\n')
    _force("tam", "000", maDKBD="99027")(world)


def _as_it_was(world: World) -> None:
    _forget(world)
    world.restart_gateway()


def _gateway_dies(world: World) -> None:
    """Its process is gone. The kiosk has numbers of its own for such hours by then, as at every start of a day."""
    _until(
        lambda: Books(world.run).leased_numbers("noi-tong-quat") > 0, LEASED_SECONDS, "the kiosk never got numbers lent"
    )
    world.processes.pop("gateway").stop()


def _gateway_comes_back(world: World) -> None:
    """What the kiosk kept is delivered, once."""
    if "gateway" not in world.processes:
        world.start_gateway().ready()
    _until(
        lambda: Books(world.run).waiting_entries() == 0,
        DELIVERED_SECONDS,
        f"the kiosk did not deliver within {DELIVERED_SECONDS:.0f} s",
    )


def _until(condition: Callable[[], bool], seconds: float, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise WorldStill(otherwise)
        time.sleep(0.1)


CASES = (
    Case(
        "booked",
        "an appointment of today in the hospital's system is picked up",
        "hoa",
        tile="booked",
        before=_book,
        seen=(("choose-appointment", ""), ("review", ""), ("ticket-ready", "printed")),
        never=("choose-clinic",),
        expected={"clinic": "rang-ham-mat", "use_insurance": 1, "verified_level": "chip-genuine"},
        proof=_picked_up,
    ),
    Case(
        "new-card",
        "the insurance card has expired and a new one was issued: the insurer is asked for the new one",
        "hoa",
        clinic="noi-tong-quat",
        before=_force("hoa", "003"),
        undo=_forget,
        seen=(("insurance-valid", ""), ("ticket-ready", "printed")),
        expected={"clinic": "noi-tong-quat", "use_insurance": 1, "insurance_pending": 0},
        proof=_asked_for_the_new_card,
    ),
    Case(
        "not-paid-here",
        "the insurance pays nothing here without a transfer form; the person goes on without and pays by VietQR",
        "tam",
        clinic="co-xuong-khop",
        touches={"insurance-unhappy": "skip"},
        before=_not_paid_here,
        undo=_as_it_was,
        seen=(("insurance-unhappy", "none"), ("pay-by-viet-qr", ""), ("ticket-ready", "printed")),
        expected={"clinic": "co-xuong-khop", "use_insurance": 0, "insurance_pending": 0},
    ),
    Case(
        "insurer-down",
        "nobody answers at the insurer: the patient is received, the evidence of the failure is kept",
        "hoa",
        clinic="tim-mach",
        touches={"problem": "go-on"},
        before=_insurer("refuse"),
        undo=_insurer("none"),
        seen=(("problem", "BH-101"), ("review", ""), ("ticket-ready", "printed")),
        expected={"use_insurance": 1, "insurance_pending": 1, "insurance_failure": "BH-101"},
    ),
    Case(
        "gateway-down",
        "the gateway dies before the number is taken: a leased number is printed and delivered once when it is back",
        "khang",
        clinic="noi-tong-quat",
        events={"review": _gateway_dies},
        after=_gateway_comes_back,
        undo=_gateway_comes_back,
        seen=(("review", ""), ("ticket-ready", "printed")),
        never=("pay-by-viet-qr",),
        expected={"clinic": "noi-tong-quat", "slip_printed": 1},
        letter=KIOSK_LETTER,
    ),
    Case(
        "priority",
        "a declared priority: the slip says only that the desk looks at papers",
        "hoa",
        clinic="mat",
        priority="pregnant",
        seen=(("declare-priority", ""), ("ticket-ready", "printed")),
        expected={"clinic": "mat", "first": 1, "priority": "pregnant", "priority_proven": 0},
    ),
    Case(
        "elderly",
        "75 years and more, proven by the chip: nothing is asked",
        "tam",
        clinic="tim-mach",
        seen=(("review", ""), ("ticket-ready", "printed")),
        never=("declare-priority",),
        expected={"clinic": "tim-mach", "first": 1, "priority": "elderly-75", "priority_proven": 1},
    ),
    Case(
        "child",
        "a child under 6 with a guardian, whose card is read too and kept apart",
        "na",
        clinic="nhi",
        seen=(("choose-relation", ""), ("insurance-valid", ""), ("ticket-ready", "printed")),
        never=("declare-priority",),
        expected={"clinic": "nhi", "first": 1, "priority": "child-under-6", "priority_proven": 1, "use_insurance": 1},
    ),
    Case(
        "birth-year",
        "only the year of birth is on record: the insurer is asked by the year alone",
        "sau",
        clinic="tai-mui-hong",
        seen=(("insurance-unhappy", "partly"), ("declare-priority", ""), ("ticket-ready", "printed")),
        expected={"clinic": "tai-mui-hong", "use_insurance": 1, "priority_proven": 0},
        proof=_asked_by_the_year,
    ),
    Case(
        "finger-left",
        "after a check-in that the chip proved, three impressions of a finger are left, with a consent of its own",
        "tam",
        clinic="tai-mui-hong",
        touches={"ask-consent": "agree"},
        typed={"phone-end": PHONE_END},
        fingers=(THEIRS, THEIRS, THEIRS),
        seen=(
            ("ask-consent", ""),
            ("compare-finger", "right-index 1"),
            ("finger-kept", "kept"),
            ("ticket-ready", "printed"),
        ),
        expected={"clinic": "tai-mui-hong", "verified_level": "chip-genuine"},
        proof=_three_templates,
    ),
    Case(
        "finger",
        "next time the finger says whose card it is; another finger can be asked for before the first try",
        "tam",
        clinic="mat",
        follows="finger-left",
        fingers=("other-finger", THEIRS),
        seen=(
            ("compare-finger", "right-index 1"),
            ("compare-finger", "left-index 1"),
            ("ticket-ready", "printed"),
        ),
        never=("ask-consent",),
        expected={"clinic": "mat", "verified_level": "chip-genuine", "holder": "finger"},
    ),
    Case(
        "finger-other-way",
        "three times somebody else's finger, each with a hint: nobody is held up, staff compare face and photo",
        "tam",
        clinic="rang-ham-mat",
        follows="finger-left",
        fingers=(ANOTHERS, ANOTHERS, ANOTHERS),
        seen=(("compare-finger", "finger.hint.other"), ("ticket-ready", "printed")),
        expected={"verified_level": "chip-genuine", "holder": "finger-differs"},
    ),
    Case(
        "finger-alone",
        "back without the card by birth date, end of the phone number and finger: no name is shown, the desk confirms",
        "tam",
        clinic="noi-tong-quat",
        tile="check-in-without-card",
        touches={"without-card": "finger"},
        typed={"own-birth-date": _birth("tam"), "phone-end": PHONE_END},
        fingers=(THEIRS,),
        follows="finger-left",
        seen=(("without-card", ""), ("compare-finger", "right-index 1"), ("ticket-ready", "printed")),
        never=("confirm-identity", "place-card", "ask-consent"),
        expected={"verified_level": "finger"},
    ),
    Case(
        "typed",
        "the card's QR code cannot be scanned: number, birth and expiry are typed from its face and open the chip",
        "hoa",
        clinic="co-xuong-khop",
        damaged=True,
        touches={"problem": "by-hand"},
        typed={"id-number": _number("hoa"), "birth-date": _birth("hoa"), "expiry": _expiry("hoa")},
        seen=(
            ("scan-code", ""),
            ("problem", "QR-11"),
            ("type-digits", "id-number"),
            ("type-digits", "birth-date"),
            ("type-digits", "expiry"),
            ("confirm-identity", ""),
            ("ticket-ready", "printed"),
        ),
        expected={"clinic": "co-xuong-khop", "use_insurance": 1, "verified_level": "chip-genuine"},
    ),
)
BY_NAME: Mapping[str, Case] = {case.name: case for case in CASES}


def wrong(case: Case, screens: list[Seen], before: list[CheckIn], now: list[CheckIn]) -> str | None:
    """A clear sentence when the case did not go as it must, None when it did."""
    rest = iter(screens)
    for name, mark in case.seen:
        if not any(name == screen and mark in {"", seen} for screen, seen in rest):
            return f"the screen {name} {mark} did not come, or not in its order".replace("  ", " ")
    for name, _ in screens:
        if name in case.never:
            return f"the screen {name} came, which has no place in this case"
    if len(now) != len(before) + 1:
        return f"the gateway has {len(now) - len(before)} new check-ins instead of one"
    made = now[-1]
    if not made.number.startswith(case.letter):
        return f"the number is {made.number} and not one of the kiosk's own ({case.letter})"
    for column, value in case.expected.items():
        if (found := getattr(made, column)) != value:
            return f"the gateway's books say {column} = {found!r} instead of {value!r}"
    return None
