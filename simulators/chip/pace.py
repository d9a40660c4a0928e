"""PACE from the card's side (ICAO 9303-11 section 4.4): generic, integrated and chip authentication mapping."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping as Map
from dataclasses import dataclass
from enum import Enum

from simulators.chip import der
from simulators.chip.apdu import Refusal, Status
from simulators.chip.domain import STANDARDISED, Group
from simulators.chip.secure import SecureChannel
from simulators.chip.suites import AES128, AES192, AES256, KEY_ENCRYPTION, KEY_MAC, KEY_PACE, TDES, Suite, pad

_PACE = "0.4.0.127.0.7.2.2.4"
_SUITES = {1: TDES, 2: AES128, 3: AES192, 4: AES256}
_CONSTANTS = {
    16: ("a668892a7c41e3ca739f40b057d85904", "a4e136ac725f738b01c1f60217c188ad"),
    32: (
        "d463d65234124ef7897054986dca0a174e28df758cbaa03f240616414d5a1676",
        "54bd7255f0aaf831bec3423fcf39d69b6cbf066677d0faae5aadd99df8e53517",
    ),
}
_EXTRA_BITS = 64


class Mapping(Enum):
    """How the nonce becomes a generator."""

    GENERIC = "GM"
    INTEGRATED = "IM"
    CHIP_AUTHENTICATION = "CAM"


_KINDS = {
    1: ("DH", Mapping.GENERIC),
    2: ("ECDH", Mapping.GENERIC),
    3: ("DH", Mapping.INTEGRATED),
    4: ("ECDH", Mapping.INTEGRATED),
    6: ("ECDH", Mapping.CHIP_AUTHENTICATION),
}


@dataclass(frozen=True)
class Protocol:
    """One PACE protocol by its object identifier."""

    oid: str
    agreement: str
    """DH or ECDH."""
    mapping: Mapping
    suite: Suite

    @property
    def name(self) -> str:
        """As profiles spell it: ECDH-GM-AES-128."""
        return f"{self.agreement}-{self.mapping.value}-{self.suite.name}"


PROTOCOLS: dict[str, Protocol] = {
    protocol.name: protocol
    for kind, (agreement, mapping) in _KINDS.items()
    for number, suite in _SUITES.items()
    if not (mapping is Mapping.CHIP_AUTHENTICATION and suite is TDES)
    for protocol in [Protocol(f"{_PACE}.{kind}.{number}", agreement, mapping, suite)]
}
"""All protocols by name."""


@dataclass(frozen=True)
class Offer:
    """One PACEInfo: a protocol with its standardised parameters."""

    protocol: Protocol
    parameters: int

    def info(self) -> bytes:
        """PACEInfo (section 9.2.5)."""
        return der.sequence(der.oid(self.protocol.oid), der.integer(2), der.integer(self.parameters))


@dataclass(frozen=True)
class Draws:
    """What a card draws: fixed for worked examples, or only measured."""

    nonce: bytes | None = None
    mapping_key: int | None = None
    agreement_key: int | None = None
    nonce_bytes: int | None = None
    """Length of a drawn nonce where the standard leaves it to the chip: any multiple of the block."""


def password_key(suite: Suite, password: bytes) -> bytes:
    """Kπ (section 9.7.3); the password is SHA-1 of the MRZ information, or the CAN itself."""
    return suite.derive(password, KEY_PACE)


def random_element(suite: Suite, nonce: bytes, additional: bytes, prime: int) -> int:
    """Rp(s, t) (section 4.4.3.3.2, figure 2)."""
    size = 16 if suite.key_bytes <= 16 else 32
    c0, c1 = (bytes.fromhex(constant) for constant in _CONSTANTS[size])
    zero = bytes(suite.block)
    key = suite.encrypt(additional, zero, nonce)[: suite.key_bytes]
    output = b""
    while len(output) * 8 < prime.bit_length() + _EXTRA_BITS:
        output += suite.encrypt(key, zero, c1)
        key = suite.encrypt(key, zero, c0)[: suite.key_bytes]
    return int.from_bytes(output, "big") % prime


class PaceSession:
    """The steps of GENERAL AUTHENTICATE, in order. Any Refusal ends the session."""

    def __init__(
        self,
        offer: Offer,
        key: bytes,
        chip_key: int | None = None,
        references: tuple[bytes, ...] = (),
        draws: Draws | None = None,
    ) -> None:
        """`key` is Kπ, `chip_key` the static private key for CAM, `references` CARs given with the last answer."""
        self._protocol = offer.protocol
        self._group: Group = STANDARDISED[offer.parameters]
        self._key = key
        self._chip_key = chip_key
        self._references = references
        self._draws = draws or Draws()
        self._step = 0
        self._nonce = b""
        self._mapping_key = 0
        self._own_public = b""
        self._their_public = b""
        self._keys = (b"", b"")
        self.channel: SecureChannel | None = None
        """Secure messaging, after the last step."""

    @property
    def own_public(self) -> bytes:
        """The card's ephemeral public key: the chip's identity in terminal authentication."""
        return self._own_public

    @property
    def their_public(self) -> bytes:
        """The terminal's ephemeral public key."""
        return self._their_public

    def answer(self, data: bytes) -> bytes:
        """The next step. Refusal 6A80 for what does not fit, 6300 for a wrong token."""
        tag, value, end = der.read(data)
        if tag != 0x7C or end != len(data):
            raise Refusal(Status.WRONG_DATA)
        objects = der.fields(value)
        step = (self._encrypted_nonce, self._map, self._agree, self._authenticate)[self._step]
        self._step += 1
        return der.tlv(0x7C, step(objects))

    def _encrypted_nonce(self, objects: Map[int, bytes]) -> bytes:
        suite = self._protocol.suite
        size = 16 if suite.key_bytes <= 16 else 32
        if self._protocol.mapping is not Mapping.INTEGRATED:
            size = self._draws.nonce_bytes or size
        self._nonce = self._draws.nonce or secrets.token_bytes(size)
        return der.tlv(0x80, suite.encrypt(self._key, bytes(suite.block), self._nonce))

    def _map(self, objects: Map[int, bytes]) -> bytes:
        theirs = _wanted(objects, 0x81)
        if self._protocol.mapping is Mapping.INTEGRATED:
            if len(theirs) != self._protocol.suite.key_bytes:
                raise Refusal(Status.WRONG_DATA)
            element = random_element(self._protocol.suite, self._nonce, theirs, self._group.prime)
            self._group = self._group.mapped_integrated(element)
            return der.tlv(0x82)
        self._mapping_key = self._draws.mapping_key or self._group.draw()
        ours = self._group.public(self._mapping_key)
        nonce = int.from_bytes(self._nonce, "big")
        self._group = self._group.mapped_generic(nonce, self._mapping_key, theirs)
        return der.tlv(0x82, ours)

    def _agree(self, objects: Map[int, bytes]) -> bytes:
        self._their_public = _wanted(objects, 0x83)
        private = self._draws.agreement_key or self._group.draw()
        self._own_public = self._group.public(private)
        if self._own_public == self._their_public:
            raise Refusal(Status.WRONG_DATA)
        secret = self._group.agree(private, self._their_public)
        suite = self._protocol.suite
        self._keys = suite.derive(secret, KEY_ENCRYPTION), suite.derive(secret, KEY_MAC)
        return der.tlv(0x84, self._own_public)

    def _authenticate(self, objects: Map[int, bytes]) -> bytes:
        token = _wanted(objects, 0x85)
        if not hmac.compare_digest(token, self._token(self._own_public)):
            raise Refusal(Status.WRONG_PASSWORD)
        suite = self._protocol.suite
        self.channel = SecureChannel(suite, *self._keys)
        answer = der.tlv(0x86, self._token(self._their_public))
        answer += b"".join(der.tlv(0x87 + at, car) for at, car in enumerate(self._references[:2]))
        if self._protocol.mapping is Mapping.CHIP_AUTHENTICATION:
            answer += der.tlv(0x8A, self._chip_data())
        return answer

    def _token(self, public: bytes) -> bytes:
        body = der.tlv(0x7F49, der.oid(self._protocol.oid), der.tlv(self._group.token_tag, public))
        return self._protocol.suite.mac(self._keys[1], body)

    def _chip_data(self) -> bytes:
        """Encrypted chip authentication data (section 4.4.3.5)."""
        if self._chip_key is None:
            raise Refusal(Status.REFERENCE_NOT_FOUND)
        order = self._group.order
        proof = pow(self._chip_key, -1, order) * self._mapping_key % order
        suite, key = self._protocol.suite, self._keys[0]
        iv = suite.encrypt(key, bytes(16), b"\xff" * 16)
        plain = proof.to_bytes((order.bit_length() + 7) // 8, "big")
        return suite.encrypt(key, iv, pad(plain, suite.block))


def _wanted(objects: Map[int, bytes], tag: int) -> bytes:
    value = objects.get(tag)
    if value is None:
        raise Refusal(Status.WRONG_DATA)
    return value
