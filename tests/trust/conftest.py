"""A test country: its authority and signer, documents they sign, and trust stores made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.trust.store import TrustStore, load_store
from simulators.chip import der, pki

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SIGNED_AT = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def csca() -> pki.Authority:
    return pki.make_csca(key=pki.shared_key("brainpoolP384r1", "csca"))


@pytest.fixture(scope="session")
def signer(csca: pki.Authority) -> pki.Authority:
    return pki.make_dsc(csca, key=pki.shared_key("brainpoolP256r1", "dsc"))


@pytest.fixture
def store_of(tmp_path: Path) -> Callable[..., TrustStore]:
    """Write certificates, lists and pins into a folder and load it."""

    def make(certificates: Iterable[bytes] = (), crls: Iterable[bytes] = (), pins: Iterable[bytes] = ()) -> TrustStore:
        folder = tmp_path / "trust"
        (folder / "pins").mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(certificates):
            (folder / f"{number}.cer").write_bytes(data)
        for number, data in enumerate(crls):
            (folder / f"{number}.crl").write_bytes(data)
        for number, data in enumerate(pins):
            (folder / "pins" / f"{number}.der").write_bytes(data)
        return load_store(folder)

    return make


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def signed_at() -> datetime:
    return SIGNED_AT


@pytest.fixture
def dg15_of() -> Callable[[pki.KeyPair], bytes]:
    """EF.DG15 of a chip's key."""
    return lambda key: der.tlv(0x6F, key.public_info())
