"""What was found out, as values: each verdict with its reason and its evidence, none with personal data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class PassiveOutcome(Enum):
    """Passive authentication (ICAO 9303-11 section 5.1). Only TRUSTED is a success."""

    TRUSTED = "trusted"
    """Every group that was read has its signed hash, and the signer leads to a root of the trust store."""
    NO_TRUST_ROOT = "no-trust-root"
    """The signature is valid, but no root of the trust store issued the signer: anybody could have made it."""
    REVOKED_AFTER_SIGNING = "revoked-after-signing"
    """As TRUSTED, but the signer was revoked since then."""
    REVOCATION_UNKNOWN = "revocation-unknown"
    """As TRUSTED, but a revocation list of the store cannot be read or is not signed by its issuer."""
    FAILED = "failed"
    """Something is wrong: see the reason."""
    UNSUPPORTED = "unsupported"
    """An algorithm, curve or extension is not known here: nothing is proven."""
    UNREADABLE = "unreadable"
    """There is no EF.SOD, or it has not the structure it must have."""


class PassiveReason(Enum):
    """Why, in one word for programs."""

    OK = "ok"
    OK_PINNED = "ok-pinned-signer"
    NO_ROOT = "no-root"
    NO_SOD = "no-sod"
    MALFORMED = "malformed"
    UNSUPPORTED = "unsupported"
    GROUP_DIFFERS = "group-differs"
    GROUP_NOT_SIGNED = "group-not-signed"
    CONTENT_ALTERED = "content-altered"
    SIGNATURE_WRONG = "signature-wrong"
    NO_SIGNER = "no-signer-certificate"
    SIGNER_MAY_NOT_SIGN = "signer-may-not-sign"
    SIGNER_FORGED = "signer-forged"
    SIGNER_NOT_VALID_THEN = "signer-not-valid-at-signing-time"
    ISSUER_NOT_VALID_THEN = "issuer-not-valid-at-signing-time"
    SIGNED_IN_FUTURE = "signed-in-future"
    REVOKED = "revoked"
    REVOKED_LATER = "revoked-after-signing"
    CRL_UNUSABLE = "revocation-list-unusable"
    OTHER_COUNTRY = "signer-of-another-country"


class GroupState(Enum):
    """One data group against EF.SOD."""

    MATCHES = "matches"
    DIFFERS = "differs"
    NOT_SIGNED = "not-signed"
    """Was read, but EF.SOD has no hash for it."""
    UNCHECKED = "unchecked"
    """Is signed, but was not read."""


class TimeSource(Enum):
    """Where the signing time comes from."""

    SIGNING_TIME = "signing-time"
    DATE_OF_ISSUE_DG12 = "date-of-issue-dg12"
    DATE_OF_ISSUE_DG13 = "date-of-issue-dg13"
    UNKNOWN = "time-unknown"
    """Checked at the beginning of the signer's validity instead."""


@dataclass(frozen=True)
class SigningTime:
    """When the document was signed: a moment (`start` == `end`), or a day. Aware."""

    source: TimeSource
    start: datetime
    end: datetime


class RevocationState(Enum):
    """What the revocation lists of the trust store say about the certificates of the chain."""

    NOT_CHECKED = "not-checked"
    """No chain, or no list of its issuers."""
    GOOD = "good"
    STALE = "good-but-list-overdue"
    REVOKED = "revoked"
    REVOKED_LATER = "revoked-after-signing"
    UNUSABLE = "list-unusable"


@dataclass(frozen=True)
class CertificateSummary:
    """A certificate as evidence; `country` is that of the subject, two letters."""

    subject: str
    issuer: str
    country: str | None
    serial: str
    fingerprint: str
    key: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True)
class PassiveVerdict:
    """The result of passive authentication. `groups` by number: those of EF.SOD and those that were read."""

    outcome: PassiveOutcome
    reason: PassiveReason
    detail: str = ""
    groups: dict[int, GroupState] = field(default_factory=dict[int, GroupState])
    hash: str | None = None
    algorithm: str | None = None
    signer: CertificateSummary | None = None
    chain: tuple[CertificateSummary, ...] = ()
    """From the signer's issuer up to the root; empty without a root and for a pinned signer."""
    time: SigningTime | None = None
    revocation: RevocationState = RevocationState.NOT_CHECKED
    revoked_at: datetime | None = None
    revoked_because: str | None = None

    def covers(self, group: int) -> bool:
        """Whether the signature holds and this group's bytes are the signed ones."""
        return self.signature_holds and self.groups.get(group) is GroupState.MATCHES

    @property
    def signature_holds(self) -> bool:
        """Whether what was read is what somebody signed, trusted or not."""
        return self.outcome in {
            PassiveOutcome.TRUSTED,
            PassiveOutcome.NO_TRUST_ROOT,
            PassiveOutcome.REVOKED_AFTER_SIGNING,
            PassiveOutcome.REVOCATION_UNKNOWN,
        }


class ProofOutcome(Enum):
    """A proof of the chip's own key. Only PASSED is a success, and it says nothing about whose chip it is."""

    PASSED = "passed"
    FAILED = "failed"
    REFUSED = "refused"
    """The chip offers the proof in its files and did not perform it: a copy cannot. Counts as failed unless another
    proof passed."""
    NOT_COVERED = "not-covered"
    """The protocol succeeded, but nothing signed binds the key to the document: a clone brings its own."""
    NOT_DONE = "not-done"
    """The chip has no such key, or nobody asked."""
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class ProofVerdict:
    """Result of active authentication, chip authentication or chip authentication mapping."""

    outcome: ProofOutcome
    reason: str
    """In English, for staff; no personal data."""
    key: str | None = None
    algorithm: str | None = None
