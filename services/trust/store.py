"""The trust store: a folder of country signing certificates, revocation lists and pinned document signers.

Certificates (`.cer .crt .der .pem .csca`) and lists (`.crl`) may lie anywhere in the folder; what lies in `pins/` are
document signers the site trusts by themselves. DER and PEM are told by their contents. A file that cannot be read is
kept as a problem: an unreadable revocation list is never the same as none.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from drivers.emrtd.lds.tlv import LdsError, parse_first
from services.trust.certificate import Certificate, read_certificate
from services.trust.crl import Crl, read_crl
from services.trust.errors import TrustError, TrustErrorReason, malformed

CERTIFICATE_SUFFIXES = frozenset({".cer", ".crt", ".der", ".pem", ".csca"})
CRL_SUFFIX = ".crl"
PINS = "pins"
MAX_FILE = 32 * 1024 * 1024
_BEGIN, _END = b"-----BEGIN ", b"-----END "
MAX_LABEL = 40


@dataclass(frozen=True)
class Problem:
    """A file of the store that is not used, and why."""

    file: str
    detail: str
    is_crl: bool = False


@dataclass(frozen=True)
class TrustStore:
    """Everything a chain may be built from. Roots are the certificates that their own key signed."""

    certificates: tuple[Certificate, ...] = ()
    crls: tuple[Crl, ...] = ()
    pins: tuple[Certificate, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    @property
    def empty(self) -> bool:
        """Whether nothing could ever be trusted."""
        return not self.certificates and not self.pins

    @property
    def crl_unreadable(self) -> bool:
        """Whether some revocation list could not be read: nobody knows whom it revokes."""
        return any(problem.is_crl for problem in self.problems)

    @cached_property
    def pinned(self) -> frozenset[str]:
        """Fingerprints of pinned document signers."""
        return frozenset(pin.fingerprint for pin in self.pins)

    def issuers_of(self, certificate: Certificate) -> Iterator[Certificate]:
        """Certificates whose key may have signed this one, likeliest first: by key identifier, by name, by country."""
        named, issuer = certificate.authority_key_id, certificate.issuer
        by_key = [c for c in self.certificates if named is not None and c.subject_key_id == named]
        by_name = [c for c in self.certificates if c.subject == issuer]
        country = issuer.country
        by_country = [c for c in self.certificates if country is not None and c.subject.country == country]
        yield from {c.fingerprint: c for c in (*by_key, *by_name, *by_country)}.values()


def load_store(folder: Path) -> TrustStore:
    """Read a trust store. Raises TrustError STORE when the folder itself cannot be read; bad files become problems."""
    certificates: dict[str, Certificate] = {}
    pins: dict[str, Certificate] = {}
    crls: dict[bytes, Crl] = {}
    problems: list[Problem] = []
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        is_crl = path.suffix.lower() == CRL_SUFFIX
        into = pins if path.relative_to(folder).parts[0] == PINS else certificates
        try:
            for data in der_objects(_read(path)):
                if is_crl:
                    crls[data] = read_crl(data)
                else:
                    certificate = read_certificate(data)
                    into[certificate.fingerprint] = certificate
        except TrustError as error:
            problems.append(Problem(name, error.detail, is_crl))
    return TrustStore(tuple(certificates.values()), tuple(crls.values()), tuple(pins.values()), tuple(problems))


def der_objects(data: bytes) -> tuple[bytes, ...]:
    """The DER objects of a file: each PEM block, base64 without its frame, or the whole file without what some
    programs leave behind its end. Raises TrustError MALFORMED for broken PEM."""
    if _BEGIN not in data:
        return (_bare(data),)
    found: list[bytes] = []
    at = data.find(_BEGIN)
    while at >= 0:
        label_end = data.find(b"-----", at + len(_BEGIN))
        label = data[at + len(_BEGIN) : label_end] if label_end >= 0 else b""
        end = data.find(_END + label + b"-----", label_end + 5) if 0 < len(label) <= MAX_LABEL else -1
        if end < 0:
            raise malformed("PEM block without its end")
        try:
            found.append(base64.b64decode(b"".join(data[label_end + 5 : end].split()), validate=True))
        except (binascii.Error, ValueError):
            raise malformed("PEM block that is no base64") from None
        at = data.find(_BEGIN, end)
    return tuple(found)


def _bare(data: bytes) -> bytes:
    if data[:1] == b"M":  # a DER SEQUENCE of some length in base64 begins so
        with suppress(binascii.Error, ValueError):
            return base64.b64decode(b"".join(data.split()), validate=True)
    try:
        first = parse_first(data)
    except LdsError:
        return data
    return first.raw if not data[len(first.raw) :].strip(b"\x00\r\n\t ") else data


def _files(folder: Path) -> list[Path]:
    try:
        if not folder.is_dir():
            raise TrustError(TrustErrorReason.STORE, f"{folder} is no folder")
        found = sorted(path for path in folder.rglob("*") if path.is_file())
    except OSError as error:
        raise TrustError(TrustErrorReason.STORE, f"{folder}: {error.strerror}") from None
    return [path for path in found if path.suffix.lower() in CERTIFICATE_SUFFIXES | {CRL_SUFFIX}]


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise malformed("file is too large")
        return path.read_bytes()
    except OSError as error:
        raise TrustError(TrustErrorReason.STORE, error.strerror or "cannot be read") from None
