"""`kiosk worker fingers`, `gateway worker fingers`: decodes pictures, finds minutiae, compares; made to be killed.

Native code that reads what others sent can crash: here it takes nobody along. Questions, with raw bytes behind them:
`{"do": "ready"}` · `{"do": "decode", "format"}` · `{"do": "extract", "width", "height", "dpi", "position"}` ·
`{"do": "compare", "lengths", "enough"}` (the first record against all others, until one scores enough). Answers:
`ready` · `grey` · `template` · `scores` · `error` with a reason. No picture, template or score is ever written down.
"""

from __future__ import annotations

import io
import os
import resource
import signal
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from drivers.child import Facts, answer, next_frame, own_pipes
from drivers.emrtd.lds.tlv import LdsError
from services.fingers.installed import installed
from services.fingers.nbis_records import to_own, to_standard

_MEMORY = 2 << 30
_LARGEST = 2_000_000
"""Bytes of an encoded picture."""
_MOST_PIXELS = 4_000_000
FORMATS = {"wsq": "WSQ", "jpeg2000": "JPEG2000", "jpeg": "JPEG", "png": "PNG"}


class _Refused(Exception):
    """A question that cannot be answered; the text is its reason."""


class _Matcher:
    """nbis-py, loaded when it is first needed."""

    def __init__(self) -> None:
        try:
            import nbis
        except ImportError:
            raise _Refused("no-matcher") from None
        self._nbis: Any = nbis
        self._extractors: dict[int, Any] = {}

    def extract(self, pixels: bytes, width: int, height: int, dpi: int, position: int) -> tuple[int, bytes]:
        from PIL import Image

        picture = io.BytesIO()
        Image.frombytes("L", (width, height), pixels).save(picture, "BMP")
        try:
            own = self._extractor(dpi).extract_minutiae(picture.getvalue()).to_iso_19794_2_2005()
        except self._nbis.NbisError:
            raise _Refused("unreadable") from None
        template = to_standard(own, dpi, position)
        return (len(own) - 26) // 6, template

    def compare(self, records: list[bytes], enough: int) -> list[int]:
        load = self._extractor(500).load_iso_19794_2_2005
        probe, *references = (load(to_own(record)) for record in records)
        scores: list[int] = []
        for reference in references:
            scores.append(int(probe.compare(reference)))
            if scores[-1] >= enough:
                break
        return scores

    def _extractor(self, dpi: int) -> Any:
        if dpi not in self._extractors:
            settings = self._nbis.NbisExtractorSettings(
                min_quality=0.0, get_center=False, check_fingerprint=False, compute_nfiq2=False, ppi=float(dpi)
            )
            self._extractors[dpi] = self._nbis.new_nbis_extractor(settings)
        return self._extractors[dpi]


def _decode(data: bytes, kind: str) -> tuple[Facts, bytes]:
    from PIL import Image

    if len(data) > _LARGEST or kind not in FORMATS:
        raise _Refused("too-large" if kind in FORMATS else "unknown-format")
    if kind == "wsq":
        try:
            import_module("wsq")  # registers itself with Pillow
        except ImportError:
            raise _Refused("no-decoder") from None
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    try:
        with Image.open(io.BytesIO(data), formats=[FORMATS[kind]]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise _Refused("too-large")
            grey = picture.convert("L")
    except _Refused:
        raise
    except Exception:  # whatever a decoder raises about somebody else's bytes
        raise _Refused("unreadable") from None
    return {"is": "grey", "width": grey.width, "height": grey.height}, grey.tobytes()


class _Desk:
    def __init__(self) -> None:
        self._matcher: _Matcher | None = None

    def serve(self, facts: Facts, raw: bytes) -> tuple[Facts, bytes]:
        """One question. Raises _Refused, LdsError, KeyError, ValueError, TypeError."""
        if facts["do"] == "decode":
            return _decode(raw, str(facts["format"]))
        matcher = self._matcher = self._matcher or _Matcher()
        match facts["do"]:
            case "ready":
                return {"is": "ready"}, b""
            case "extract":
                sizes = (int(facts[name]) for name in ("width", "height", "dpi", "position"))
                count, template = matcher.extract(raw, *sizes)
                return {"is": "template", "minutiae": count}, template
            case "compare":
                records, at = list[bytes](), 0
                for length in facts["lengths"]:
                    records.append(raw[at : at + int(length)])
                    at += int(length)
                return {"is": "scores", "scores": matcher.compare(records, int(facts["enough"]))}, b""
            case _:
                raise _Refused("unknown-question")


def main(argv: Sequence[str] = ()) -> int:
    """Serve until standard input ends."""
    del argv
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = own_pipes()
    # What native code says about a finger belongs into no log; a picture that wants all memory gets none.
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    os.dup2(silence, 1)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    installed()
    desk = _Desk()
    while (question := next_frame(source)) is not None:
        try:
            facts, raw = desk.serve(*question)
        except _Refused as refused:
            facts, raw = {"is": "error", "reason": str(refused)}, b""
        except (LdsError, KeyError, ValueError, TypeError, MemoryError) as error:
            facts, raw = {"is": "error", "reason": "unreadable", "detail": type(error).__name__}, b""
        try:
            answer(sink, facts, raw)
        except OSError:
            break
    return 0
