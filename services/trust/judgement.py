"""The whole judgement of one reading (DESIGN section 5): what it proves, why, and what the house may say.

A chip is genuine only when a trusted root signed its data *and* the chip proved a key that this signature covers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from drivers.emrtd.lds.dg1 import parse_dg1
from drivers.emrtd.lds.tlv import LdsError
from drivers.emrtd.reading import AccessProtocol, ActiveAuthentication, ChipReading, FileId, Transcript
from services.trust import active, chip, passive
from services.trust.store import TrustStore
from services.trust.verdicts import (
    PassiveOutcome,
    PassiveReason,
    PassiveVerdict,
    ProofOutcome,
    ProofVerdict,
)

CHECK_FAILED = "CR-06"
"""Failure code of the registry: the check of the card failed."""
GROUP_FILES = {number: FileId[f"DG{number}"] for number in range(1, 17)}


class ChipLevel(Enum):
    """What a reading proves; the words are those of EvidenceLevel in `services.identity` and on the wire."""

    GENUINE = "chip-genuine"
    READ = "chip-read"
    FAILED = "chip-failed"


@dataclass(frozen=True)
class Judgement:
    """The level, why (English, for staff, no personal data), and every verdict with its evidence."""

    level: ChipLevel
    reason: str
    passive: PassiveVerdict
    active: ProofVerdict
    chip: ProofVerdict

    @property
    def failure_code(self) -> str | None:
        """CR-06 when a check failed."""
        return CHECK_FAILED if self.level is ChipLevel.FAILED else None


def judge(reading: ChipReading, nonce: bytes | None, store: TrustStore, now: datetime) -> Judgement:
    """Judge a reading. `nonce` is what this house gave to the reader, `now` is aware. Never raises."""
    groups = groups_of(reading.files)
    verdict = passive.authenticate(reading.files.get(FileId.SOD), groups, store, now)
    verdict = same_country(verdict, groups)
    transcript = reading.transcript
    answered = active.judge(groups, verdict, transcript.active_authentication, nonce)
    proven = chip.judge(groups, reading.files.get(FileId.CARD_SECURITY), verdict, transcript, store, now)
    level, reason = _level(verdict, answered, proven)
    return Judgement(level, reason, verdict, answered, proven)


def judge_evidence(
    sod: bytes,
    groups: Mapping[int, bytes],
    nonce: bytes | None,
    response: bytes | None,
    store: TrustStore,
    now: datetime,
) -> Judgement:
    """Judge what a kiosk sent: EF.SOD, some groups by number, and the chip's answer over `nonce`. Never raises."""
    files = {GROUP_FILES[number]: data for number, data in groups.items() if number in GROUP_FILES}
    answer = ActiveAuthentication(nonce, response) if nonce is not None and response is not None else None
    transcript = Transcript(AccessProtocol.NONE, active_authentication=answer)
    return judge(ChipReading({**files, FileId.SOD: sod}, transcript), nonce, store, now)


def groups_of(files: Mapping[FileId, bytes]) -> dict[int, bytes]:
    """Data groups by number."""
    return {number: files[file] for number, file in GROUP_FILES.items() if file in files}


def _level(verdict: PassiveVerdict, answered: ProofVerdict, proven: ProofVerdict) -> tuple[ChipLevel, str]:
    if not verdict.signature_holds:
        return ChipLevel.FAILED, _passive_words(verdict)
    proofs = (proven, answered)
    passed = any(proof.outcome is ProofOutcome.PASSED for proof in proofs)
    for proof in proofs:
        if proof.outcome is ProofOutcome.FAILED or (proof.outcome is ProofOutcome.REFUSED and not passed):
            return ChipLevel.FAILED, proof.reason
    uncovered = next((proof for proof in proofs if proof.outcome is ProofOutcome.NOT_COVERED), None)
    if verdict.outcome is not PassiveOutcome.TRUSTED:
        return ChipLevel.READ, _passive_words(verdict)
    if not passed:
        return ChipLevel.READ, f"trusted, without a proof of the chip: {(uncovered or answered).reason}"
    return ChipLevel.GENUINE, "trusted root, and the chip proved its own key"


def _passive_words(verdict: PassiveVerdict) -> str:
    words = f"{verdict.outcome.value}: {verdict.reason.value}"
    return f"{words} ({verdict.detail})" if verdict.detail else words


def same_country(verdict: PassiveVerdict, groups: Mapping[int, bytes]) -> PassiveVerdict:
    """A Vietnamese document must have a Vietnamese signer: any root of a master list could sign one otherwise."""
    if not verdict.signature_holds or verdict.signer is None or 1 not in groups or not verdict.chain:
        return verdict
    try:
        state = parse_dg1(groups[1]).issuing_state
    except LdsError:
        return verdict
    country = verdict.chain[-1].country
    if state == "VNM" and country not in {None, "VN"}:
        return replace(
            verdict, outcome=PassiveOutcome.FAILED, reason=PassiveReason.OTHER_COUNTRY, detail=f"signed by {country}"
        )
    return verdict
