"""The one place that knows every part: settings become drivers, drivers become the seams of the journeys."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import trio

from drivers.audio.output import PortAudioOutput
from drivers.audio.player import Player
from drivers.audio.speech import SpeechWorker
from drivers.card_terminal import TerminalDesk
from drivers.device import DeviceState
from drivers.printer.printer import EscPosPrinter
from drivers.scanner import CodeScanner
from drivers.smartcard.connection import CardError, CardErrorReason
from drivers.smartcard.remote import RemoteCardReader
from kiosk import __version__
from kiosk.card_duties import serve
from kiosk.card_terminal_place import terminal_desk_of
from kiosk.devices import prove_refills, supervise, supervisors
from kiosk.document_scanner_place import document_desk_of, papers_of
from kiosk.face import Face
from kiosk.finger_place import local_matcher, reader_of
from kiosk.garbage import collect_behind_pages
from kiosk.hurry import follow
from kiosk.laboratory import desk_of
from kiosk.listening_place import listen_in
from kiosk.printer_place import place_of, profile_of
from kiosk.scanner_place import framing_of, scanner_of
from kiosk.settings import Settings
from kiosk.technician.bench import Devices, bench
from kiosk.technician.card import TechnicianCards
from kiosk.technician.room import Line, TechnicianRoom
from kiosk.technician.taps import ListeningTaps
from kiosk.technician.traces import CardTraces
from kiosk.workers import worker_argv
from screens.site import SiteFacts
from services.announcements import Announcer
from services.contract import models as wire
from services.device_health import (
    READER,
    SCANNER,
    Health,
    HealthBoard,
    of_card_terminal,
    of_document_scanner,
    of_finger,
    of_printer,
    of_scanner,
    of_sound,
)
from services.device_health.history import FILE as FAILURES_FILE
from services.device_health.history import History
from services.failures import code_of
from services.gateway_client.client import GatewayClient, GatewayPlace
from services.gateway_client.identity import load
from services.identity.by_finger import FingerDesk
from services.identity.recognise import Recogniser
from services.journeys.loop import run_kiosk
from services.journeys.offload import ThreadOffload
from services.journeys.pace import Pace
from services.journeys.ports import Kit
from services.journeys.prompts import LiftedEarly, Problem, Prompt
from services.receipts.printing import ReceiptPrinter

__all__ = ["kit", "run_kiosk"]

log = logging.getLogger(__name__)
EDGE = ZoneInfo("Asia/Ho_Chi_Minh")
OFF = "off"
"""[audio] device of a kiosk without a loudspeaker."""
CARD_LIFTED = code_of(CardError(CardErrorReason.REMOVED))


class WallClock:
    """Time as people read it."""

    def now(self) -> datetime:
        """Aware, Asia/Ho_Chi_Minh."""
        return datetime.now(EDGE)


@asynccontextmanager
async def kit(face: Face, settings: Settings, path: Path) -> AsyncGenerator[Kit]:
    """All seams, running; closed again in the end. Raises IdentityError when the kiosk was never enrolled."""
    offload, clock, board = ThreadOffload(), WallClock(), HealthBoard(History(settings.state_directory / FAILURES_FILE))
    pacing = Pace(settings.times.answer_factor)
    player = Player(PortAudioOutput(settings.audio.device))
    announcer = Announcer(
        player,
        SpeechWorker(worker_argv("speech")),
        volume=settings.site.volume,
    )
    scanner = CodeScanner(
        scanner_of(settings.scanner),
        framing_of(settings.scanner),
        changed=lambda state: note(board, of_scanner(state)),
    )
    printer = EscPosPrinter(place_of(settings.printer), profile_of(settings.printer))
    receipts = ReceiptPrinter(printer, offload, changed=lambda status: note(board, of_printer(status)))
    identity = load(settings.state_directory)
    gateway = GatewayClient(
        gateway_place(settings),
        identity,
        offload,
        clock,
        heartbeat=board.reports,
        heartbeat_seconds=settings.times.heartbeat,
        version=__version__,
        resumes=True,
    )
    terminal = desk_of(settings.reader.fingerprints, settings.reader.terminal_files, gateway.terminal, offload)
    cards = RemoteCardReader(reader_argv(settings), terminal=terminal)
    card_desk = card_desk_of(settings, board)
    recogniser = Recogniser(settings.trust.folder, offload, clock)
    finger = matcher = None
    if settings.finger is not None:
        finger = reader_of(settings.finger, lambda state, reason: note(board, of_finger(state, reason)))
        matcher = local_matcher()
    documents = None
    if settings.document_scanner is not None:
        documents = document_desk_of(
            settings.document_scanner, lambda state, reason: note(board, of_document_scanner(state, reason))
        )
    papers = papers_of(settings.document_scanner, documents)
    try:
        announcer.start()
        face.voice.become(announcer)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(recogniser.prepare)
            await nursery.start(cards.run)
            await nursery.start(gateway.run)
            gateway.on_site(lambda site: face.window.stage.place_told(facts_of(site)))
            board.on_change(lambda _: gateway.device_changed())
            if settings.audio.device == OFF:
                board.report(of_sound(DeviceState.NOT_SUPPORTED))
            sound = None if settings.audio.device == OFF else player
            watched = supervisors(board, cards, scanner, printer, receipts, sound, finger, documents, card_desk)
            taps, traces = ListeningTaps(), CardTraces()
            listening = listen_in(settings.listening, face.window.stage, announcer, pacing, taps, partial(note, board))
            watched = {**watched, **listening}
            nursery.start_soon(supervise, watched)
            nursery.start_soon(prove_refills, receipts, clock.now)
            if card_desk is not None:
                nursery.start_soon(serve, card_desk, gateway)
            nursery.start_soon(collect_behind_pages, face.window.stage, gateway.library)
            if settings.times.hurry is not None:
                nursery.start_soon(follow, settings.times.hurry, pacing, settings.times.answer_factor)
            room = TechnicianRoom(
                path,
                settings,
                board,
                watched,
                receipts,
                bench(
                    settings,
                    offload,
                    Devices(
                        cards,
                        scanner,
                        receipts,
                        announcer,
                        finger,
                        card_desk,
                        papers,
                        keypad=settings.listening.keypad is not None or settings.listening.window_keys,
                        jack=bool(settings.listening.jack),
                    ),
                    taps,
                    traces,
                    kiosk=lambda: gateway.site.kiosk_name,
                    version=__version__,
                    now=clock.now,
                ),
                offload,
                Line(lambda: gateway.online, gateway.waiting, gateway.send_now, gateway.diagnostics.send),
                face.tail,
                TechnicianCards(settings.state_directory, cards, offload),
                traces,
                face.glass,
                kiosk=identity.enrolment.kiosk_id[:8],
                now=clock.now,
                language=lambda: face.window.stage.language,
                end=face.restart,
            )
            face.window.stage.watchers.append(partial(note_failure, board))
            yield Kit(
                cards=cards,
                technician=room,
                scanner=scanner,
                printer=receipts,
                sounds=announcer,
                gateway=gateway,
                trust=recogniser,
                clock=clock,
                library=gateway.library,
                guides=gateway.guides,
                terminal=card_desk,
                slow_seconds=settings.gateway.slow_answer_seconds,
                fingers=None if finger is None else FingerDesk(finger, gateway.fingers, matcher, offload),
                papers=papers,
                pacing=pacing,
            )
            nursery.cancel_scope.cancel()
    finally:
        if matcher is not None:
            matcher.close()
        gateway.close()
        printer.close()
        announcer.close()


def card_desk_of(settings: Settings, board: HealthBoard) -> TerminalDesk | None:
    """The card terminal, where one stands beside the kiosk."""
    place = settings.card_terminal
    if place is None:
        return None
    return terminal_desk_of(place, lambda state: note(board, of_card_terminal(state)))


def note_failure(board: HealthBoard, prompt: Prompt[Any]) -> None:
    """A failure that people were shown is a failure of its device, also where the device itself is whole."""
    code = prompt.code if isinstance(prompt, Problem) else CARD_LIFTED if isinstance(prompt, LiftedEarly) else ""
    device = {"CR": READER, "QR": SCANNER, "GW": "gateway", "BH": "gateway"}.get(code.partition("-")[0])
    if device is not None:
        board.failed(device, code)


def facts_of(site: wire.Site) -> SiteFacts:
    """What the bars say of the place."""
    return SiteFacts(site.place, site.place_en, site.kiosk_name, site.kiosk_name_en, one_stop=site.one_stop is not None)


def reader_argv(settings: Settings) -> list[str]:
    """The card worker's command line."""
    argv = worker_argv("smartcard")
    if settings.reader.name:
        argv += ["--reader", settings.reader.name]
    for name in settings.reader.exclude:
        argv += ["--exclude", name]
    return argv


def note(board: HealthBoard, health: Health) -> None:
    """A driver's hook."""
    board.report(health)


def gateway_place(settings: Settings) -> GatewayPlace:
    """Where the gateway is and how long it is waited for."""
    gateway = settings.gateway
    return GatewayPlace(
        url=gateway.url,
        state=settings.state_directory,
        ca=gateway.ca,
        connect_seconds=gateway.connect_seconds,
        answer_seconds=gateway.answer_seconds,
        slow_answer_seconds=gateway.slow_answer_seconds,
        demo=settings.demo,
    )
