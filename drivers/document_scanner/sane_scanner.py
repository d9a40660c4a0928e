"""A scanner that SANE knows, as a document scanner; its library lives in a worker that is killed when it hangs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from drivers.child import Child, ChildEnded, Facts
from drivers.device import Answer
from drivers.document_scanner.errors import ScanError, ScanErrorReason
from drivers.document_scanner.page import ScannedPage
from drivers.document_scanner.scanner import ScanCapabilities, ScanOrder

OPEN_SECONDS = 15.0


class SaneScanner:
    """Implements DocumentScanner. `page_seconds` is the longest silence while a page is scanned."""

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str] | None = None,
        *,
        page_seconds: float = 60.0,
        open_seconds: float = OPEN_SECONDS,
    ) -> None:
        self._child = Child(command, env)
        self._page_seconds, self._open_seconds = page_seconds, open_seconds
        self._capabilities = ScanCapabilities()

    @property
    def capabilities(self) -> ScanCapabilities:
        """Known once it was opened."""
        return self._capabilities

    def open(self) -> None:
        """Open it, ask what it can, let go again: other programs and its own buttons stay free. Raises ScanError."""
        facts, _ = self._ask({"do": "open"}, self._open_seconds)
        self._capabilities = ScanCapabilities(
            str(facts["model"]),
            Answer(facts["flatbed"]),
            Answer(facts["feeder"]),
            Answer(facts["colour"]),
            tuple(int(one) for one in facts["resolutions"]),
            bool(facts["stepless"]),
        )

    def scan(self, order: ScanOrder, page: Callable[[ScannedPage], None]) -> int:
        """See DocumentScanner. Pages that came before an error were told."""
        question: Facts = {
            "do": "scan",
            "source": order.source.value,
            "dpi": order.dpi,
            "colour": order.colour,
            "most_pages": order.most_pages,
            "longest_bytes": order.longest_bytes,
        }
        facts, raw = self._ask(question, self._page_seconds)
        count = 0
        while facts.get("is") == "page":
            count += 1
            page(ScannedPage(raw, int(facts["width"]), int(facts["height"]), int(facts["dpi"])))
            facts, raw = self._heard(lambda: self._child.receive(self._page_seconds))
        return count

    def stop(self) -> None:
        """End the worker; the next question starts another. Blocks nobody."""
        self._child.interrupt()

    def close(self) -> None:
        """End the worker and let go of its pipes."""
        self._child.close()

    def _ask(self, question: Facts, seconds: float) -> tuple[Facts, bytes]:
        return self._heard(lambda: self._child.ask(question, seconds=seconds))

    def _heard(self, hear: Callable[[], tuple[Facts, bytes]]) -> tuple[Facts, bytes]:
        try:
            facts, raw = hear()
        except ChildEnded as ended:
            reason = ScanErrorReason.SILENT if ended.late else ScanErrorReason.WORKER
            self._child.close()  # waited for, so that the next question does not meet the dying one
            raise ScanError(reason, str(ended)) from None
        if facts.get("is") == "error":
            raise ScanError(ScanErrorReason(facts["reason"]), str(facts["detail"]), status=facts["status"])
        return facts, raw
