"""Five levels with words, then what of it: optional. Once for each dossier or number; the officer never sees who."""

from __future__ import annotations

from functools import partial

from services.contract import one_stop as wire
from services.journeys.journey import WentBack
from services.journeys.prompts import RateAnswer, RateReasons, RateService, RatingLevel, RatingTaken
from services.journeys.walk import Walk
from services.journeys.words import in_language


async def rate_service(walk: Walk) -> None:
    """Ask, unless there is nothing to rate. It leaves here sealed, and without anybody's name."""
    rateable = walk.visit.rateable
    if rateable is None or rateable.token is None:
        return
    level: RatingLevel | None = None
    while True:
        answer = await walk.ask(partial(_question, walk, rateable, level))
        if answer is RateAnswer.SKIP:
            return
        level = RatingLevel(answer)
        try:
            reasons = await walk.ask(RateReasons(level=level))
        except WentBack:
            continue
        break
    chosen = tuple(wire.RatingReason(reason.value) for reason in reasons.chosen)
    await walk.kit.gateway.rate(wire.Rating(token=rateable.token, level=level.value, reasons=chosen))
    walk.visit.rateable = None
    await walk.result(RatingTaken())


def _question(walk: Walk, rateable: wire.Rateable, level: RatingLevel | None) -> RateService:
    return RateService(
        name=in_language(rateable.name, rateable.name_en, wanted_english=walk.english),
        chosen=level,
        mourning=rateable.mourning,
    )
