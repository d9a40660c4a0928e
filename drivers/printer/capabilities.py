"""What a printer can do: what the installer says (profile) and what it was seen to do (capabilities)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from drivers.device import Answer
from drivers.printer.text import CodePage


class CutMode(Enum):
    """GS V, functions B: feed to the cutter and cut."""

    PARTIAL = 66
    """One point is left, so that the slip does not fall."""
    FULL = 65
    NONE = 0
    """No cutter: paper is fed past the tear bar."""


class PrintMode(Enum):
    """What a slip is sent as."""

    RASTER = "raster"
    """One picture with our own fonts: every Vietnamese letter on every model."""
    TEXT = "text"
    """Lines in the printer's letters: for slow lines and models without raster."""


@dataclass(frozen=True)
class PrinterProfile:
    """Facts of a model that no ESC/POS command tells. Defaults: 80 mm paper, 203 dpi, partial cut."""

    width: int = 576
    """Printable dots in a line."""
    mode: PrintMode = PrintMode.RASTER
    code_page: CodePage = CodePage.FOLDED
    """Of text mode."""
    band_rows: int = 64
    """Rows of one GS v 0."""
    window_bytes: int = 12288
    """Picture data the printer may hold unprinted. Little: a full receive buffer hears no status question, and what
    is held when the paper ends must not be printed later. 85 ms of paper at 250 mm/s, so that it never starves."""
    cut: CutMode = CutMode.PARTIAL
    feed_before_cut: int = 24
    """Dots fed between the last row and the cut, beyond the head-to-cutter distance the printer knows."""
    tear_feed: int = 160
    """Dots fed instead, when there is no cutter."""
    answer_seconds: float = 1.0
    """How long one status answer may take."""
    stall_seconds: float = 5.0
    """How long the printer may refuse data before it counts as silent."""
    finish_seconds: float = 20.0
    """How long the whole slip may take on paper after the last byte was sent."""


@dataclass(frozen=True)
class PrinterCapabilities:
    """What was learnt by asking. UNKNOWN until it was asked."""

    width: int
    cut: CutMode
    mode: PrintMode = PrintMode.RASTER
    offline_causes: Answer = Answer.UNKNOWN
    """DLE EOT 2: cover, feed button, paper, error."""
    error_causes: Answer = Answer.UNKNOWN
    """DLE EOT 3: cutter, unrecoverable, over-heated."""
    paper_sensors: Answer = Answer.UNKNOWN
    """DLE EOT 4: near end and end."""
    confirms: Answer = Answer.UNKNOWN
    """GS r 1: an answer that comes only after everything sent before it was printed."""
