""" "Chụp bằng điện thoại": the Wi-Fi's code where the site has one, the link's code, then what arrives."""

from __future__ import annotations

import logging
from functools import partial
from uuid import uuid4

import trio

from services.contract import one_stop as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.case_of_visit import books_of
from services.journeys.papers import arrived, document_rows, needed
from services.journeys.prompts import DocumentRemoved, PhoneAnswer, PhoneStep, ProblemChoice, SendByPhone
from services.journeys.racing import first
from services.journeys.walk import Walk
from services.journeys.words import time_of_day

log = logging.getLogger(__name__)


async def send_by_phone(walk: Walk) -> None:
    """Until the person says that everything is here. Raises WentBack."""
    while await _opened(walk):
        phone = _Phone(walk)
        if await first(phone.person, phone.news) is not PhoneAnswer.AGAIN:
            return
        _give_up(walk)


def _give_up(walk: Walk) -> None:
    """The link is worth nothing to the phone that opened it from now on."""
    if walk.visit.upload is not None:
        walk.front.later(partial(walk.kit.gateway.phones.close, walk.visit.upload))
    walk.visit.upload = None


async def _opened(walk: Walk) -> bool:
    """A link that lives, the old one or a new one; False when the person rather goes on without."""
    visit = walk.visit
    request = _request(walk)
    while visit.upload is None or visit.upload.closed:
        try:
            visit.upload = await walk.working("working.link", partial(walk.kit.gateway.phones.open, request))
        except GatewayError as error:
            choice = await walk.problem(code_of(error), ProblemChoice.GO_ON, ProblemChoice.RETRY)
            if choice is ProblemChoice.GO_ON:
                return False
    return True


def _request(walk: Walk) -> wire.UploadRequest:
    catalogue = books_of(walk).catalogue
    papers = [catalogue.paper(one.paper) for one in needed(walk)]
    return wire.UploadRequest(
        session_id=str(uuid4()),
        language="en" if walk.english else "vi",
        wanted=tuple(
            wire.WantedDocument(component=paper.id, name=paper.name, name_en=paper.name_en) for paper in papers
        ),
    )


class _Phone:
    """One link: what the person touches here, and what their phone does."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._joined = self._upload.wifi is None

    @property
    def _upload(self) -> wire.Upload:
        upload = self._walk.visit.upload
        if upload is None:
            raise RuntimeError("no upload session is open")
        return upload

    async def person(self) -> PhoneAnswer:
        """DONE or AGAIN."""
        visit = self._walk.visit
        while True:
            match await self._walk.ask(self._prompt):
                case DocumentRemoved(document):
                    visit.removed = (*(visit.removed or ()), document)
                case PhoneAnswer.NEXT:
                    self._joined = True
                case answer:
                    return answer

    async def news(self) -> PhoneAnswer:
        """Each change at once on the screen, its pictures as soon as they are here. Never returns."""
        phones = self._walk.kit.gateway.phones
        while not self._upload.closed:
            await self._look()
            try:
                latest = await phones.changed(self._upload)
            except GatewayError as error:
                log.warning("the phone's link is gone: %s", code_of(error))
                latest = self._upload.model_copy(update={"closed": True, "documents": ()})
            self._walk.visit.upload = latest
            self._walk.update(self._prompt())
        await trio.sleep_forever()
        raise AssertionError

    async def _look(self) -> None:
        """Pictures of what came; one that cannot be had is a silhouette."""
        visit = self._walk.visit
        for one in arrived(self._walk):
            if one.id in (visit.previews or {}):
                continue
            try:
                picture = await self._walk.kit.gateway.phones.preview(self._upload, one.id)
            except GatewayError as error:
                log.info("no preview: %s", code_of(error))
                continue
            visit.previews = {**(visit.previews or {}), one.id: picture}
            self._walk.update(self._prompt())

    def _step(self) -> PhoneStep:
        if self._upload.closed:
            return PhoneStep.OVER
        if self._upload.opened:
            return PhoneStep.OPENED
        return PhoneStep.LINK if self._joined else PhoneStep.WIFI

    def _prompt(self) -> SendByPhone:
        upload, step = self._upload, self._step()
        wifi = upload.wifi
        codes = {PhoneStep.WIFI: "" if wifi is None else wifi.text, PhoneStep.LINK: upload.url}
        return SendByPhone(
            step=step,
            code=codes.get(step, ""),
            ssid="" if wifi is None else wifi.ssid,
            until=time_of_day(upload.expires_at),
            rows=document_rows(self._walk),
            nothing_came=not arrived(self._walk),
        )
