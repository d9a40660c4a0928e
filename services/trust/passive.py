"""Passive authentication (ICAO 9303-11 section 5.1, 9303-12 section 4.4): was this signed, by whom, and is it whole?

Three outcomes matter to people: trusted, signature valid without a trust root, failed. Certificates are judged at the
time of signing; nothing that is missing, unknown or unreadable ever counts as success.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from services.trust.certificate import Certificate
from services.trust.chain import Chain, find_chains
from services.trust.errors import TrustError, TrustErrorReason
from services.trust.revocation import CLOCK_TOLERANCE, check_revocation
from services.trust.security_object import SecurityObject, read_security_object
from services.trust.signed_data import SignedData
from services.trust.signing_time import signing_time_of
from services.trust.store import TrustStore
from services.trust.verdicts import (
    CertificateSummary,
    GroupState,
    PassiveOutcome,
    PassiveReason,
    PassiveVerdict,
    RevocationState,
    SigningTime,
    TimeSource,
)


def authenticate(sod: bytes | None, groups: Mapping[int, bytes], store: TrustStore, now: datetime) -> PassiveVerdict:
    """Judge EF.SOD and the data groups that were read (number to whole file), at the aware time `now`.

    Never raises: bytes that cannot be understood are the outcome UNREADABLE or UNSUPPORTED.
    """
    if sod is None:
        return PassiveVerdict(PassiveOutcome.UNREADABLE, PassiveReason.NO_SOD, groups=_unsigned(groups))
    try:
        security = read_security_object(sod)
    except TrustError as error:
        return replace(_refusal(error), groups=_unsigned(groups))
    states = _compare(security, groups)
    verdict = judge_signed(security.signed, states, store, now, signing_time_of(security, groups, states))
    verdict = replace(verdict, groups=states, hash=security.hash.value)
    return _with_groups(verdict)


def judge_signed(
    signed: SignedData, states: Mapping[int, GroupState], store: TrustStore, now: datetime, time: SigningTime | None
) -> PassiveVerdict:
    """Judge one SignedData: its content, its signature, its signer. `time` None: the signer's first valid moment."""
    algorithm = str(signed.algorithm)
    try:
        signer = _find_signer(signed, store)
    except TrustError as error:
        return replace(_refusal(error), algorithm=algorithm)
    if isinstance(signer, PassiveReason):
        return _failed(signer, algorithm)
    moment = time or SigningTime(TimeSource.UNKNOWN, signer.not_before, signer.not_before)
    facts = PassiveVerdict(
        PassiveOutcome.FAILED,
        PassiveReason.MALFORMED,
        algorithm=algorithm,
        signer=summary(signer),
        time=moment,
    )
    if not signed.content_intact:
        return replace(facts, reason=PassiveReason.CONTENT_ALTERED)
    if not signer.signs_documents:
        return replace(facts, reason=PassiveReason.SIGNER_MAY_NOT_SIGN)
    if moment.start > now + CLOCK_TOLERANCE:
        return replace(facts, reason=PassiveReason.SIGNED_IN_FUTURE)
    if not signer.valid_between(moment.start, moment.end):
        return replace(facts, reason=PassiveReason.SIGNER_NOT_VALID_THEN)
    return _judge_signer(signer, facts, store, moment, now)


def summary(certificate: Certificate) -> CertificateSummary:
    """A certificate as evidence; an unknown kind of key is said to be so."""
    try:
        key = str(certificate.key)
    except TrustError as error:
        key = error.detail
    return CertificateSummary(
        certificate.subject.text,
        certificate.issuer.text,
        certificate.subject.country,
        f"{certificate.serial:x}",
        certificate.fingerprint,
        key,
        certificate.not_before,
        certificate.not_after,
    )


def _find_signer(signed: SignedData, store: TrustStore) -> Certificate | PassiveReason:
    """The certificate whose key signed: of those in the file, those pinned, and those of the store the file names.

    The reason when there is none, or none whose key fits. Raises TrustError when one of them has an algorithm that is
    not known.
    """
    candidates = [*signed.certificates, *store.pins, *(c for c in store.certificates if signed.names(c))]
    candidates.sort(key=lambda certificate: not signed.names(certificate))
    unknown = next(iter(signed.unreadable), None)
    for candidate in candidates:
        try:
            if signed.verified_by(candidate):
                return candidate
        except TrustError as error:
            unknown = unknown or error
    if unknown is not None:
        raise unknown
    known = signed.certificates or any(signed.names(candidate) for candidate in candidates)
    return PassiveReason.SIGNATURE_WRONG if known else PassiveReason.NO_SIGNER


def _judge_signer(
    signer: Certificate, facts: PassiveVerdict, store: TrustStore, time: SigningTime, now: datetime
) -> PassiveVerdict:
    def valid_then(chain: Chain) -> bool:
        return all(issuer.valid_between(time.start, time.end) for issuer in chain.issuers)

    search = find_chains(signer, store, valid_then)
    if search.chains and valid_then(search.chains[-1]):
        return _with_revocation(signer, search.chains[-1], facts, store, time, now)
    if signer.fingerprint in store.pinned:
        return _with_revocation(signer, Chain(()), facts, store, time, now)
    if search.chains:
        return replace(facts, reason=PassiveReason.ISSUER_NOT_VALID_THEN)
    if search.forged:
        return replace(facts, reason=PassiveReason.SIGNER_FORGED)
    if search.unsupported is not None:
        return replace(
            facts,
            outcome=PassiveOutcome.UNSUPPORTED,
            reason=PassiveReason.UNSUPPORTED,
            detail=search.unsupported,
        )
    return replace(facts, outcome=PassiveOutcome.NO_TRUST_ROOT, reason=PassiveReason.NO_ROOT)


def _with_revocation(
    signer: Certificate, chain: Chain, facts: PassiveVerdict, store: TrustStore, time: SigningTime, now: datetime
) -> PassiveVerdict:
    path = (signer, *chain.issuers) if chain.issuers else (signer, signer)
    result = check_revocation(path, store, time, now)
    outcome, reason = _REVOCATION_OUTCOMES[result.state]
    if reason is PassiveReason.OK and not chain.issuers:
        reason = PassiveReason.OK_PINNED
    return replace(
        facts,
        outcome=outcome,
        reason=reason,
        chain=tuple(summary(issuer) for issuer in chain.issuers),
        revocation=result.state,
        revoked_at=result.entry.at if result.entry else None,
        revoked_because=result.entry.reason if result.entry else None,
    )


_REVOCATION_OUTCOMES = {
    RevocationState.NOT_CHECKED: (PassiveOutcome.TRUSTED, PassiveReason.OK),
    RevocationState.GOOD: (PassiveOutcome.TRUSTED, PassiveReason.OK),
    RevocationState.STALE: (PassiveOutcome.TRUSTED, PassiveReason.OK),
    RevocationState.REVOKED: (PassiveOutcome.FAILED, PassiveReason.REVOKED),
    RevocationState.REVOKED_LATER: (PassiveOutcome.REVOKED_AFTER_SIGNING, PassiveReason.REVOKED_LATER),
    RevocationState.UNUSABLE: (PassiveOutcome.REVOCATION_UNKNOWN, PassiveReason.CRL_UNUSABLE),
}


def _compare(security: SecurityObject, groups: Mapping[int, bytes]) -> dict[int, GroupState]:
    states = dict.fromkeys(security.hashes, GroupState.UNCHECKED)
    for number, data in groups.items():
        same = security.matches(number, data)
        if same is None:
            states[number] = GroupState.NOT_SIGNED
        else:
            states[number] = GroupState.MATCHES if same else GroupState.DIFFERS
    return dict(sorted(states.items()))


def _unsigned(groups: Mapping[int, bytes]) -> dict[int, GroupState]:
    return dict.fromkeys(sorted(groups), GroupState.NOT_SIGNED)


def _with_groups(verdict: PassiveVerdict) -> PassiveVerdict:
    """A verdict about a signature becomes one about a document: every group that was read must be the signed one."""
    if not verdict.signature_holds:
        return verdict
    differing = [number for number, state in verdict.groups.items() if state is GroupState.DIFFERS]
    strange = [number for number, state in verdict.groups.items() if state is GroupState.NOT_SIGNED]
    if differing or strange:
        reason = PassiveReason.GROUP_DIFFERS if differing else PassiveReason.GROUP_NOT_SIGNED
        detail = ", ".join(f"DG{number}" for number in differing or strange)
        return replace(verdict, outcome=PassiveOutcome.FAILED, reason=reason, detail=detail)
    return verdict


def _failed(reason: PassiveReason, algorithm: str) -> PassiveVerdict:
    return PassiveVerdict(PassiveOutcome.FAILED, reason, algorithm=algorithm)


def _refusal(error: TrustError) -> PassiveVerdict:
    if error.reason is TrustErrorReason.UNSUPPORTED:
        return PassiveVerdict(PassiveOutcome.UNSUPPORTED, PassiveReason.UNSUPPORTED, error.detail)
    return PassiveVerdict(PassiveOutcome.UNREADABLE, PassiveReason.MALFORMED, error.detail)
