"""Terminal authentication version 1 from the card's side (ICAO 9303-11 section 7.1; TR-03110-3 appendix A.7, C)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from simulators.chip import der
from simulators.chip.apdu import Refusal, Status
from simulators.chip.ec import CURVES, Curve, Point

_BASE = der.oid_value("0.4.0.127.0.7.2.2.2")
_ECDSA = {1: "sha1", 2: "sha224", 3: "sha256", 4: "sha384", 5: "sha512"}
_RSA = {1: hashes.SHA1(), 2: hashes.SHA256(), 5: hashes.SHA512()}  # noqa: S303  old terminals
_PSS = {3: hashes.SHA1(), 4: hashes.SHA256(), 6: hashes.SHA512()}  # noqa: S303
_ROLE, _CVCA, _TERMINAL, _RIGHTS = 0xC0, 0xC0, 0x00, 0x3F


@dataclass(frozen=True)
class EcVerifier:
    """An ECDSA public key (signatures plain)."""

    curve: Curve
    point: Point
    digest: str

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Whether the signature holds."""
        return self.curve.verify_plain(self.point, data, self.digest, signature)


@dataclass(frozen=True)
class RsaVerifier:
    """An RSA public key."""

    key: rsa.RSAPublicKey
    algorithm: hashes.HashAlgorithm
    pss: bool

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Whether the signature holds."""
        mask = padding.PSS(padding.MGF1(self.algorithm), self.algorithm.digest_size) if self.pss else padding.PKCS1v15()
        try:
            self.key.verify(signature, data, mask, self.algorithm)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class CvCertificate:
    """What the card needs of a card-verifiable certificate."""

    body: bytes
    signature: bytes
    authority: bytes
    holder: bytes
    role: int
    effective: date
    expires: date
    key: dict[int, bytes]
    """Data objects of the public key."""

    @property
    def rights(self) -> int:
        """Access bits."""
        return self.role & _RIGHTS


def parse_certificate(data: bytes) -> CvCertificate:
    """From 7F4E ‖ 5F37, or the same inside 7F21. ValueError when something is missing."""
    tag, value, _ = der.read(data)
    if tag == 0x7F21:
        data = value
    objects = der.fields(data)
    try:
        body = der.fields(objects[0x7F4E])
        return CvCertificate(
            body=der.tlv(0x7F4E, objects[0x7F4E]),
            signature=objects[0x5F37],
            authority=body[0x42],
            holder=body[0x5F20],
            role=der.fields(body[0x7F4C])[0x53][0],
            effective=_day(body[0x5F25]),
            expires=_day(body[0x5F24]),
            key=der.fields(body[0x7F49]),
        )
    except (KeyError, IndexError) as error:
        raise ValueError("not a card-verifiable certificate") from error


class TerminalAuthentication:
    """State of one power-on. The trust anchor is the CVCA certificate written at personalisation."""

    def __init__(self, anchor: bytes, today: date) -> None:
        root = parse_certificate(anchor)
        self._root_key = verifier(root.key, None)
        self._root = root
        self._today = today
        self._known = {root.holder: (root, self._root_key)}
        self._chosen: bytes | None = None
        self._rights = root.rights
        self._terminal: EcVerifier | RsaVerifier | None = None

    def choose(self, reference: bytes) -> None:
        """MSE:Set DST or Set AT: which key comes next. Refusal 6A88 when the card does not know it."""
        if reference not in self._known:
            raise Refusal(Status.REFERENCE_NOT_FOUND)
        self._chosen = reference

    def import_certificate(self, data: bytes) -> None:
        """PSO:Verify Certificate. Refusal 6300 for a bad signature, 6985 for a wrong place or date."""
        if self._chosen is None:
            raise Refusal(Status.CONDITIONS)
        issuer, key = self._known[self._chosen]
        certificate = parse_certificate(data)
        if certificate.authority != issuer.holder or not key.verify(certificate.body, certificate.signature):
            raise Refusal(Status.WRONG_PASSWORD)
        if certificate.expires < self._today or not _may_issue(issuer.role, certificate.role):
            raise Refusal(Status.CONDITIONS)
        domain = key.curve if isinstance(key, EcVerifier) else None
        self._known[certificate.holder] = (certificate, verifier(certificate.key, domain))
        self._rights &= certificate.rights
        if certificate.role & _ROLE == _TERMINAL:
            self._terminal = self._known[certificate.holder][1]

    def authenticate(self, message: bytes, signature: bytes) -> int:
        """EXTERNAL AUTHENTICATE over ID.PICC ‖ challenge ‖ Comp(PK.PCD): the rights. Refusal 6300 or 6985."""
        if self._chosen is None or self._terminal is None or self._known[self._chosen][1] is not self._terminal:
            raise Refusal(Status.CONDITIONS)
        if not self._terminal.verify(message, signature):
            raise Refusal(Status.WRONG_PASSWORD)
        return self._rights


def verifier(key: dict[int, bytes], domain: Curve | None) -> EcVerifier | RsaVerifier:
    """The key of a certificate; without own parameters it takes its issuer's. ValueError for an unknown algorithm."""
    kind = key.get(0x06, b"")
    if not kind.startswith(_BASE) or len(kind) != len(_BASE) + 2:
        raise ValueError("not an algorithm of terminal authentication")
    family, arc = kind[-2], kind[-1]
    if family == 2 and arc in _ECDSA:
        curve = _curve(key) if 0x81 in key else domain
        if curve is None:
            raise ValueError("no domain parameters")
        return EcVerifier(curve, curve.decode(key[0x86]), _ECDSA[arc])
    algorithm = _RSA.get(arc) or _PSS.get(arc)
    if family != 1 or algorithm is None:
        raise ValueError("not an algorithm of terminal authentication")
    numbers = rsa.RSAPublicNumbers(int.from_bytes(key[0x82], "big"), int.from_bytes(key[0x81], "big"))
    return RsaVerifier(numbers.public_key(), algorithm, arc in _PSS)


def _curve(key: dict[int, bytes]) -> Curve:
    prime = int.from_bytes(key[0x81], "big")
    for curve in CURVES.values():
        if curve.p == prime and curve.encode(curve.g) == key[0x84] and curve.a == int.from_bytes(key[0x82], "big"):
            return curve
    raise ValueError("not a curve of the standard")


def _may_issue(issuer: int, subject: int) -> bool:
    """CVCA issues CVCA links and DVs, a DV issues terminals."""
    ladder = {0xC0: 2, 0x80: 1, 0x40: 1, 0x00: 0}
    above, below = ladder[issuer & _ROLE], ladder[subject & _ROLE]
    return above == below + 1 or above == below == 2


def _day(unpacked: bytes) -> date:
    if len(unpacked) != 6 or max(unpacked) > 9:
        raise ValueError("not a date")
    year, month, day = (unpacked[at] * 10 + unpacked[at + 1] for at in (0, 2, 4))
    return date(2000 + year, month, day)
