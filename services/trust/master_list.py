"""CSCA master lists (ICAO 9303-12 section 8): country signing certificates, gathered and signed by a state or ICAO."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from asn1crypto import core

from services.trust.certificate import MASTER_LIST_SIGNER, Certificate, read_certificate
from services.trust.chain import Chain, find_chains
from services.trust.errors import TrustError, TrustErrorReason, parsing
from services.trust.signed_data import SignedData, read_signed_data
from services.trust.store import TrustStore

CSCA_MASTER_LIST = "2.23.136.1.1.2"
MAX_SIZE = 32 * 1024 * 1024
MAX_TRAVELLING = 64
"""Certificates beside the list: the signer's, its authority's and links between its keys."""


class _Certificates(core.SetOf):
    _child_spec = core.Any


class _MasterList(core.Sequence):
    _fields = [("version", core.Integer), ("certificates", _Certificates)]  # noqa: RUF012  the parser's own form


@dataclass(frozen=True)
class MasterList:
    """A list as it was read; nothing is verified yet."""

    signed: SignedData = field(repr=False)
    certificates: tuple[Certificate, ...] = field(repr=False)
    unreadable: tuple[str, ...] = ()
    """Why certificates of the list could not be read; the list stays usable without them."""


class ListState(Enum):
    """What a list's own signature is worth."""

    TRUSTED = "trusted"
    """Its signer leads to a root that the trust store held before."""
    FIRST_USE = "first-use"
    """Signed as it should be by a state the store does not know yet: compare the root's fingerprint by another way."""
    REFUSED = "refused"


@dataclass(frozen=True)
class ListVerdict:
    """State, why, and the signer with its root."""

    state: ListState
    reason: str
    signer: Certificate | None = None
    root: Certificate | None = None


def read_master_list(data: bytes) -> MasterList:
    """Read a DER list. Raises TrustError."""
    signed = read_signed_data(data, CSCA_MASTER_LIST, MAX_TRAVELLING, MAX_SIZE)
    found: dict[str, Certificate] = {}
    unreadable: list[str] = []
    with parsing("master list"):
        content: Any = _MasterList.load(signed.content, strict=True)
        listed = [bytes(item.dump()) for item in content["certificates"]]
    for item in listed:
        try:
            certificate = read_certificate(item)
            found[certificate.fingerprint] = certificate
        except TrustError as error:
            unreadable.append(error.detail)
    return MasterList(signed, tuple(found.values()), tuple(unreadable))


def judge_master_list(listed: MasterList, store: TrustStore, now: datetime) -> ListVerdict:
    """Check the list's signature, its signer's purpose and validity, and the way to a root.

    A state of which the store already holds a root must lead to that root; another state's list is taken on first use
    when it leads to the authority it carries along.
    """
    signed = listed.signed
    if not signed.content_intact:
        return _refused("the list was altered after it was signed")
    signer = _signer(signed)
    if isinstance(signer, str):
        return _refused(signer)
    if MASTER_LIST_SIGNER not in signer.extended_usages:
        return _refused("its signer may not sign master lists", signer)
    moment = signed.signing_time or now
    if not signer.valid_between(moment, moment):
        return _refused("its signer was not valid when it signed", signer)
    if chains := find_chains(signer, store).chains:
        return ListVerdict(ListState.TRUSTED, "its signer leads to a root of the trust store", signer, _root(chains))
    country = signer.subject.country or signer.issuer.country
    if any(c.subject.country == country and c.self_signed for c in store.certificates):
        return _refused(f"its signer does not lead to the root of {country} in the trust store", signer)
    travelling = TrustStore((*listed.certificates, *signed.certificates))
    if chains := find_chains(signer, travelling).chains:
        reason = "its signer leads to a root that came with the list: compare the fingerprint by another way"
        return ListVerdict(ListState.FIRST_USE, reason, signer, _root(chains))
    return _refused("no root for its signer", signer)


def is_master_list(data: bytes) -> bool:
    """Whether bytes open as signed data of this type: cheap, without reading them."""
    oid = core.ObjectIdentifier(CSCA_MASTER_LIST).dump()
    return data[:1] == b"\x30" and oid in data[:128]


def _signer(signed: SignedData) -> Certificate | str:
    reason = "the signer's certificate is missing"
    for certificate in sorted(signed.certificates, key=lambda c: not signed.names(c)):
        try:
            if signed.verified_by(certificate):
                return certificate
            reason = "its signature does not hold"
        except TrustError as error:
            if error.reason is TrustErrorReason.UNSUPPORTED:
                reason = error.detail
    return reason


def _root(chains: tuple[Chain, ...]) -> Certificate:
    return chains[0].issuers[-1]


def _refused(reason: str, signer: Certificate | None = None) -> ListVerdict:
    return ListVerdict(ListState.REFUSED, reason, signer)
