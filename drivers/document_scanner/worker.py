"""`kiosk worker document-scanner NAME`: a scanner that SANE knows, in a process of its own that can be killed.

Questions: `{"do": "open"}`, `{"do": "scan", "source", "dpi", "colour", "most_pages", "longest_bytes"}`. Answers:
`{"is": "open", …}`; `{"is": "page", "width", "height", "dpi"}` with the JPEG for each page, then `{"is": "end"}`;
`{"is": "error", "reason", "detail", "status"}`. The device is open only while it scans.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from drivers.child import Facts, answer, next_frame, own_pipes
from drivers.document_scanner.errors import ScanError
from drivers.document_scanner.sane import Library, OpenScanner
from drivers.document_scanner.scanner import ScanOrder, Source


def main(argv: Sequence[str] = ()) -> int:
    """Serve until standard input ends."""
    name = argv[0] if argv else ""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = own_pipes()
    desk = _Desk(name)
    while (question := next_frame(source)) is not None:
        try:
            desk.serve(question[0], sink)
        except OSError:
            break
    os._exit(0)  # a back end's threads may hang; the process must end all the same


class _Desk:
    def __init__(self, name: str) -> None:
        self._name = name
        self._library: Library | None = None

    def serve(self, question: Facts, sink: BinaryIO) -> None:
        """Answer one question. The answer is out before the device is let go of: who waits knows why at once."""
        scanner = None
        try:
            self._library = self._library or Library()
            scanner = OpenScanner(self._library, self._name)
            for facts, raw in _scan(scanner, question) if question.get("do") == "scan" else _look(scanner, self._name):
                answer(sink, facts, raw)
        except ScanError as error:
            detail, status = error.detail, error.status
            answer(sink, {"is": "error", "reason": error.reason.value, "detail": detail, "status": status})
        finally:
            if scanner is not None:
                scanner.close()


def _look(scanner: OpenScanner, name: str) -> Iterator[tuple[Facts, bytes]]:
    found = scanner.capabilities(name)
    facts: Facts = {
        "is": "open",
        "model": found.model,
        "flatbed": found.flatbed.value,
        "feeder": found.feeder.value,
        "colour": found.colour.value,
        "resolutions": found.resolutions,
        "stepless": found.stepless,
    }
    yield facts, b""


def _scan(scanner: OpenScanner, question: Facts) -> Iterator[tuple[Facts, bytes]]:
    order = ScanOrder(
        Source(question["source"]),
        int(question["dpi"]),
        bool(question["colour"]),
        int(question["most_pages"]),
        int(question["longest_bytes"]),
    )
    for page in scanner.pages(order):
        yield {"is": "page", "width": page.width, "height": page.height, "dpi": page.dpi}, page.jpeg
    yield {"is": "end"}, b""
