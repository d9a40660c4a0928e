"""Chip authentication and chip authentication mapping: did the chip prove the key that is signed for it?

The protocol itself (ICAO 9303-11 sections 6.2 and 4.4.3.3.3) runs in the driver; what counts here is that its key is
one that passive authentication covers: DG14 for chip authentication, EF.CardSecurity with its own signature for CAM.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from drivers.emrtd.reading import ChipAuthentication, Proof, Transcript
from services.trust.errors import TrustError
from services.trust.passive import judge_signed
from services.trust.security_infos import CARD_SECURITY, ChipKey, read_dg14, read_security_infos
from services.trust.signed_data import read_signed_data
from services.trust.store import TrustStore
from services.trust.verdicts import PassiveOutcome, PassiveVerdict, ProofOutcome, ProofVerdict


def judge(
    groups: Mapping[int, bytes],
    card_security: bytes | None,
    passive: PassiveVerdict,
    transcript: Transcript,
    store: TrustStore,
    now: datetime,
) -> ProofVerdict:
    """Judge what the driver says was proven, or was not. Never raises."""
    proof = transcript.chip_authentication
    if proof is None:
        for kind in (Proof.CHIP_AUTHENTICATION, Proof.CHIP_AUTHENTICATION_MAPPING):
            if kind in transcript.failed:
                return ProofVerdict(ProofOutcome.REFUSED, f"{kind.value}: {transcript.failed[kind]}")
        return ProofVerdict(ProofOutcome.NOT_DONE, "no chip authentication took place")
    try:
        if proof.mapping:
            return _judge_mapping(card_security, passive, proof, store, now)
        return _judge_dg14(groups, passive, proof)
    except TrustError as error:
        return ProofVerdict(ProofOutcome.NOT_COVERED, error.detail, algorithm=proof.oid)


def _judge_dg14(groups: Mapping[int, bytes], passive: PassiveVerdict, proof: ChipAuthentication) -> ProofVerdict:
    if 14 not in groups or not passive.covers(14):
        return ProofVerdict(ProofOutcome.NOT_COVERED, "passive authentication does not cover DG14", algorithm=proof.oid)
    return _judge_key(read_dg14(groups[14]).chip_keys, proof, "DG14")


def _judge_mapping(
    card_security: bytes | None, passive: PassiveVerdict, proof: ChipAuthentication, store: TrustStore, now: datetime
) -> ProofVerdict:
    if card_security is None:
        return ProofVerdict(ProofOutcome.NOT_COVERED, "EF.CardSecurity was not read", algorithm=proof.oid)
    signed = read_signed_data(card_security, CARD_SECURITY)
    verdict = judge_signed(signed, {}, store, now, passive.time if signed.signing_time is None else None)
    if not verdict.signature_holds:
        reason = f"EF.CardSecurity: {verdict.reason.value}"
        return ProofVerdict(ProofOutcome.FAILED, reason, algorithm=proof.oid)
    as_good = verdict.outcome is passive.outcome or verdict.outcome is PassiveOutcome.TRUSTED
    if not passive.signature_holds or not as_good:
        reason = f"the signature of EF.CardSecurity is worth less than that of EF.SOD: {verdict.reason.value}"
        return ProofVerdict(ProofOutcome.NOT_COVERED, reason, algorithm=proof.oid)
    return _judge_key(read_security_infos(signed.content).chip_keys, proof, "EF.CardSecurity")


def _judge_key(keys: tuple[ChipKey, ...], proof: ChipAuthentication, where: str) -> ProofVerdict:
    fitting = [key for key in keys if key.is_key(proof.public_key)]
    if proof.key_id is not None:
        fitting = [key for key in fitting if key.key_id in {None, proof.key_id}]
    if not fitting:
        return ProofVerdict(ProofOutcome.NOT_COVERED, f"the proven key is none of {where}", algorithm=proof.oid)
    return ProofVerdict(ProofOutcome.PASSED, f"the chip proved the key of {where}", algorithm=proof.oid)
