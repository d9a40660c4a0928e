"""Settings of one kiosk: a TOML file, parsed into types that cannot be wrong (docs/settings.md).

A wrong key or value is a `SettingsError` that names the file, the line and what is allowed. Relative paths are
relative to the settings file. Nothing here is secret or personal: keys live in the state directory.
"""

from __future__ import annotations

import logging
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from kiosk.settings_errors import SettingsError, explain
from services.technician.site_settings import FILE as ON_SITE
from services.technician.site_settings import laid_over

log = logging.getLogger(__name__)

BASE = "base"
"""Key of the validation context: the folder relative paths start from."""


def _absolute(path: Path, info: ValidationInfo) -> Path:
    context: dict[str, Path] = info.context or {}
    try:
        return context.get(BASE, Path()) / path.expanduser()
    except RuntimeError:
        raise ValueError(f"a path of a user that exists ({path} names nobody)") from None


class Part(BaseModel):
    """One table of the file: frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class GatewaySettings(Part):
    """Where the gateway is. Plain HTTP is for loopback only: people's data travels here."""

    url: str
    ca: Path | None = None
    """PEM of the authority that signed the gateway's certificate; None trusts the system's authorities."""
    connect_seconds: float = Field(default=2.0, gt=0, le=30)
    answer_seconds: float = Field(default=4.0, gt=0, le=60)
    """A registration without an answer after this takes the leased number."""
    slow_answer_seconds: float = Field(default=15.0, gt=0, le=60)
    """For questions the gateway asks on: insurer, bank."""

    _ca = field_validator("ca")(_absolute)

    @field_validator("url")
    @classmethod
    def _url(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("an address such as https://gateway.hospital.example:8443")
        if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise ValueError("https; plain http only to this machine itself")
        return url.rstrip("/")


class SiteSettings(Part):
    """What every session starts with. Names, desks and dated values come from the gateway."""

    language: Literal["vi", "en"] = "vi"
    volume: int = Field(default=60, ge=0, le=100)
    text: Literal["normal", "large"] = "normal"
    contrast: Literal["normal", "high"] = "normal"
    reach: Literal["normal", "low"] = "normal"


class ReaderSettings(Part):
    """The chip card reader, by (a part of) its PC/SC name; empty takes the first one."""

    name: str = ""
    exclude: tuple[str, ...] = ()
    """Parts of names of readers that are not for ID cards (a card terminal's)."""
    fingerprints: bool = False
    """Whether chips are asked for the fingers (DG3); the gateway must have an inspection system for it."""
    terminal_files: Path | None = None
    """Demo only: a folder with a laboratory's terminal certificates and key, instead of the gateway's."""

    _terminal_files = field_validator("terminal_files")(_absolute)


Cut = Literal["partial", "full", "none"]
"""How a slip is cut off; "none" is a tear bar."""
Mode = Literal["raster", "text"]
Page = Literal["folded", "wpc1258"]


class NetworkPrinter(Part):
    """ESC/POS over TCP."""

    kind: Literal["network"]
    host: str = Field(min_length=1)
    port: int = Field(default=9100, ge=1, le=65535)
    width: int = Field(default=576, ge=384, le=832, multiple_of=8)
    """Dots in a line: 576 on 80 mm paper, 384 on 58 mm."""
    cut: Cut = "partial"
    mode: Mode = "raster"
    """"text" for a slow line or a model without pictures: the printer's own letters."""
    code_page: Page = "folded"
    """Of text mode: "folded" prints Vietnamese without marks, "wpc1258" on models that have that page (ESC t 52)."""


class SerialPrinter(Part):
    """ESC/POS over a serial line; `path` as udev names it by its place (/dev/serial/by-path/...)."""

    kind: Literal["serial"]
    path: Path
    baud: int = Field(default=115200, ge=9600)
    flow: Literal["none", "rtscts", "dsrdtr", "xonxoff"] = "none"
    """How the printer says "wait", as set by its switches."""
    width: int = Field(default=576, ge=384, le=832, multiple_of=8)
    cut: Cut = "partial"
    mode: Mode = "raster"
    code_page: Page = "folded"


class UsbPrinter(Part):
    """ESC/POS over the kernel's printer class (/dev/usb/lp0)."""

    kind: Literal["usb"]
    path: Path
    width: int = Field(default=576, ge=384, le=832, multiple_of=8)
    cut: Cut = "partial"
    mode: Mode = "raster"
    code_page: Page = "folded"


PrinterSettings = Annotated[NetworkPrinter | SerialPrinter | UsbPrinter, Field(discriminator="kind")]


class ScannerSettings(Part):
    """The QR scanner: a serial line (USB CDC) or a keyboard wedge, by its place and not by its number."""

    kind: Literal["serial", "keyboard"] = "serial"
    """"keyboard" is a scanner that types (USB HID), set to send the raw bytes of its code (ALT mode)."""
    path: Path
    """/dev/serial/by-path/... or /dev/input/by-path/...-event-kbd."""
    baud: int = Field(default=9600, ge=1200)
    """Of a serial line; a keyboard has none."""
    prefix: str = Field(default="", max_length=16)
    """What the scanner is set to send before each code ("]Q1"); a code without it is refused."""
    suffix: str = Field(default="", max_length=16)
    """What it sends after each code, before CR or LF."""


class CardTerminalSettings(Part):
    """A card terminal beside the kiosk (nexo Retailer, JSON over TCP). Without this table no card is offered."""

    host: str = Field(min_length=1)
    port: int = Field(default=8443, ge=1, le=65535)
    sale_id: str = Field(pattern="^[0-9A-Za-z-]{1,32}$")
    """What this kiosk is called at the terminal: one name for each kiosk."""
    poi_id: str = Field(pattern="^[0-9A-Za-z-]{1,64}$")
    """Model and serial number, as the terminal says: "P400Plus-275319618"."""
    payment_seconds: float = Field(default=120.0, ge=30, le=180)
    """A purchase without an answer after this is asked for by its status."""
    hold_line: bool = True
    """A silent connection is held while nobody pays, so that a terminal that is gone is missed at once. false where
    others use the same terminal and it serves one connection: then it is missed within 15 s."""


class SerialFinger(Part):
    """A serial finger module; `path` as udev names it by its place (/dev/serial/by-path/...)."""

    kind: Literal["serial"]
    path: Path
    baud: int = Field(default=57600, ge=9600)
    """Asked at first; other speeds follow."""
    highest_baud: int = Field(default=921600, ge=9600)
    """What cable and converter carry; the module's own highest speed is found out."""
    dpi: int = Field(default=500, ge=250, le=1000)
    password: str = Field(default="00000000", pattern="^[0-9A-Fa-f]{8}$")
    """The module's own, no secret of the house."""


class LibfprintFinger(Part):
    """A reader that libfprint knows and that gives pictures."""

    kind: Literal["libfprint"]


FingerSettings = Annotated[SerialFinger | LibfprintFinger, Field(discriminator="kind")]


class DocumentScannerSettings(Part):
    """A document scanner that SANE knows. Without this table no paper is scanned."""

    name: str = Field(min_length=1, max_length=200, pattern=r"^[^\s-]\S*$")
    """SANE's name of it, as `scanimage -L` tells: "fujitsu:fi-7160:12345"."""
    source: Literal["flatbed", "feeder"] = "flatbed"
    """Where people lay their paper."""
    dpi: int = Field(default=200, ge=75, le=600)
    """The nearest resolution the scanner has is taken."""
    page_seconds: float = Field(default=60.0, ge=10, le=300)
    """A scanner that is silent for longer while it scans is given up and opened anew."""


class AudioSettings(Part):
    """Loudspeaker; "off" is a kiosk without one (everything is on the screen too)."""

    device: str = "default"


class ListeningSettings(Part):
    """The kiosk by ear, for who cannot see the screen: a small keypad, and the switch in the headphone socket."""

    keypad: Path | None = None
    """/dev/input/by-path/...-event-kbd, held alone; none where there is no keypad of this kind."""
    window_keys: bool = False
    """Whether these keys count when they reach the window, for keypads that cannot be held alone."""
    jack: str = ""
    """(A part of) the name of the sound card's switch, "HDA Intel PCH Front Headphone", or the path of its device
    file; empty: nothing tells whether headphones are in, and no names or amounts are spoken."""
    own_headphones: bool = False
    """The listening mode is heard by nobody else (a handset, a keypad with a socket of its own): names, numbers and
    amounts are spoken whenever it is on. Never with a loudspeaker."""
    key_back: str = "KEY_LEFT"
    """Keys by the kernel's names of them (`evtest` shows them)."""
    key_next: str = "KEY_RIGHT"
    key_choose: str = "KEY_ENTER"
    """Held for two seconds it calls staff."""
    key_repeat: str = "KEY_UP"
    key_listen: str = "KEY_F1"
    """The one tactile key that starts and ends the listening mode; each other key starts it too."""

    @field_validator("key_back", "key_next", "key_choose", "key_repeat", "key_listen")
    @classmethod
    def _key(cls, name: str) -> str:
        from drivers.keypad import code_of

        if not name.startswith("KEY_") or code_of(name) is None:
            raise ValueError("a key as the kernel names it, such as KEY_RIGHT")
        return name

    @model_validator(mode="after")
    def _each_key_once(self) -> Self:
        if len(set(self.keys.values())) != len(self.keys):
            raise ValueError("each key with one meaning only")
        return self

    @property
    def keys(self) -> dict[str, str]:
        """What is meant, to the kernel's name of the key."""
        return {
            "back": self.key_back,
            "next": self.key_next,
            "choose": self.key_choose,
            "repeat": self.key_repeat,
            "listen": self.key_listen,
        }


class TechnicianSettings(Part):
    """The technician's mode. Its PIN is set by `python -m kiosk technician` and kept as a hash, never here."""

    sticks: tuple[str, ...] = ()
    """File-system UUIDs of USB sticks a diagnostics bundle may be written to (`lsblk -o UUID`)."""


class TrustSettings(Part):
    """Folder with country signing certificates (*.cer, *.pem, *.der), lists and revocations."""

    folder: Path = Field(default=Path("trust"), validate_default=True)

    _folder = field_validator("folder")(_absolute)


class TimeSettings(Part):
    """Seconds. The idle warning cannot be shorter than WCAG 2.2.1 allows."""

    idle_warning: float = Field(default=20.0, ge=20.0, le=120.0)
    answer_factor: float = Field(default=1.0, ge=0.5, le=10.0)
    """Multiplies the time of every question; 2 in listening mode by itself."""
    heartbeat: float = Field(default=30.0, ge=5.0, le=600.0)
    hurry: Path | None = None
    """Demo only: a file with a number that divides every waiting time, so that a test need not wait as long as a
    person. It is followed while the kiosk runs."""

    _hurry = field_validator("hurry")(_absolute)


class WindowSettings(Part):
    """The window: full screen on a kiosk, a plain window while building."""

    full_screen: bool = True
    scale: float = Field(default=1.0, gt=0.1, le=2.0)
    """Of 1080 x 1920, for a smaller window."""


class Settings(Part):
    """All settings of one kiosk."""

    demo: bool = False
    """Stand-ins are connected: only `python -m kiosk demo` takes such a file, `run` refuses it."""
    journal: Path | None = None
    """Demo only: a file that tells which screen takes touches since when and where; no text of a person."""
    state_directory: Path = Field(default=Path("state"), validate_default=True)
    """The kiosk's key, outbox and what it remembers of the gateway; readable by the kiosk's user only."""
    gateway: GatewaySettings
    printer: PrinterSettings
    scanner: ScannerSettings
    site: SiteSettings = SiteSettings()
    reader: ReaderSettings = ReaderSettings()
    finger: FingerSettings | None = None
    """The finger reader; None where there is none."""
    document_scanner: DocumentScannerSettings | None = None
    audio: AudioSettings = AudioSettings()
    card_terminal: CardTerminalSettings | None = None
    listening: ListeningSettings = ListeningSettings()
    technician: TechnicianSettings = TechnicianSettings()
    trust: TrustSettings = Field(default_factory=TrustSettings, validate_default=True)
    times: TimeSettings = TimeSettings()
    window: WindowSettings = WindowSettings()

    _state = field_validator("state_directory")(_absolute)

    @model_validator(mode="after")
    def _for_the_demo_only(self) -> Self:
        if not self.demo and (self.journal is not None or self.times.hurry is not None):
            raise ValueError("journal and times.hurry are for the demo only: set demo = true, or leave them out")
        if not self.demo and self.reader.terminal_files is not None:
            raise ValueError("reader.terminal_files is for the demo only: a kiosk's disk holds no terminal's key")
        return self


def load(path: Path) -> Settings:
    """Read and check a settings file. Raises SettingsError with every fault, file and line."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise SettingsError(path, [(None, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise SettingsError(path, [(None, f"is not UTF-8 (byte {error.start})")]) from None
    settings = parse(text, path)
    try:
        return parse(text, path, (settings.state_directory / ON_SITE).read_text("utf-8"))
    except FileNotFoundError:
        return settings
    except (OSError, ValueError, SettingsError) as error:
        log.warning("what was changed on site is left out: %s", error)
        return settings


def parse(text: str, path: Path, changes: str = "") -> Settings:
    """Check the text of a settings file; `path` is for messages and relative paths.

    `changes`: what a technician chose on site, laid over it (ValueError when that is no TOML).
    """
    try:
        table: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(path, [(_toml_line(error), f"is not TOML: {error}")]) from None
    table.setdefault("trust", {})
    table = laid_over(table, changes)
    try:
        return Settings.model_validate(table, context={BASE: path.resolve().parent})
    except ValidationError as error:
        raise SettingsError(path, explain(error, text, Settings)) from None


def _toml_line(error: tomllib.TOMLDecodeError) -> int | None:
    words = str(error).replace(",", " ").split()
    place = words.index("line") + 1 if "line" in words else 0
    return int(words[place]) if place and words[place].isdigit() else None
