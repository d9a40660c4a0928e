"""Frames between the kiosk and its card worker: four bytes of length and a JSON object; bytes travel as base64."""

from __future__ import annotations

import json
import struct
from base64 import b64decode, b64encode
from typing import Any

from drivers.emrtd.reading import (
    AccessKeys,
    AccessProtocol,
    ActiveAuthentication,
    ChipAuthentication,
    ChipReading,
    Figures,
    FileId,
    Proof,
    ReadProgress,
    ReadStep,
    Transcript,
)
from drivers.smartcard.connection import CardError, CardErrorReason
from drivers.smartcard.proof import CardProof
from drivers.smartcard.trace import ApduLine, CardTrace
from drivers.smartcard.watcher_state import CardSeen, ReaderState

Frame = dict[str, Any]

HEADER = struct.Struct(">I")
MAX_FRAME = 64 << 20


def encode(frame: Frame) -> bytes:
    """One frame as it goes through the pipe."""
    body = json.dumps(frame, separators=(",", ":")).encode()
    return HEADER.pack(len(body)) + body


def decode(body: bytes) -> Frame:
    """The object of a frame's body."""
    return json.loads(body)


def keys_out(keys: AccessKeys) -> Frame:
    """AccessKeys as JSON."""
    return {"can": keys.can, "mrz": list(keys.mrz_information)}


def keys_in(value: Frame) -> AccessKeys:
    """AccessKeys from JSON."""
    return AccessKeys(value["can"], tuple(value["mrz"]))


def state_out(state: ReaderState) -> Frame:
    """ReaderState as a frame."""
    card = state.card
    seen = None if card is None else {"reader": card.reader, "counter": card.counter, "atr": card.atr.hex()}
    return {"type": "state", "service": state.service, "readers": list(state.readers), "card": seen}


def state_in(frame: Frame) -> ReaderState:
    """ReaderState from its frame."""
    seen = frame["card"]
    card = None if seen is None else CardSeen(seen["reader"], seen["counter"], bytes.fromhex(seen["atr"]))
    return ReaderState(frame["service"], tuple(frame["readers"]), card)


def proof_out(proof: CardProof | None) -> list[str] | None:
    """CardProof as JSON."""
    return None if proof is None else [_text(proof.key), _text(proof.signature)]


def proof_in(value: list[str] | None) -> CardProof | None:
    """CardProof from JSON."""
    return None if value is None else CardProof(*map(b64decode, value))


def trace_out(trace: CardTrace) -> Frame:
    """CardTrace as the fields of an answer."""
    lines = [[*vars(line).values()] for line in trace.lines]
    return {"lines": lines, "error": trace.error and error_out(trace.error)}


def trace_in(value: Frame) -> CardTrace:
    """CardTrace from such fields."""
    return CardTrace(tuple(ApduLine(*line) for line in value["lines"]), value["error"] and error_in(value["error"]))


def error_out(error: CardError) -> Frame:
    """CardError as the fields of an answer."""
    return {"reason": error.reason.value, "detail": error.detail, "status_word": error.status_word}


def error_in(frame: Frame) -> CardError:
    """CardError from such fields."""
    return CardError(CardErrorReason(frame["reason"]), frame["detail"], status_word=frame["status_word"])


def reading_out(reading: ChipReading) -> Frame:
    """ChipReading as JSON."""
    transcript, figures = reading.transcript, reading.figures
    active, chip = transcript.active_authentication, transcript.chip_authentication
    return {
        "files": {file.value: _text(data) for file, data in reading.files.items()},
        "refused": {file.value: status for file, status in reading.refused.items()},
        "access": transcript.access.value,
        "access_detail": transcript.access_detail,
        "active": active and {"nonce": _text(active.nonce), "response": _text(active.response)},
        "chip": chip
        and {"oid": chip.oid, "key_id": chip.key_id, "key": _text(chip.public_key), "mapping": chip.mapping},
        "failed": {proof.value: reason for proof, reason in transcript.failed.items()},
        "terminal": transcript.terminal_authentication,
        "figures": [
            figures.apdus,
            figures.bytes_sent,
            figures.bytes_received,
            figures.milliseconds_to_dg1,
            figures.milliseconds,
        ],
    }


def reading_in(value: Frame) -> ChipReading:
    """ChipReading from JSON."""
    active, chip = value["active"], value["chip"]
    transcript = Transcript(
        AccessProtocol(value["access"]),
        value["access_detail"],
        active and ActiveAuthentication(b64decode(active["nonce"]), b64decode(active["response"])),
        chip and ChipAuthentication(chip["oid"], chip["key_id"], b64decode(chip["key"]), chip["mapping"]),
        {Proof(name): reason for name, reason in value["failed"].items()},
        value["terminal"],
    )
    return ChipReading(
        {FileId(name): b64decode(text) for name, text in value["files"].items()},
        transcript,
        Figures(*value["figures"]),
        {FileId(name): status for name, status in value["refused"].items()},
    )


def progress_out(news: ReadProgress) -> Frame:
    """ReadProgress as the fields of a frame."""
    reading = news.reading and reading_out(news.reading)
    return {"step": news.step.value, "percent": news.percent, "reading": reading}


def progress_in(frame: Frame) -> ReadProgress:
    """ReadProgress from such fields."""
    return ReadProgress(ReadStep(frame["step"]), frame["percent"], frame["reading"] and reading_in(frame["reading"]))


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")
