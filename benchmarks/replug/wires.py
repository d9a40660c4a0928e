"""The wires that are pulled: each with the product's own driver and supervisor at one end and a real peer at the other.

A scanner's and a printer's pseudo-terminal is closed and opened under the same name, the ports of the network printer
and of the card terminal are closed, pcscd and SANE's network server are stopped and started. The keyboard wedge is a
pseudo-terminal that delivers `struct input_event` without the grab (no uinput in containers), the sound card is ALSA's
null device behind a list of cards of our own, libfprint's reader is its own virtual one.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import trio

from drivers.audio.output import PortAudioOutput
from drivers.audio.player import Player
from drivers.card_terminal import NexoTerminal, Parties, TerminalAddress, TerminalDesk
from drivers.device import BackOff
from drivers.document_scanner import DocumentDesk, SaneScanner, ScanOrder
from drivers.document_scanner.network import SANED_PORT
from drivers.fingerprint import SerialFingerLine, SerialFingerScanner
from drivers.fingerprint.libfprint_scanner import LibfprintScanner
from drivers.fingerprint.reader import LOOK_SECONDS, FingerReader
from drivers.held_line import HeldLine
from drivers.keypad import HeadphoneJack, Keypad
from drivers.printer import EscPosPrinter, NetworkAddress, SerialLine, UsbFile
from drivers.printer.life import PrinterLife
from drivers.printer.status import PrinterStatus
from drivers.scanner import CodeScanner, ScannerKeyboard, ScannerLine
from drivers.scanner.places import Where
from drivers.scanner.sources import KeyboardSource, Source
from drivers.smartcard.remote import RemoteCardReader
from drivers.supervisor import Supervisor
from kiosk.devices import supervise_reader, supervise_sound
from kiosk.workers import worker_argv
from services.device_health import HealthBoard
from simulators.fingerprint.ridges import grown, impressions, picture
from simulators.pcsc import PrivatePcscd

ROOT = Path(__file__).resolve().parents[2]
ALSA = Path("/usr/share/alsa/alsa.conf")
SANED = Path("/usr/sbin/saned")
PATIENCE_SECONDS = 60.0
"""For a peer to come up and to do its part; no figure."""
Act = Callable[[], Awaitable[None]]


class Occupied(Exception):
    """Something else on this machine has what a wire's peer needs."""


@dataclass(frozen=True)
class Wire:
    """One device on its wire; `work` proves that it does its work when it is there."""

    supervisor: Supervisor
    unplug: Act
    plug: Act
    work: Act
    before: Act = trio.lowlevel.checkpoint
    """What is done before it is pulled; its time is not counted."""


class Simulator:
    """A simulator as a process of its own."""

    def __init__(self, module: str, *options: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        assert self._process.stdout is not None
        self.facts: dict[str, Any] = json.loads(self._process.stdout.readline())
        self._http = httpx.Client(timeout=PATIENCE_SECONDS)

    def do(self, verb: str, **body: object) -> None:
        """POST a verb."""
        self._http.post(f"{self.facts['control']}/{verb}", json=body).raise_for_status()

    async def tell(self, verb: str, **body: object) -> None:
        """The same beside the loop."""
        await trio.to_thread.run_sync(partial(self.do, verb, **body))

    def end(self) -> None:
        """Close its input and wait."""
        self._http.close()
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE_SECONDS)
        self._process.stdout.close()


@asynccontextmanager
async def _running(supervisor: Supervisor, *others: Act) -> AsyncGenerator[None]:
    async with trio.open_nursery() as nursery:
        for other in others:
            nursery.start_soon(other)
        nursery.start_soon(supervisor.run)
        with trio.fail_after(PATIENCE_SECONDS):
            await supervisor.found()
        yield
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def serial_scanner() -> AsyncGenerator[Wire]:
    """USB CDC, as a pseudo-terminal."""
    with tempfile.TemporaryDirectory() as folder:
        simulator = Simulator("simulators.scanner", "--link", f"{folder}/scanner", "--baud", "0")
        scanner = CodeScanner(ScannerLine(f"{folder}/scanner"))
        try:
            async with _running(scanner.supervisor):
                yield Wire(
                    scanner.supervisor,
                    partial(simulator.tell, "unplug"),
                    partial(simulator.tell, "plug"),
                    partial(_scan, scanner, partial(simulator.tell, "scan", text="TRAM-TEST")),
                )
        finally:
            simulator.end()


async def _scan(scanner: CodeScanner, show: Act) -> None:
    async with trio.open_nursery() as nursery:

        async def hear() -> None:
            assert await scanner.scanned() == "TRAM-TEST"

        nursery.start_soon(hear)
        await trio.sleep(0)
        await show()


KEYS = dict(zip("-TRAMES", (12, 20, 19, 30, 50, 18, 31), strict=True))


class FakeKeyboard:
    """A pseudo-terminal that delivers input events, under one name over unplugging and plugging."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self._ends: tuple[int, int] | None = None
        self.plug()

    def plug(self) -> None:
        """A new device file under the same name."""
        import tty

        ends = os.openpty()
        tty.setraw(ends[1])
        self._ends = ends
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(os.ttyname(ends[1]))

    def unplug(self) -> None:
        """The cable."""
        ends, self._ends = self._ends, None
        self._link.unlink(missing_ok=True)
        for end in reversed(ends or ()):
            os.close(end)

    def events(self, *events: tuple[int, int, int]) -> None:
        """(type, code, value) each."""
        assert self._ends is not None
        os.write(self._ends[0], b"".join(struct.pack("@llHHi", 0, 0, *event) for event in events))

    def type(self, text: str) -> None:
        """Capital letters by Shift, then Enter."""
        for letter in text:
            code, shift = KEYS[letter], letter.isalpha()
            strokes = [(1, code, 1), (0, 0, 0), (1, code, 0), (0, 0, 0)]
            self.events(*([(1, 42, 1), *strokes, (1, 42, 0)] if shift else strokes))
        self.events((1, 28, 1), (0, 0, 0), (1, 28, 0), (0, 0, 0))


def ungrabbed(where: Where) -> Source:
    """A keyboard on a pseudo-terminal, which knows no grab."""
    assert isinstance(where, ScannerKeyboard)
    return KeyboardSource(where, take=lambda _descriptor: None)


@asynccontextmanager
async def keyboard_scanner() -> AsyncGenerator[Wire]:
    """USB HID, as input events on a pseudo-terminal."""
    with tempfile.TemporaryDirectory() as folder:
        keyboard = FakeKeyboard(Path(folder) / "event-kbd")
        scanner = CodeScanner(ScannerKeyboard(f"{folder}/event-kbd"), opener=ungrabbed)
        try:
            async with _running(scanner.supervisor):
                yield Wire(
                    scanner.supervisor,
                    _soon(keyboard.unplug),
                    _soon(keyboard.plug),
                    partial(_scan, scanner, _soon(partial(keyboard.type, "TRAM-TEST"))),
                )
        finally:
            keyboard.unplug()


def _soon(act: Callable[[], None]) -> Act:
    async def soon() -> None:
        await trio.lowlevel.checkpoint()
        act()

    return soon


@asynccontextmanager
async def listening_keypad() -> AsyncGenerator[Wire]:
    """The four keys of who listens, as input events on a pseudo-terminal."""
    with tempfile.TemporaryDirectory() as folder:
        keyboard, heard = FakeKeyboard(Path(folder) / "event-kbd"), trio.Event()
        keypad = Keypad(Path(folder) / "event-kbd", {106: "next"}, lambda _key: heard.set(), take=lambda _where: None)
        supervisor = Supervisor("keypad", keypad, back_off=BackOff(0.2, 1))

        async def work() -> None:
            nonlocal heard
            heard = trio.Event()
            keyboard.events((1, 106, 1), (0, 0, 0), (1, 106, 0))
            with trio.fail_after(PATIENCE_SECONDS):
                await heard.wait()

        try:
            async with _running(supervisor):
                yield Wire(supervisor, _soon(keyboard.unplug), _soon(keyboard.plug), work)
        finally:
            keyboard.unplug()


@asynccontextmanager
async def headphone_socket() -> AsyncGenerator[Wire]:
    """The switch in the sound card's socket, as input events on a pseudo-terminal."""
    with tempfile.TemporaryDirectory() as folder:
        socket, heard = FakeKeyboard(Path(folder) / "event-jack"), trio.Event()
        jack = HeadphoneJack(f"{folder}/event-jack", lambda _headphones: heard.set())
        supervisor = Supervisor("headphone socket", jack, back_off=BackOff(0.2, 1))

        async def work() -> None:
            nonlocal heard
            heard = trio.Event()
            socket.events((5, 2, 1), (0, 0, 0), (5, 2, 0), (0, 0, 0))
            with trio.fail_after(PATIENCE_SECONDS):
                await heard.wait()

        try:
            async with _running(supervisor):
                yield Wire(supervisor, _soon(socket.unplug), _soon(socket.plug), work)
        finally:
            socket.unplug()


@asynccontextmanager
async def printer(kind: str) -> AsyncGenerator[Wire]:
    """`network`, `serial` or `usb` (the last two on a pseudo-terminal)."""
    with tempfile.TemporaryDirectory() as folder:
        wire = () if kind == "network" else ("--pty", "--link", f"{folder}/printer")
        simulator = Simulator("simulators.printer", "--rows-per-second", "0", *wire)
        if kind == "network":
            where = NetworkAddress("127.0.0.1", int(simulator.facts["port"]))
        else:
            where = (SerialLine if kind == "serial" else UsbFile)(f"{folder}/printer")
        device = EscPosPrinter(where)
        limiter = trio.CapacityLimiter(1)

        async def ask() -> PrinterStatus:
            return await trio.to_thread.run_sync(device.status, limiter=limiter)

        async def work() -> None:
            assert (await ask()).can_print

        supervisor = Supervisor(f"printer {where}", PrinterLife(ask, device.close), back_off=BackOff(0.2, 1))
        try:
            async with _running(supervisor):
                yield Wire(
                    supervisor,
                    partial(simulator.tell, "offline"),
                    partial(simulator.tell, "offline", on=False),
                    work,
                )
        finally:
            device.close()
            simulator.end()


@asynccontextmanager
async def card_reader(loss: str) -> AsyncGenerator[Wire]:
    """`service`: pcscd is stopped and started; `reader`: it comes back without a reader, and with one."""
    pcscd = PrivatePcscd()
    await trio.to_thread.run_sync(pcscd.start)
    reader = RemoteCardReader(env=pcscd.env)
    supervisor = supervise_reader(HealthBoard(), reader)

    async def work() -> None:
        await trio.lowlevel.checkpoint()
        assert reader.status.reader

    gone, back = (pcscd.stop, pcscd.start) if loss == "service" else (pcscd.unplug, pcscd.plug)
    try:
        async with _running(supervisor, reader.run):
            yield Wire(
                supervisor,
                partial(trio.to_thread.run_sync, gone),
                partial(trio.to_thread.run_sync, back),
                work,
            )
    finally:
        await trio.to_thread.run_sync(pcscd.close)


@asynccontextmanager
async def finger_reader() -> AsyncGenerator[Wire]:
    """A serial module on a pseudo-terminal: found anew at each return, with its speed agreed on again."""
    with tempfile.TemporaryDirectory() as folder:
        simulator = Simulator("simulators.fingerprint", "--link", f"{folder}/finger", "--unpaced", "--capture", "0.01")
        reader = FingerReader("finger reader", SerialFingerScanner(SerialFingerLine(f"{folder}/finger")))

        async def work() -> None:
            await simulator.tell("finger", number=1)
            with trio.fail_after(PATIENCE_SECONDS):
                await reader.capture(lambda _news: None)
            await simulator.tell("lift")

        try:
            async with _running(reader.supervisor):
                yield Wire(reader.supervisor, partial(simulator.tell, "unplug"), partial(simulator.tell, "plug"), work)
        finally:
            simulator.end()


@asynccontextmanager
async def libfprint_reader() -> AsyncGenerator[Wire]:
    """The library's own virtual image device. Pulled, it tells the library; without it the library finds none.

    It hears who stands before it only after a picture, so one is taken before each pull.
    """
    with tempfile.TemporaryDirectory() as name:
        folder, hands = Path(name), list[trio.SocketStream]()
        there, glass = folder / "there", folder / "glass"
        there.touch()
        only_there = ("sh", "-c", '[ -e "$0" ] || unset FP_VIRTUAL_IMAGE; exec "$@"', str(there))
        scanner = LibfprintScanner([*only_there, *worker_argv("libfprint")], {"FP_VIRTUAL_IMAGE": str(glass)})
        reader = FingerReader("finger reader", scanner)
        pixels = picture(grown(1), impressions(1, 1)[0]).tobytes()

        async def touch() -> None:
            while True:
                with suppress(OSError):
                    hands.append(await trio.open_unix_socket(str(glass)))
                    await hands[-1].send_all(struct.pack("ii", 256, 288) + pixels)
                    return
                await trio.sleep(0.02)

        async def capture() -> None:
            with trio.fail_after(PATIENCE_SECONDS):
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(touch)
                    await reader.capture(lambda _news: None)

        async def lift() -> None:
            await hands.pop().aclose()
            await trio.sleep(3 * LOOK_SECONDS)  # the library takes one at a time and hears of an end when it is asked

        async def work() -> None:
            await capture()
            await lift()

        async def unplug() -> None:
            there.unlink()
            await hands[-1].send_all(struct.pack("ii", -5, 0))
            await hands.pop().aclose()

        async with _running(reader.supervisor):
            yield Wire(reader.supervisor, unplug, _soon(there.touch), work, before=capture)


@asynccontextmanager
async def card_terminal() -> AsyncGenerator[Wire]:
    """Its TCP port is gone and there again; a line is held to it meanwhile, as a kiosk does."""
    simulator = Simulator("simulators.card_terminal", "--step", "0.02")
    address = TerminalAddress("127.0.0.1", int(simulator.facts["port"]))
    terminal = NexoTerminal(address, Parties("TRAM-B", simulator.facts["poi_id"]))
    desk = TerminalDesk(terminal, "simulated", line=HeldLine(address.host, address.port))

    async def work() -> None:
        assert await desk.look()

    try:
        async with _running(desk.supervisor):
            yield Wire(
                desk.supervisor,
                partial(simulator.tell, "power", on=False),
                partial(simulator.tell, "power", on=True),
                work,
            )
    finally:
        simulator.end()


@asynccontextmanager
async def document_scanner() -> AsyncGenerator[Wire]:
    """SANE's test back end behind SANE's network server, which is ended and started; the library is real at both ends.

    The library knows one port for saned, so each run has a loopback address of its own. Raises Occupied when something
    listens there all the same: this machine's own saned, at every address.
    """
    host = f"127.{os.getpid() >> 14 & 0xFF}.{os.getpid() >> 7 & 0x7F}.{os.getpid() & 0x7F | 0x80}"
    try:
        socket.create_server((host, SANED_PORT)).close()
    except OSError as error:
        raise Occupied(f"{host}:{SANED_PORT}: {error.strerror}") from None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for side, back_end in (("kiosk", "net"), ("server", "test")):
            (folder / side).mkdir()
            (folder / side / "dll.conf").write_text(f"{back_end}\n")
        (folder / "server" / "test.conf").write_text("number_of_devices 1\nresolution 50\nbr_x 80\nbr_y 100\n")
        (folder / "server" / "saned.conf").write_text("127.0.0.0/8\n")
        served = list[subprocess.Popen[bytes]]()

        def environment(side: str) -> dict[str, str]:
            return {"SANE_CONFIG_DIR": str(folder / side), "TMPDIR": name, "HOME": name}

        async def plug() -> None:
            """Until it listens: how long it takes to start is not the kiosk's time."""
            with (folder / "said").open("wb") as said:
                served.append(
                    subprocess.Popen(
                        [str(SANED), "-l", "-e", "-d", "3", "-b", host, "-p", str(SANED_PORT)],
                        env={**os.environ, **environment("server")}, stderr=said, start_new_session=True,
                    )
                )  # fmt: skip
            with trio.fail_after(PATIENCE_SECONDS):
                while served[-1].poll() is None:
                    if "waiting for control connection" in (folder / "said").read_text():
                        return
                    await trio.sleep(0.05)
            raise RuntimeError(f"saned ended with {served[-1].returncode}: {(folder / 'said').read_text()}")

        def unplug() -> None:
            """With the children that serve its connections."""
            while served:
                with suppress(ProcessLookupError):  # it ended by itself
                    os.killpg(served[-1].pid, signal.SIGKILL)
                served.pop().wait()

        scanner = SaneScanner([*worker_argv("document-scanner"), f"net:{host}:test:0"], environment("kiosk"))
        line = HeldLine(host, SANED_PORT)
        desk = DocumentDesk("document scanner", scanner, line=line)

        async def work() -> None:
            assert len(await desk.scan(ScanOrder())) == 1

        try:
            await plug()
            async with _running(desk.supervisor):
                yield Wire(desk.supervisor, _soon(unplug), plug, work)
        finally:
            unplug()


@asynccontextmanager
async def sound() -> AsyncGenerator[Wire]:
    """PortAudio and ALSA are real, the card is ALSA's null device."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        there = f'<{ALSA}>\npcm.!default {{ type plug slave.pcm "null" }}\n'
        gone = f"<{ALSA}>\npcm.!default {{ type hw card 99 }}\n"
        configuration, cards = folder / "asound.conf", folder / "cards"
        cards.mkdir()

        def card(text: str, *, listed: bool) -> None:
            configuration.write_text(text)
            (cards / "card0").touch() if listed else (cards / "card0").unlink()

        card(there, listed=True)
        os.environ["ALSA_CONFIG_PATH"] = str(configuration)
        player = Player(PortAudioOutput(cards=cards))
        supervisor = supervise_sound(HealthBoard(), player)

        async def work() -> None:
            await trio.lowlevel.checkpoint()
            player.sound(bytes(960))

        player.start()
        try:
            async with _running(supervisor):
                yield Wire(
                    supervisor,
                    _soon(partial(card, gone, listed=False)),
                    _soon(partial(card, there, listed=True)),
                    work,
                )
        finally:
            await trio.to_thread.run_sync(player.close)
            os.environ.pop("ALSA_CONFIG_PATH", None)


WIRES = {
    "scanner, serial": serial_scanner,
    "scanner, keyboard": keyboard_scanner,
    "keypad": listening_keypad,
    "headphone socket": headphone_socket,
    "printer, network": partial(printer, "network"),
    "printer, serial": partial(printer, "serial"),
    "printer, usb": partial(printer, "usb"),
    "finger reader, serial": finger_reader,
    "finger reader, libfprint": libfprint_reader,
    "document scanner, network": document_scanner,
    "card terminal": card_terminal,
    "reader, pcscd stopped": partial(card_reader, "service"),
    "reader, unplugged": partial(card_reader, "reader"),
    "sound": sound,
}
