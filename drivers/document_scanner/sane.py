"""SANE 1 (libsane) through its C interface: find, open, set, read frame after frame (SANE Standard 1.06 §4.3, §4.4).

Only `kiosk worker document-scanner` loads this: a back end that hangs or crashes takes nobody along
(docs/decisions/0088).
"""

from __future__ import annotations

import ctypes as c
import ctypes.util
from collections.abc import Iterator
from dataclasses import dataclass

from drivers.device import Answer
from drivers.document_scanner.codes import SaneStatus, error_of
from drivers.document_scanner.errors import ScanError, ScanErrorReason
from drivers.document_scanner.page import MOST_PIXELS, Frame, FrameFormat, ScannedPage, page_of
from drivers.document_scanner.scanner import ScanCapabilities, ScanOrder, Source

BUFFER = 64 * 1024
PAPER_MM = (210, 297)
_BOOL, _INT, _FIXED, _STRING = range(4)
"""SANE_Value_Type (§4.2.9.4)."""
_RANGE, _WORDS, _STRINGS = 1, 2, 3
"""SANE_Constraint_Type (§4.2.9.8)."""
_GET, _SET = 0, 1
"""SANE_Action (§4.3.7)."""
_INACTIVE, _SETTABLE = 1 << 5, 1 << 0
"""SANE_CAP_INACTIVE, SANE_CAP_SOFT_SELECT (§4.2.9.7)."""
_MM = 3
"""SANE_UNIT_MM."""


class _Range(c.Structure):
    _fields_ = (("min", c.c_int), ("max", c.c_int), ("quant", c.c_int))


class _Constraint(c.Union):
    _fields_ = (
        ("strings", c.POINTER(c.c_char_p)),
        ("words", c.POINTER(c.c_int)),
        ("range", c.POINTER(_Range)),
    )


class _Descriptor(c.Structure):
    _fields_ = (
        ("name", c.c_char_p),
        ("title", c.c_char_p),
        ("desc", c.c_char_p),
        ("type", c.c_int),
        ("unit", c.c_int),
        ("size", c.c_int),
        ("cap", c.c_int),
        ("constraint_type", c.c_int),
        ("constraint", _Constraint),
    )


class _Device(c.Structure):
    _fields_ = (("name", c.c_char_p), ("vendor", c.c_char_p), ("model", c.c_char_p), ("type", c.c_char_p))


class _Parameters(c.Structure):
    _fields_ = tuple(
        (name, c.c_int) for name in ("format", "last_frame", "bytes_per_line", "pixels_per_line", "lines", "depth")
    )


@dataclass(frozen=True)
class Option:
    """An option that can be set now. Numbers are in its own unit, whatever their type on the wire."""

    index: int
    name: str
    type: int
    unit: int
    size: int
    strings: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    """The allowed ones, or lowest and highest."""
    stepless: bool = False

    def nearest(self, wanted: float) -> float:
        """The allowed number closest to `wanted`."""
        if not self.numbers:
            return wanted
        if self.stepless:
            return min(max(wanted, self.numbers[0]), self.numbers[1])
        return min(self.numbers, key=lambda one: (abs(one - wanted), -one))


class Library:
    """The loaded and initialised library. Raises ScanError (UNSUPPORTED) when it is not installed."""

    def __init__(self) -> None:
        try:
            self.sane = c.CDLL(ctypes.util.find_library("sane") or "libsane.so.1")
        except OSError as error:
            raise ScanError(ScanErrorReason.UNSUPPORTED, str(error)) from None
        handle, word = c.c_void_p, c.c_int
        for name, result, arguments in (
            ("sane_init", word, (c.POINTER(word), handle)),
            ("sane_get_devices", word, (c.POINTER(c.POINTER(c.POINTER(_Device))), word)),
            ("sane_open", word, (c.c_char_p, c.POINTER(handle))),
            ("sane_close", None, (handle,)),
            ("sane_get_option_descriptor", c.POINTER(_Descriptor), (handle, word)),
            ("sane_control_option", word, (handle, word, word, handle, c.POINTER(word))),
            ("sane_get_parameters", word, (handle, c.POINTER(_Parameters))),
            ("sane_start", word, (handle,)),
            ("sane_read", word, (handle, c.c_char_p, word, c.POINTER(word))),
            ("sane_cancel", None, (handle,)),
        ):
            entry = getattr(self.sane, name)
            entry.restype, entry.argtypes = result, arguments
        version = word()
        _check(self.sane.sane_init(c.byref(version), None), "init")
        if version.value >> 24 & 0xFF != 1:
            raise ScanError(ScanErrorReason.UNSUPPORTED, f"SANE {version.value >> 24}")

    def devices(self) -> tuple[tuple[str, str], ...]:
        """Names and models of the devices of this machine. It takes seconds: every back end looks around."""
        found = c.POINTER(c.POINTER(_Device))()
        _check(self.sane.sane_get_devices(c.byref(found), 1), "get_devices")
        listed: list[tuple[str, str]] = []
        while found[len(listed)]:
            one = found[len(listed)].contents
            listed.append((_text(one.name), f"{_text(one.vendor)} {_text(one.model)}"))
        return tuple(listed)


class OpenScanner:
    """One opened device. Raises ScanError."""

    def __init__(self, library: Library, name: str) -> None:
        self._sane = library.sane
        self._handle = c.c_void_p()
        _check(self._sane.sane_open(name.encode(), c.byref(self._handle)), "open")

    def close(self) -> None:
        """End what it does and let go of it; afterwards this object is of no use. Some back ends hang here."""
        self._sane.sane_cancel(self._handle)
        self._sane.sane_close(self._handle)

    def capabilities(self, model: str) -> ScanCapabilities:
        """What its options tell."""
        options = self._options()
        sources = options["source"].strings if "source" in options else ()
        resolution = options.get("resolution")
        modes = options["mode"].strings if "mode" in options else ()
        return ScanCapabilities(
            model,
            _answer(sources, [one for one in sources if source_of(one) is Source.FLATBED]),
            _answer(sources, [one for one in sources if source_of(one) is Source.FEEDER]),
            _answer(modes, [one for one in modes if _colour(one)]),
            () if resolution is None else tuple(round(one) for one in resolution.numbers),
            resolution is not None and resolution.stepless,
        )

    def pages(self, order: ScanOrder) -> Iterator[ScannedPage]:
        """Scan; from a feeder until it is empty. An empty feeder at the first page is an error.

        A feeder's pages are one run: `sane_start` again before `sane_cancel` (§4.4), which would throw the rest out;
        `close` cancels.
        """
        dpi = self._prepare(order)
        for number in range(order.most_pages if order.source is Source.FEEDER else 1):
            status = self._sane.sane_start(self._handle)
            if status == SaneStatus.NO_DOCS and number:
                return
            _check(status, "start")
            yield page_of(list(self._frames()), dpi, order.longest_bytes)

    def _frames(self) -> Iterator[Frame]:
        while True:
            parameters = _Parameters()
            _check(self._sane.sane_get_parameters(self._handle, c.byref(parameters)), "get_parameters")
            try:
                kind = FrameFormat(parameters.format)
            except ValueError:
                raise ScanError(ScanErrorReason.UNSUPPORTED, f"frame format {parameters.format}") from None
            yield Frame(
                kind, parameters.pixels_per_line, parameters.bytes_per_line, parameters.depth, self._read(parameters)
            )
            if parameters.last_frame:
                return
            _check(self._sane.sane_start(self._handle), "start")

    def _read(self, parameters: _Parameters) -> bytes:
        """One frame until EOF. How many lines come is not always known before (`lines` is -1 then)."""
        lines = MOST_PIXELS // max(1, parameters.pixels_per_line)
        if parameters.lines > lines:
            raise ScanError(ScanErrorReason.TOO_LARGE, f"{parameters.pixels_per_line} x {parameters.lines}")
        most = parameters.bytes_per_line * lines
        data, buffer, length = bytearray(), c.create_string_buffer(BUFFER), c.c_int()
        while True:
            status = self._sane.sane_read(self._handle, buffer, BUFFER, c.byref(length))
            if status == SaneStatus.EOF and data:
                return bytes(data)
            _check(status, "read")
            data += memoryview(buffer)[: length.value]
            if len(data) > most:
                raise ScanError(ScanErrorReason.TOO_LARGE, f"more than {most} bytes")

    def _prepare(self, order: ScanOrder) -> int:
        """Set source, mode, depth, resolution, paper: each may change the others (§4.3.7). The dpi that will come."""
        self._set_source(order.source)
        options = self._options()
        if "mode" in options:
            fits = [one for one in options["mode"].strings if _colour(one) == order.colour and not _lineart(one)]
            if fits:
                self._set(options["mode"], fits[0])
        options = self._options()
        if "depth" in options:
            self._set(options["depth"], options["depth"].nearest(8))
        dpi = float(order.dpi)
        if "resolution" in options:
            dpi = options["resolution"].nearest(dpi)
            self._set(options["resolution"], dpi)
        options = self._options()
        for name, millimetres in (("tl-x", 0), ("tl-y", 0), ("br-x", PAPER_MM[0]), ("br-y", PAPER_MM[1])):
            if name in options and options[name].unit == _MM:
                self._set(options[name], options[name].nearest(millimetres))
        return round(dpi)

    def _set_source(self, source: Source) -> None:
        option = self._options().get("source")
        if option is None:
            return
        fits = [one for one in option.strings if source_of(one) is source]
        if not fits:
            raise ScanError(ScanErrorReason.UNSUPPORTED, f"no {source.value}")
        self._set(option, min(fits, key=lambda one: "duplex" in one.lower()))

    def _options(self) -> dict[str, Option]:
        """The options that can be set now, by their well-known names (§4.5)."""
        count = c.c_int()
        # The network's back end knows an option only once its descriptor was asked for, the first one too.
        self._sane.sane_get_option_descriptor(self._handle, 0)
        _check(self._sane.sane_control_option(self._handle, 0, _GET, c.byref(count), None), "options")
        found: dict[str, Option] = {}
        for index in range(1, count.value):
            pointer = self._sane.sane_get_option_descriptor(self._handle, index)
            if not pointer:
                continue
            one = pointer.contents
            if one.name and one.cap & _SETTABLE and not one.cap & _INACTIVE and one.type <= _STRING:
                found.setdefault(_text(one.name), _option(index, one))
        return found

    def _set(self, option: Option, value: str | float) -> None:
        if isinstance(value, str):
            place: c.Array[c.c_char] | c.c_int = c.create_string_buffer(value.encode(), max(option.size, 1))
        else:
            place = c.c_int(round(value * 65536) if option.type == _FIXED else round(value))
        info = c.c_int()
        status = self._sane.sane_control_option(self._handle, option.index, _SET, c.byref(place), c.byref(info))
        _check(status, f"set {option.name}")


def source_of(word: str) -> Source:
    """What a back end's word for a source means; the standard names none."""
    lower = word.lower()
    return Source.FEEDER if any(part in lower for part in ("adf", "feeder", "duplex")) else Source.FLATBED


def _option(index: int, one: _Descriptor) -> Option:
    scale = 65536 if one.type == _FIXED else 1
    strings: list[str] = []
    numbers: tuple[float, ...] = ()
    if one.constraint_type == _STRINGS:
        while (word := one.constraint.strings[len(strings)]) is not None:
            strings.append(_text(word))
    elif one.constraint_type == _WORDS:
        words = one.constraint.words
        numbers = tuple(words[place] / scale for place in range(1, words[0] + 1))
    elif one.constraint_type == _RANGE:
        limits = one.constraint.range.contents
        numbers = (limits.min / scale, limits.max / scale)
    return Option(
        index, _text(one.name), one.type, one.unit, one.size, tuple(strings), numbers, one.constraint_type == _RANGE
    )


def _answer(known: tuple[str, ...], fitting: list[str]) -> Answer:
    if not known:
        return Answer.UNKNOWN
    return Answer.SUPPORTED if fitting else Answer.NOT_SUPPORTED


def _colour(mode: str) -> bool:
    return "colo" in mode.lower()


def _lineart(mode: str) -> bool:
    return any(part in mode.lower() for part in ("lineart", "binary", "halftone", "black"))


def _text(word: bytes | None) -> str:
    return (word or b"").decode("utf-8", "replace")


def _check(status: int, where: str) -> None:
    if status != SaneStatus.GOOD:
        raise error_of(status, where)
