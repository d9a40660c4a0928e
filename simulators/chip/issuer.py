"""The test country that signs the virtual cards: its authority, good and bad signers, and the trust folder."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from simulators.chip.pki import END, Authority, Signature, make_crl, make_csca, make_dsc

_REVOKED_EARLY = datetime(2021, 2, 1, tzinfo=UTC)
_REVOKED_LATE = datetime(2026, 6, 1, tzinfo=UTC)
_EXPIRED = datetime(2021, 2, 1, tzinfo=UTC)


class Signer(Enum):
    """Which document signer signs a card."""

    GOOD = "good"
    EXPIRED = "expired"
    """Its validity ended before it signed."""
    REVOKED = "revoked"
    """Revoked before it signed."""
    REVOKED_LATER = "revoked-later"
    """Revoked long after it signed."""
    UNKNOWN_ROOT = "unknown-root"
    """Issued by an authority that is in no trust folder."""
    IMPOSTOR = "impostor"
    """Issued by an authority with the right name and key identifier but another key."""


@dataclass(frozen=True)
class Algorithms:
    """Keys and signatures of a country: `csca` and `signer` are key kinds of the PKI."""

    csca: str = "brainpoolP512r1"
    signer: str = "brainpoolP256r1"
    csca_signature: Signature | None = None
    signer_signature: Signature | None = None
    explicit_parameters: bool = True


@dataclass(eq=False)
class Issuer:
    """One country. Keys are made when the process starts and never leave it."""

    country: str = "VN"
    name: str = "CSCA thử của Trạm"
    algorithms: Algorithms = field(default_factory=Algorithms)

    @functools.cached_property
    def csca(self) -> Authority:
        """The authority the trust folder holds."""
        return self._csca(self.name)

    @functools.cached_property
    def stranger(self) -> Authority:
        """An authority the trust folder does not hold."""
        return self._csca(self.name + " (không ai biết)")

    @functools.cached_property
    def _impostor(self) -> Authority:
        twin = self._csca(self.name)
        return replace(twin, key_id=self.csca.key_id)

    @functools.cached_property
    def _revoked(self) -> Mapping[Signer, Authority]:
        return {kind: self._signer(self.csca, kind.value) for kind in (Signer.REVOKED, Signer.REVOKED_LATER)}

    @functools.cache  # noqa: B019  one issuer lives as long as the process
    def signer(self, kind: Signer) -> Authority:
        """The document signer of that kind."""
        if kind in self._revoked:
            return self._revoked[kind]
        if kind is Signer.EXPIRED:
            return self._signer(self.csca, kind.value, _EXPIRED)
        root = {Signer.UNKNOWN_ROOT: self.stranger, Signer.IMPOSTOR: self._impostor} if kind is not Signer.GOOD else {}
        return self._signer(root.get(kind, self.csca), kind.value)

    def crl(self) -> bytes:
        """The revocation list of the authority."""
        early, late = self._revoked[Signer.REVOKED], self._revoked[Signer.REVOKED_LATER]
        return make_crl(self.csca, {early.serial: _REVOKED_EARLY, late.serial: _REVOKED_LATE})

    def write_trust(self, folder: Path) -> None:
        """Certificate and revocation list as a site would put them into its trust folder."""
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"csca-{self.country.lower()}-test-{self.algorithms.csca.lower()}"
        (folder / f"{stem}.cer").write_bytes(self.csca.certificate)
        (folder / f"{stem}.crl").write_bytes(self.crl())

    def _csca(self, name: str) -> Authority:
        chosen = self.algorithms
        return make_csca(
            self.country, name, chosen.csca, chosen.csca_signature, explicit_parameters=chosen.explicit_parameters
        )

    def _signer(self, root: Authority, name: str, end: datetime | None = None) -> Authority:
        chosen = self.algorithms
        return make_dsc(
            root,
            f"Người ký thử, {name}",
            chosen.signer,
            chosen.signer_signature,
            country=self.country,
            explicit_parameters=chosen.explicit_parameters,
            not_after=end or END,
        )
