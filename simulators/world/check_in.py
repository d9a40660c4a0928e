"""The check-in as a scripted person walks it: each screen and what they do there."""

from __future__ import annotations

from collections.abc import Callable

from simulators import citizens
from simulators.world.cases import Case, Seen
from simulators.world.journal import Settled
from simulators.world.person import Person, StepFailed

BARS = frozenset(
    {"back", "home", "low-reach", "language", "volume", "text", "contrast", "call-staff", "listen", "stop", "next-page"}
)
MACHINE_AT_WORK = frozenset({"reading-card", "working"})
RELATION = {"M": "father", "F": "mother"}


UNDISTURBED = Case("", "nothing is out of the ordinary", "")
"""What everybody touches, whoever comes."""


def check_in(
    person: Person, home: Settled, case: Case = UNDISTURBED, event: Callable[[str], None] = lambda _screen: None
) -> list[Seen]:
    """From the start page to the start page; the screens that came. Raises StepFailed, ScreenDidNotCome.

    `event` is told of each screen before it is touched.
    """
    manners = person.manners
    citizen = citizens.load(manners.citizen)
    screen = _set_up(person, home)
    screens: list[Seen] = []
    scanned: list[str] = []
    placed: list[str] = []
    ticket = False
    card_lies = False
    fingers = list(case.fingers)
    for _ in range(60):
        screen = person.wait_for_paper(screen)
        person.keep(screen)
        if not screens or screens[-1] != (screen.screen, screen.mark):
            screens.append((screen.screen, screen.mark))
            event(screen.screen)
        match screen.screen:
            case "home":
                if ticket:
                    return screens
                screen = person.touch(screen, case.tile)
            case "ticket-ready":
                ticket = True
                screen = person.touch(screen, "done")
            case name if name in case.touches:
                screen = person.touch(screen, case.touches[name])
            case "declare-priority" if case.priority:
                screen = person.choose(screen, case.priority, "go")
            case "type-digits":
                screen = person.type(screen, case.typed[screen.mark])
            case "compare-finger" if screen.mark == "reading":
                screen = person.look()
            case "compare-finger":
                act = fingers.pop(0) if fingers else "other-way"
                screen = person.put_finger(screen, int(act)) if act.isdecimal() else person.touch(screen, act)
            case "ask-consent":
                screen = person.touch(screen, "refuse")
            case "finger-kept":
                screen = person.touch(screen, "go-on")
            case "choose-patient":
                screen = person.touch(screen, "child" if citizen.guardian else "self")
            case "scan-code":
                who = citizen.guardian if scanned and citizen.guardian else citizen.id
                scanned.append(who)
                screen = person.show_code(screen, who, damaged=case.damaged)
            case "place-card":
                placed.append(scanned[-1])
                card_lies = True
                screen = person.put_card(screen, scanned[-1])
            case name if name in MACHINE_AT_WORK:
                screen = person.look()
                _count_machine(person, screen)
            case "confirm-identity":
                if card_lies:
                    person.take_card()
                    card_lies = False
                screen = person.touch(screen, "yes")
            case "choose-relation":
                if card_lies:
                    person.take_card()
                    card_lies = False
                guardian = citizens.load(citizen.guardian or citizen.id)
                screen = person.touch(screen, RELATION[guardian.sex])
            case "insurance-valid":
                screen = person.touch(screen, "use")
            case "insurance-unhappy":
                screen = person.touch(screen, "use" if screen.named("use") else "skip")
            case "choose-clinic":
                screen = person.touch(screen, _clinic(screen, person.manners.clinic))
            case "choose-appointment":
                screen = person.touch(screen, _first(screen, "new-visit"))
            case "declare-priority":
                screen = person.touch(screen, "none")
            case "review":
                screen = person.touch(screen, "take-number")
            case "pay-by-viet-qr":
                screen = person.pay(screen)
            case other:
                raise StepFailed(f"screen {other} is not part of an undisturbed check-in")
    raise StepFailed("the check-in did not come to an end")


def _set_up(person: Person, screen: Settled) -> Settled:
    wanted: list[str] = []
    if person.manners.language == "en":
        wanted.append("language")
    if person.manners.text == "large":
        wanted.append("text")
    if person.manners.contrast == "high":
        wanted.append("contrast")
    for tool in wanted:
        screen = person.touch(screen, tool)
    return screen


def _count_machine(person: Person, screen: Settled) -> None:
    """A screen that came by itself belongs to the act before it."""
    if person.account.steps:
        last = person.account.steps[-1]
        last.duration_ms = round((screen.t - person.started) * 1000 - last.start_ms, 1)


def _clinic(screen: Settled, wanted: str) -> str:
    return wanted if screen.named(wanted) is not None else _first(screen, "guide-desk")


def _first(screen: Settled, other_way: str) -> str:
    """The first row or tile of a page of choices."""
    for one in screen.touchables:
        if one.name not in BARS and one.name != other_way and not one.closed:
            return one.name
    raise StepFailed(f"there is nothing to choose on screen {screen.screen}")
