"""From a document signer to a root of the trust store (ICAO 9303-12 section 4.4), by keys and not by names.

A certificate is a root when its own key signed it. Link certificates carry trust from an old root to a new key, often
under one and the same name (chip.md section 5, rule 5): whoever's key verifies, is the issuer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.trust.certificate import Certificate
from services.trust.errors import TrustError
from services.trust.store import TrustStore

MAX_DEPTH = 8
MAX_VERIFICATIONS = 400
"""Bounds the time of one search, whatever was imported."""


@dataclass(frozen=True)
class Chain:
    """Issuers of a certificate from the nearest to the root."""

    issuers: tuple[Certificate, ...]


@dataclass(frozen=True)
class ChainSearch:
    """The chains that were found, likeliest first, and what got in the way of others."""

    chains: tuple[Chain, ...]
    forged: bool = False
    """The certificate names a key of the store by its identifier, and that key did not sign it."""
    unsupported: str | None = None
    """A possible issuer has an algorithm that is not known here."""


def find_chains(
    certificate: Certificate, store: TrustStore, enough: Callable[[Chain], bool] = lambda _: True
) -> ChainSearch:
    """Look for chains from a certificate that is not of the store (a document signer).

    The search ends with the first chain for which `enough` is true; it is the last of those given back.
    """
    search = _Search(store)
    chains: list[Chain] = []
    for chain in search.climb(certificate, ()):
        chains.append(chain)
        if enough(chain):
            break
    if chains:
        return ChainSearch(tuple(chains))
    named = certificate.authority_key_id
    claimed = [c for c in store.certificates if named is not None and c.subject_key_id == named]
    forged = bool(claimed) and search.unsupported is None and not search.verified
    return ChainSearch((), forged, search.unsupported)


class _Search:
    def __init__(self, store: TrustStore) -> None:
        self.store = store
        self.unsupported: str | None = None
        self.verified = False
        """Whether some key of the store signed the certificate that was asked about."""
        self._known: dict[tuple[str, bytes], bool] = {}

    def climb(self, certificate: Certificate, below: tuple[Certificate, ...]) -> Iterator[Chain]:
        for issuer in self.store.issuers_of(certificate):
            if issuer in below or not issuer.issues_certificates or not self._signed(certificate, issuer):
                continue
            if not below:
                self.verified = True
            if issuer.self_signed:
                yield Chain((*below, issuer))
            elif len(below) < MAX_DEPTH:
                yield from self.climb(issuer, (*below, issuer))

    def _signed(self, certificate: Certificate, issuer: Certificate) -> bool:
        pair = certificate.fingerprint, issuer.key_bytes
        if pair not in self._known and len(self._known) < MAX_VERIFICATIONS:
            self._known[pair] = self._verify(certificate, issuer)
        return self._known.get(pair, False)

    def _verify(self, certificate: Certificate, issuer: Certificate) -> bool:
        try:
            return certificate.signed_by(issuer.key)
        except TrustError as error:
            self.unsupported = error.detail
            return False
