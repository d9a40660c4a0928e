"""Whether the certificates of a chain were revoked, by the revocation lists of the trust store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.trust.certificate import Certificate
from services.trust.chain import find_chains
from services.trust.crl import Crl, Revocation
from services.trust.errors import TrustError
from services.trust.store import TrustStore
from services.trust.verdicts import RevocationState, SigningTime, TimeSource

CLOCK_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True)
class RevocationResult:
    """The worst of what the lists say, with the entry that says it."""

    state: RevocationState
    entry: Revocation | None = None


_WORST_FIRST = (
    RevocationState.REVOKED,
    RevocationState.UNUSABLE,
    RevocationState.REVOKED_LATER,
    RevocationState.NOT_CHECKED,
    RevocationState.STALE,
    RevocationState.GOOD,
)


def check_revocation(
    path: tuple[Certificate, ...], store: TrustStore, time: SigningTime, now: datetime
) -> RevocationResult:
    """Judge a path from the signer to its root; the root itself cannot be revoked by its own list."""
    results = [_check(certificate, path[at + 1 :], store, time, now) for at, certificate in enumerate(path[:-1])]
    if store.crl_unreadable:
        results.append(RevocationResult(RevocationState.UNUSABLE))
    return min(results, key=lambda result: _WORST_FIRST.index(result.state))


def _check(
    certificate: Certificate, issuers: tuple[Certificate, ...], store: TrustStore, time: SigningTime, now: datetime
) -> RevocationResult:
    lists = [crl for crl in store.crls if _concerns(crl, certificate, issuers)]
    usable = [crl for crl in lists if _authentic(crl, issuers, store) and crl.this_update <= now + CLOCK_TOLERANCE]
    entries = [crl.revoked[certificate.serial] for crl in usable if certificate.serial in crl.revoked]
    if entries:
        first = min(entries, key=lambda entry: entry.at)
        later = first.at > time.end and time.source is not TimeSource.UNKNOWN
        return RevocationResult(RevocationState.REVOKED_LATER if later else RevocationState.REVOKED, first)
    if not lists:
        return RevocationResult(RevocationState.NOT_CHECKED)
    if not usable:
        return RevocationResult(RevocationState.UNUSABLE)
    stale = all(crl.stale(now) for crl in usable)
    return RevocationResult(RevocationState.STALE if stale else RevocationState.GOOD)


def _concerns(crl: Crl, certificate: Certificate, issuers: tuple[Certificate, ...]) -> bool:
    """Whether a list speaks about this certificate's issuer: by name, by key, or as its successor in the chain."""
    if crl.issuer == certificate.issuer:
        return True
    if crl.authority_key_id is None:
        return False
    keys = {certificate.authority_key_id, *(issuer.subject_key_id for issuer in issuers[:1])}
    return crl.authority_key_id in keys - {None}


def _authentic(crl: Crl, issuers: tuple[Certificate, ...], store: TrustStore) -> bool:
    """Whether a certificate of the chain, or of the store under the list's name, signed the list.

    After a change of keys the authority signs one list for all its certificates with the newest key.
    """
    if any(_signed(crl, issuer) for issuer in issuers):
        return True
    by_name = (c for c in store.certificates if c.subject == crl.issuer and _signed(crl, c))
    return any(c.self_signed or find_chains(c, store).chains for c in by_name)


def _signed(crl: Crl, issuer: Certificate) -> bool:
    if issuer.usages is not None and "crl_sign" not in issuer.usages:
        return False
    try:
        return crl.signed_by(issuer.key)
    except TrustError:
        return False
