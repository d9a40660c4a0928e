"""A reading of a chip becomes a Citizen with its evidence: what is shown of a person is what was signed for them.

Nothing of a chip is used before passive authentication: name from DG13, else from the QR code, where they fold to
DG1, else from DG1; the photo only when its own hash held (DESIGN section 5).
"""

from __future__ import annotations

import logging
from datetime import date, datetime
from pathlib import Path

from drivers.emrtd.lds.dates import PartialDate
from drivers.emrtd.lds.dg1 import parse_dg1
from drivers.emrtd.lds.dg3 import FingerImage, parse_dg3
from drivers.emrtd.lds.dg13 import Dg13, parse_dg13
from drivers.emrtd.lds.mrz import Mrz, MrzFormat
from drivers.emrtd.lds.tlv import LdsError
from drivers.emrtd.reading import ChipReading, FileId
from services.codes.cccd import CccdQr, looks_like_cccd, read_cccd
from services.codes.errors import CodeError
from services.identity import photo
from services.identity.citizen import BirthDate, ChipEvidence, Citizen, Evidence, EvidenceLevel, Paper, Sex
from services.identity.expiry import FOR_LIFE
from services.identity.names import folds_to, zone_name
from services.journeys.ports import Clock, Nonce, Offload
from services.trust.errors import TrustError
from services.trust.judgement import CHECK_FAILED, ChipLevel, Judgement, groups_of, judge
from services.trust.store import TrustStore, load_store

log = logging.getLogger(__name__)

EVIDENCE_GROUPS = (1, 13, 14, 15)
"""What goes to the gateway: never DG2 or DG3."""
DEVICE = "trust"


class OtherPersonsCard(Exception):
    """The card that was read is not the one whose QR code was scanned. Nothing of the chip is kept."""


def recognise(
    reading: ChipReading, scanned: str | None, nonce: Nonce | None, store: TrustStore, now: datetime
) -> Citizen:
    """Judge a reading and take from it what may be shown.

    `scanned` is the text of the card's QR code, None when keys came from elsewhere; `now` is aware, at the edge's time
    zone. A failed check is an evidence level, with no field of the person. Raises OtherPersonsCard.
    """
    judgement = judge(reading, None if nonce is None else nonce.value, store, now)
    evidence = _evidence(judgement, reading, nonce)
    if judgement.level is ChipLevel.FAILED:
        _refuse_other_card(reading, scanned)
        return Citizen(evidence)
    try:
        mrz = parse_dg1(reading.files[FileId.DG1])
    except (LdsError, KeyError):
        return _failed(evidence, "DG1 is missing or cannot be read")
    code = _read_code(scanned)
    if code is not None and mrz.vietnamese_number not in {None, code.number}:
        raise OtherPersonsCard
    if not judgement.passive.covers(1):
        return _failed(evidence, "DG1 is not signed")
    return _citizen(reading, judgement, evidence, mrz, code, now)


class Recogniser:
    """The Trust port: verdicts off the Kivy thread, with the trust store of the site, read again when it changes."""

    def __init__(self, folder: Path, offload: Offload, clock: Clock) -> None:
        self._folder = folder
        self._offload = offload
        self._clock = clock
        self._stamp: object = None
        self._store = TrustStore()

    async def prepare(self) -> None:
        """Read the store before anybody comes: some hundred certificates take some tenths of a second, and so does
        loading what opens a photo.
        """
        try:
            await self._offload(DEVICE, self.store)
            await self._offload(DEVICE, photo.prepare)
        except Exception as error:  # the first person's card will tell; a kiosk must start all the same
            log.error("trust store: %s", type(error).__name__)

    async def recognise(self, reading: ChipReading, scanned: str | None, nonce: Nonce | None) -> Citizen:
        """See `recognise`. Raises OtherPersonsCard."""
        now = self._clock.now()
        return await self._offload(DEVICE, lambda: recognise(reading, scanned, nonce, self.store(), now))

    def store(self) -> TrustStore:
        """The trust store; an unreadable folder trusts nobody."""
        stamp = _stamp(self._folder)
        if stamp != self._stamp:
            try:
                self._store = load_store(self._folder)
            except TrustError as error:
                log.error("trust store: %s", error.detail)
                self._store = TrustStore()
            for problem in self._store.problems:
                log.error("trust store: %s: %s", problem.file, problem.detail)
            self._stamp = stamp
        return self._store


def _stamp(folder: Path) -> object:
    """Names, sizes and times of the store's files: equal stamps, equal contents."""
    try:
        found = [(path, path.stat()) for path in folder.rglob("*")]
    except OSError:
        return None
    return sorted((path.as_posix(), stat.st_size, stat.st_mtime_ns) for path, stat in found)


def _citizen(
    reading: ChipReading, judgement: Judgement, evidence: Evidence, mrz: Mrz, code: CccdQr | None, now: datetime
) -> Citizen:
    groups = groups_of(reading.files)
    record = _record(groups, judgement, mrz)
    today = now.date()
    ends = _expiry(mrz)
    if ends is not None and ends < today:
        return _failed(evidence, "the card has expired")
    return Citizen(
        evidence,
        number=mrz.vietnamese_number,
        name=_name(record, code, mrz),
        birth=_birth(record.birth if record else None) or _birth(_zone_birth(mrz, today)),
        sex=Sex(mrz.sex),
        address=(record.address if record else None) or (code.address if code else None),
        expiry=ends,
        photo=photo.portrait(groups[2]) if judgement.passive.covers(2) else None,
        fingers=_fingers(groups[3]) if judgement.passive.covers(3) else (),
        paper=Paper.PASSPORT if mrz.format is MrzFormat.TD3 else Paper.CHIP_CARD,
        document=mrz.document_number.rstrip("<") if mrz.format is MrzFormat.TD3 else None,
    )


def _fingers(data: bytes) -> tuple[FingerImage, ...]:
    """Pictures as they stand in DG3, not decoded; none from a group that cannot be read."""
    try:
        return parse_dg3(data)
    except LdsError:
        return ()


def _record(groups: dict[int, bytes], judgement: Judgement, mrz: Mrz) -> Dg13 | None:
    """DG13 when it is signed and speaks of the person of DG1."""
    if not judgement.passive.covers(13):
        return None
    record = parse_dg13(groups[13])
    return record if record.number in {None, mrz.vietnamese_number} else None


def _name(record: Dg13 | None, code: CccdQr | None, mrz: Mrz) -> str | None:
    """With diacritics when a name folds to the zone's: the numbering of DG13 is in no standard, the zone's place is."""
    spelt = (record.name if record is not None else None, code.name if code is not None else None)
    return next((name for name in spelt if name and folds_to(name, mrz)), zone_name(mrz) or None)


def _expiry(mrz: Mrz) -> date | None:
    """None for life, and for a zone without a whole date."""
    try:
        found = mrz.expiry.in_century(2000)
    except LdsError:  # a day no calendar has
        return None
    return None if mrz.expiry.text == FOR_LIFE or found is None else found.as_date()


def _zone_birth(mrz: Mrz, today: date) -> PartialDate | None:
    try:
        return mrz.birth.of_birth(today)
    except LdsError:
        return None


def _birth(found: PartialDate | None) -> BirthDate | None:
    return None if found is None else BirthDate(found.year, found.month, found.day)


def _evidence(judgement: Judgement, reading: ChipReading, nonce: Nonce | None) -> Evidence:
    answer = reading.transcript.active_authentication
    groups = groups_of(reading.files)
    sod = reading.files.get(FileId.SOD)
    chip = None
    if sod is not None:
        chip = ChipEvidence(
            sod=sod,
            groups={number: groups[number] for number in EVIDENCE_GROUPS if number in groups},
            aa_nonce_id=nonce.id if nonce is not None and answer is not None else None,
            aa_nonce=answer.nonce if answer is not None else None,
            aa_response=answer.response if answer is not None else None,
        )
    return Evidence(EvidenceLevel(judgement.level.value), judgement.reason, judgement.failure_code, chip)


def _failed(evidence: Evidence, reason: str) -> Citizen:
    return Citizen(Evidence(EvidenceLevel.CHIP_FAILED, reason, CHECK_FAILED, evidence.chip))


def _read_code(scanned: str | None) -> CccdQr | None:
    if scanned is None or not looks_like_cccd(scanned):
        return None
    try:
        return read_cccd(scanned)
    except CodeError:
        return None


def _refuse_other_card(reading: ChipReading, scanned: str | None) -> None:
    """Also a card whose check failed is told from the one that was scanned, when its DG1 can be read."""
    code = _read_code(scanned)
    try:
        number = parse_dg1(reading.files[FileId.DG1]).vietnamese_number
    except (LdsError, KeyError):
        return
    if code is not None and number not in {None, code.number}:
        raise OtherPersonsCard
