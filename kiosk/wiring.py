"""The one place that knows every part: settings become drivers, drivers become the seams of the journeys."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import trio

from drivers.audio.output import PortAudioOutput
from drivers.audio.player import Player
from drivers.audio.speech import SpeechWorker
from drivers.printer.capabilities import PrinterProfile
from drivers.printer.printer import EscPosPrinter
from drivers.printer.streams import NetworkAddress, SerialLine, UsbFile, Where
from drivers.scanner import ScannerLine, SerialScanner
from drivers.smartcard.remote import RemoteCardReader
from kiosk import __version__
from kiosk.face import Face
from kiosk.settings import NetworkPrinter, PrinterSettings, SerialPrinter, Settings
from kiosk.workers import worker_argv
from services.announcements import Announcer
from services.gateway_client.client import GatewayClient, GatewayPlace
from services.gateway_client.identity import load
from services.identity.recognise import Recogniser
from services.journeys.loop import run_kiosk
from services.journeys.offload import ThreadOffload
from services.journeys.ports import Kit
from services.receipts.printing import ReceiptPrinter

__all__ = ["kit", "run_kiosk"]

log = logging.getLogger(__name__)
EDGE = ZoneInfo("Asia/Ho_Chi_Minh")


class WallClock:
    """Time as people read it."""

    def now(self) -> datetime:
        """Aware, Asia/Ho_Chi_Minh."""
        return datetime.now(EDGE)


@asynccontextmanager
async def kit(face: Face, settings: Settings) -> AsyncGenerator[Kit]:
    """All seams, running; closed again in the end. Raises IdentityError when the kiosk was never enrolled."""
    offload, clock = ThreadOffload(), WallClock()
    announcer = Announcer(
        Player(PortAudioOutput(settings.audio.device)),
        SpeechWorker(worker_argv("speech")),
        volume=settings.site.volume,
    )
    cards = RemoteCardReader(reader_argv(settings))
    scanner = SerialScanner(ScannerLine(str(settings.scanner.path), settings.scanner.baud))
    printer = EscPosPrinter(printer_place(settings.printer), PrinterProfile(width=settings.printer.width))
    gateway = GatewayClient(
        gateway_place(settings),
        load(settings.state_directory),
        offload,
        clock,
        heartbeat_seconds=settings.times.heartbeat,
        version=__version__,
    )
    recogniser = Recogniser(settings.trust.folder, offload, clock)
    try:
        announcer.start()
        face.voice.become(announcer)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(scanner.run)
            await nursery.start(cards.run)
            await nursery.start(gateway.run)
            yield Kit(
                cards=cards,
                scanner=scanner,
                printer=ReceiptPrinter(printer, offload),
                sounds=announcer,
                gateway=gateway,
                trust=recogniser,
                clock=clock,
                pace=settings.times.answer_factor / settings.times.hurry,
            )
            nursery.cancel_scope.cancel()
    finally:
        gateway.close()
        printer.close()
        announcer.close()


def reader_argv(settings: Settings) -> list[str]:
    """The card worker's command line."""
    argv = worker_argv("smartcard")
    if settings.reader.name:
        argv += ["--reader", settings.reader.name]
    for name in settings.reader.exclude:
        argv += ["--exclude", name]
    return argv


def printer_place(printer: PrinterSettings) -> Where:
    """Where the receipt printer is."""
    if isinstance(printer, NetworkPrinter):
        return NetworkAddress(printer.host, printer.port)
    if isinstance(printer, SerialPrinter):
        return SerialLine(str(printer.path), printer.baud)
    return UsbFile(str(printer.path))


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
