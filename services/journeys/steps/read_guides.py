"""Notices and short guides; a number for the counter that goes on from there; the community digital team's own ways."""

from __future__ import annotations

from functools import partial

from services.contract import models as wire
from services.contract import one_stop
from services.journeys.journey import WentBack
from services.journeys.prompts import (
    ChooseGuide,
    ChooseHelp,
    GuideAnswer,
    GuideChosen,
    GuideLine,
    GuideRow,
    GuidesAnswer,
    ShowGuide,
    ShowNotice,
)
from services.journeys.steps.choose_counter import choose_among
from services.journeys.steps.declare_priority import declare_priority
from services.journeys.steps.help_here import sign_in
from services.journeys.steps.register import register
from services.journeys.walk import Walk
from services.journeys.words import in_language

NOTICE_ICON = "megaphone"


async def read_guides(walk: Walk) -> None:
    """Until a number is wanted, or the person goes."""
    walk.visit.guide_group = None
    while True:
        answer = await walk.ask(partial(_list, walk))
        match answer:
            case GuideChosen(id):
                if await _read(walk, id):
                    return
            case GuidesAnswer.HELPER:
                await sign_in(walk)
            case GuidesAnswer.HELPED:
                await _count_help(walk)
            case GuidesAnswer.LEAVE:
                await walk.front.assisting.leave()


async def read_notices(walk: Walk) -> None:
    """One is shown at once, of several a list."""
    if len(_told(walk).notices) == 1:
        await walk.ask(partial(_notice, walk, _told(walk).notices[0]))
        return
    while True:
        answer = await walk.ask(partial(_list, walk, only_notices=True))
        if isinstance(answer, GuideChosen):
            await _read(walk, answer.id)


async def register_for_guide(walk: Walk) -> None:
    """A number for the group that the guide names. It needs no name."""
    group = walk.visit.guide_group
    if group is None:
        return
    if walk.visit.accepted is None:
        await choose_among(walk, partial(_counter, group))
        await declare_priority(walk)
    await register(walk)


def _counter(group: str, clinics: wire.Clinics) -> tuple[wire.Clinic, ...]:
    return tuple(one for one in clinics.clinics if one.id == group)


def _told(walk: Walk) -> one_stop.Guidance:
    return walk.kit.guides.guidance(walk.kit.clock.now().date())


async def _read(walk: Walk, id: str) -> bool:
    """Whether a number is wanted now."""
    told = _told(walk)
    notice = next((one for one in told.notices if one.id == id), None)
    guide = next((one for one in told.guides if one.id == id), None)
    try:
        if notice is not None:
            await walk.ask(partial(_notice, walk, notice))
        if guide is None:
            return False
        answer = await walk.ask(partial(_guide, walk, guide))
    except WentBack:
        return False
    if guide.topic is not None and walk.front.assisting.current is None:
        # Read to its end by somebody alone; who is helped is counted by the helper.
        await _tell(walk, None, guide.topic)
    if answer is not GuideAnswer.TAKE_NUMBER:
        return False
    walk.visit.guide_group = guide.group
    return True


async def _count_help(walk: Walk) -> None:
    try:
        topic = await walk.ask(ChooseHelp())
    except WentBack:
        return
    await _tell(walk, walk.front.assisting.id, one_stop.HelpTopic(topic.value))


async def _tell(walk: Walk, assist: str | None, topic: one_stop.HelpTopic) -> None:
    now = walk.kit.clock.now()
    await walk.kit.gateway.helpers.helped(one_stop.DigitalHelp(assist_id=assist, topic=topic, at=now))


def _list(walk: Walk, *, only_notices: bool = False) -> ChooseGuide:
    told, english, helper = _told(walk), walk.english, walk.front.assisting.current
    notices = tuple(
        GuideRow(one.id, NOTICE_ICON, in_language(one.title, one.title_en, wanted_english=english), notice=True)
        for one in told.notices
    )
    guides = tuple(
        GuideRow(one.id, one.icon, in_language(one.title, one.title_en, wanted_english=english)) for one in told.guides
    )
    return ChooseGuide(
        rows=notices if only_notices else (*guides, *notices),
        only_notices=only_notices,
        helper="" if helper is None else helper.name,
    )


def _guide(walk: Walk, guide: one_stop.Guide) -> ShowGuide:
    english = walk.english
    return ShowGuide(
        title=in_language(guide.title, guide.title_en, wanted_english=english),
        steps=tuple(
            GuideLine(
                in_language(step.text, step.text_en, wanted_english=english), walk.kit.guides.picture(step.picture)
            )
            for step in guide.steps
        ),
        offers=(GuideAnswer.TAKE_NUMBER, GuideAnswer.DONE) if guide.group else (GuideAnswer.DONE,),
        source=guide.source,
        day=f"{guide.accessed:%d/%m/%Y}",
    )


def _notice(walk: Walk, notice: one_stop.PlaceNotice) -> ShowNotice:
    english = walk.english
    return ShowNotice(
        title=in_language(notice.title, notice.title_en, wanted_english=english),
        text=in_language(notice.text, notice.text_en, wanted_english=english),
        picture=walk.kit.guides.picture(notice.picture),
        until=f"{notice.last:%d/%m/%Y}",
    )
