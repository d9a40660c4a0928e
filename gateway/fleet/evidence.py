"""Chip evidence checked again: what a kiosk claims about a card counts only as far as the bytes show it."""

from __future__ import annotations

import base64
import binascii
import logging
import re
import time
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Lock

from drivers.emrtd.lds.dates import PartialDate
from drivers.emrtd.lds.dg1 import parse_dg1
from drivers.emrtd.lds.dg13 import parse_dg13
from drivers.emrtd.lds.mrz import Mrz
from drivers.emrtd.lds.tlv import LdsError
from services.contract.models import ChipEvidence, EvidenceLevel, Person
from services.trust.errors import TrustError
from services.trust.judgement import Judgement, judge_evidence
from services.trust.store import TrustStore, load_store

log = logging.getLogger(__name__)

_CHIP = {EvidenceLevel.CHIP_GENUINE, EvidenceLevel.CHIP_READ}
_LOOK_AGAIN_SECONDS = 10.0


@dataclass(frozen=True)
class EvidenceVerdict:
    """How sure the gateway is itself, and why (for staff; no personal data)."""

    level: EvidenceLevel
    reason: str = ""


class EvidenceChecker:
    """Checks chip evidence against a folder of trusted certificates; the folder is read again when it changes."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = Lock()
        self._looked_at = float("-inf")
        self._stamp: object = None
        self._store = TrustStore()

    def check(self, person: Person, nonce: bytes | None, now: datetime) -> EvidenceVerdict:
        """The gateway's own verdict. `nonce`: the issued one that the evidence names; without it a nonce that the
        kiosk drew is taken, whose proof says nothing about today."""
        if person.level not in _CHIP:
            return EvidenceVerdict(person.level, person.reason)
        if person.evidence is None:
            return _failed("no evidence came with the claim")
        try:
            sod, groups, own_nonce, response = _read(person.evidence)
        except (ValueError, binascii.Error):
            return _failed("the evidence cannot be read")
        judgement = judge_evidence(sod, groups, nonce or own_nonce, response, self._trusted(), now)
        level = EvidenceLevel(judgement.level.value)
        if level not in _CHIP:
            return _failed(judgement.reason)
        if (difference := _difference(person, groups, judgement, now.date())) is not None:
            return _failed(difference)
        if level is EvidenceLevel.CHIP_GENUINE and person.level is EvidenceLevel.CHIP_READ:
            return EvidenceVerdict(person.level, person.reason)
        return EvidenceVerdict(level, judgement.reason)

    def _trusted(self) -> TrustStore:
        with self._lock:
            if self._folder is None or time.monotonic() - self._looked_at < _LOOK_AGAIN_SECONDS:
                return self._store
            self._looked_at = time.monotonic()
            stamp = _stamp_of(self._folder)
            if stamp != self._stamp:
                self._stamp = stamp
                try:
                    self._store = load_store(self._folder)
                except TrustError as error:
                    log.error("trust store: %s", error.detail)
                    self._store = TrustStore()
                for problem in self._store.problems:
                    log.error("trust store: %s: %s", problem.file, problem.detail)
            return self._store


def _failed(reason: str) -> EvidenceVerdict:
    return EvidenceVerdict(EvidenceLevel.CHIP_FAILED, reason)


def _read(evidence: ChipEvidence) -> tuple[bytes, dict[int, bytes], bytes | None, bytes | None]:
    groups = {int(number): base64.b64decode(text, validate=True) for number, text in evidence.groups.items()}
    nonce = None if evidence.aa_nonce is None else bytes.fromhex(evidence.aa_nonce)
    response = None if evidence.aa_response is None else base64.b64decode(evidence.aa_response, validate=True)
    return base64.b64decode(evidence.sod, validate=True), groups, nonce, response


def _difference(person: Person, groups: dict[int, bytes], judgement: Judgement, today: date) -> str | None:
    """Which claim is not what was signed; None when all are."""
    if not judgement.passive.covers(1):
        return "DG1 is not signed"
    try:
        zone = parse_dg1(groups[1])
        record = parse_dg13(groups[13]) if judgement.passive.covers(13) else None
    except (LdsError, KeyError):
        return "DG1 or DG13 cannot be read"
    if person.number is not None and person.number != zone.vietnamese_number:
        return "the number is not the signed one"
    if person.document is not None and person.document != zone.document_number.rstrip("<"):
        return "the document's number is not the signed one"
    signed_names = {_fold(f"{zone.surname} {zone.given_names}")}
    births = {_written(zone.birth.of_birth(today))}
    if record is not None:
        signed_names.add(_fold(record.name or ""))
        births.add(_written(record.birth))
    if person.name is not None and _fold(person.name) not in signed_names and not _cut(person.name, zone):
        return "the name is not the signed one"
    if person.birth is not None and person.birth not in births:
        return "the date of birth is not the signed one"
    if person.sex is not None and person.sex != zone.sex:
        return "the sex is not the signed one"
    return None


def _written(day: PartialDate | None) -> str:
    """yyyy, yyyy-mm or yyyy-mm-dd."""
    if day is None:
        return ""
    parts = (
        f"{day.year:04}",
        "" if day.month is None else f"{day.month:02}",
        "" if day.day is None else f"{day.day:02}",
    )
    return "-".join(part for part in parts if part)


def _fold(name: str) -> str:
    """Capitals A to Z only, as in a machine readable zone: "Nguyễn Thị Đào" gives "NGUYENTHIDAO"."""
    decomposed = unicodedata.normalize("NFD", name.upper().replace("Đ", "D"))
    return re.sub("[^A-Z]", "", decomposed)


def _cut(name: str, zone: Mrz) -> bool:
    """Whether the zone holds the beginning of a name that is too long for it (ICAO 9303-3 section 4.2.3)."""
    field = zone.lines[2] if len(zone.lines) == 3 else zone.lines[0][5:]
    signed = _fold(f"{zone.surname} {zone.given_names}")
    return bool(signed) and not field.endswith("<") and _fold(name).startswith(signed)


def _stamp_of(folder: Path) -> object:
    """Names, sizes and times of the folder's files: equal stamps, equal contents."""
    try:
        found = [(path, path.stat()) for path in folder.rglob("*")]
    except OSError:
        return None
    return sorted((path.as_posix(), stat.st_size, stat.st_mtime_ns) for path, stat in found)
