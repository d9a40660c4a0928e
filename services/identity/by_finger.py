"""The finger reader as journeys see it: compared with the chip here, with what was enrolled at the gateway.

A picture lives in memory until it was compared; no template, picture or score stands anywhere on the kiosk.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from drivers.emrtd.lds.iso19794_4 import FingerImage
from drivers.fingerprint.errors import FingerError, FingerRefused
from drivers.fingerprint.picture import FingerPicture
from drivers.fingerprint.scanner import CaptureNews, CaptureStage
from services.contract import models as wire
from services.fingers.matcher import MatcherError, MatcherErrorReason, Template, WorkerMatcher
from services.fingers.rules import Position, same_finger
from services.gateway_client.errors import GatewayError
from services.gateway_client.fingers import on_the_wire
from services.identity.citizen import Citizen
from services.journeys.ports import FingerTry, Offload
from services.journeys.prompts import Finger, FingerReference
from services.journeys.registration import person_of

POSITIONS = {
    Finger.RIGHT_INDEX: Position.RIGHT_INDEX,
    Finger.LEFT_INDEX: Position.LEFT_INDEX,
    Finger.RIGHT_THUMB: Position.RIGHT_THUMB,
    Finger.LEFT_THUMB: Position.LEFT_THUMB,
}
DEVICE = "finger-matcher"
_OTHER = FingerTry(hint="other")
_POOR = FingerTry(hint="press", counts=False)
_LOST = FingerTry(lost=True, counts=False)


class Reader(Protocol):
    """drivers.fingerprint.reader.FingerReader."""

    @property
    def available(self) -> bool: ...

    async def capture(self, reading: Callable[[CaptureNews], None]) -> FingerPicture: ...


class Templates(Protocol):
    """services.gateway_client.fingers.GatewayFingers."""

    async def standing(self, person: wire.Person) -> wire.FingerStanding: ...
    async def enrol(self, enrolment: wire.FingerEnrolment) -> wire.FingerVerdict: ...
    async def check(self, check: wire.FingerCheck) -> wire.FingerVerdict: ...
    async def come_back(self, back: wire.FingerReturn) -> wire.FingerVerdict: ...


class FingerDesk:
    """Implements services.journeys.ports.Fingers. `matcher`: the local one, None where it is not installed."""

    def __init__(self, reader: Reader, templates: Templates, matcher: WorkerMatcher | None, offload: Offload) -> None:
        self._reader = reader
        self._templates = templates
        self._matcher = matcher
        self._offload = offload

    @property
    def available(self) -> bool:
        """False while the reader is lost."""
        return self._reader.available

    async def reference(self, patient: Citizen) -> FingerReference | None:
        """The chip's own fingers where they were read and signed, else what was enrolled here."""
        if patient.fingers and self._matcher is not None:
            return FingerReference.CHIP
        if patient.number is None:
            return None
        try:
            standing = await self._templates.standing(person_of(patient))
        except GatewayError:
            return None
        return FingerReference.ENROLLED if standing.positions else None

    async def compare(self, patient: Citizen, finger: Finger, reading: Callable[[int], None]) -> FingerTry:
        """See services.journeys.ports.Fingers."""
        seen = await self._seen(reading)
        if isinstance(seen, FingerTry):
            return seen
        if patient.fingers and self._matcher is not None:
            matcher, images = self._matcher, patient.fingers
            return await self._offload(DEVICE, lambda: _with_chip(matcher, images, seen, POSITIONS[finger]))
        check = wire.FingerCheck(person=person_of(patient), position=int(POSITIONS[finger]), picture=on_the_wire(seen))
        try:
            return _as_try(await self._templates.check(check))
        except GatewayError:
            return _LOST

    async def impression(self, reading: Callable[[int], None]) -> wire.FingerPicture | FingerTry:
        """A picture to enrol, or why there is none."""
        seen = await self._seen(reading)
        return seen if isinstance(seen, FingerTry) else on_the_wire(seen)

    async def enrol(self, enrolment: wire.FingerEnrolment) -> wire.FingerVerdict:
        """Leave a template at the gateway. Raises GatewayError."""
        return await self._templates.enrol(enrolment)

    async def come_back(
        self, birth: str, phone_last4: str, reading: Callable[[int], None]
    ) -> tuple[FingerTry, str | None]:
        """A finger of somebody without a card; on a match the gateway's name for it."""
        seen = await self._seen(reading)
        if isinstance(seen, FingerTry):
            return seen, None
        back = wire.FingerReturn(birth=birth, phone_last4=phone_last4, picture=on_the_wire(seen))
        try:
            verdict = await self._templates.come_back(back)
        except GatewayError:
            return _LOST, None
        return _as_try(verdict), verdict.finger

    async def _seen(self, reading: Callable[[int], None]) -> FingerPicture | FingerTry:
        def news(one: CaptureNews) -> None:
            if one.stage is CaptureStage.READING:
                reading(one.percent)

        try:
            return await self._reader.capture(news)
        except FingerRefused as refused:
            return FingerTry(hint=refused.hint.value, counts=False)
        except FingerError:
            return _LOST


def _with_chip(
    matcher: WorkerMatcher, images: tuple[FingerImage, ...], seen: FingerPicture, position: Position
) -> FingerTry:
    """The chip's pictures, decoded and compared in the worker; a crash is one failed try."""
    try:
        probe = matcher.extract(seen, position)
        if not probe.good:
            return _POOR
        references = [_reference(matcher, image) for image in images]
        return FingerTry(same=True) if same_finger(matcher.compare(probe, references)) else _OTHER
    except MatcherError as error:
        return _LOST if error.reason is MatcherErrorReason.NONE else _OTHER


def _reference(matcher: WorkerMatcher, image: FingerImage) -> Template:
    position = Position(image.position) if image.position in Position.__members__.values() else Position.UNKNOWN
    return matcher.extract(matcher.decode(image), position)


def _as_try(verdict: wire.FingerVerdict) -> FingerTry:
    match verdict.answer:
        case wire.FingerAnswer.MATCH:
            return FingerTry(same=True)
        case wire.FingerAnswer.POOR:
            return _POOR
        case wire.FingerAnswer.UNKNOWN:
            return _LOST
        case wire.FingerAnswer.NO_MATCH | wire.FingerAnswer.FAILED:
            return _OTHER
