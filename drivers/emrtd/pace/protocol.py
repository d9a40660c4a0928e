"""PACE as the terminal runs it: MSE:Set AT and four GENERAL AUTHENTICATE (ICAO 9303-11 section 4.4.4)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from drivers.emrtd.apdu import EXTENDED_MAX, SHORT_MAX, Command, Status
from drivers.emrtd.channel import Channel
from drivers.emrtd.crypto.groups import Below, Group, KeyPair, random_below
from drivers.emrtd.crypto.suites import KeyUse, Suite, unpad
from drivers.emrtd.lds.tlv import LdsError, Tlv, encode, encode_integer, encode_oid, parse_one
from drivers.emrtd.pace.choice import Choice, Mapping
from drivers.emrtd.pace.mapping import nonce_length, pseudo_random
from drivers.emrtd.secure_messaging import SecureMessaging
from drivers.smartcard.connection import CardError, CardErrorReason

_CHAINED = 0x10
_TRY_OTHER_FORM = frozenset({0x6A80, 0x6A86, 0x6A87, 0x6A88, 0x6700})


class PaceNotOffered(Exception):
    """The chip does not begin this PACE with this kind of password; `status` is its word. No password was tried."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


class PasswordKind(IntEnum):
    """Reference of the password in MSE:Set AT."""

    MRZ = 1
    CAN = 2


@dataclass(frozen=True)
class Password:
    """A password for PACE. Its text never goes into a message or a log."""

    kind: PasswordKind
    text: str

    def key(self, suite: Suite) -> bytes:
        """Kπ (section 9.7.3)."""
        octets = self.text.encode("latin-1")
        if self.kind is PasswordKind.MRZ:
            octets = hashlib.sha1(octets, usedforsecurity=False).digest()
        return suite.derive(octets, KeyUse.PACE)


@dataclass(frozen=True)
class PaceResult:
    """The session, and what later steps need of the run."""

    session: SecureMessaging
    chip_ephemeral: bytes
    """The chip's ephemeral public key: terminal authentication signs its compressed form."""
    references: tuple[bytes, ...] = ()
    """Certification authority references, the most recent first."""
    mapping_key: bytes = b""
    """The chip's key of the mapping phase (CAM)."""
    chip_data: bytes | None = None
    """Chip authentication data, decrypted (CAM)."""


@dataclass(frozen=True)
class Randomness:
    """Where nonces and private keys come from; tests put the standard's here."""

    octets: Callable[[int], bytes] = secrets.token_bytes
    below: Below = random_below


def authenticate(
    channel: Channel,
    choice: Choice,
    password: Password,
    *,
    ambiguous: bool = False,
    terminal: bytes = b"",
    randomness: Randomness = Randomness(),
) -> PaceResult:
    """Run PACE. `ambiguous`: several PACEInfos exist, so the domain parameters are named; `terminal`: certificate
    holder authorization template (7F4C) that asks for certification authority references.

    Raises PaceNotOffered before any password is tried, and CardError: ACCESS_DENIED when the chip refuses a later step,
    PROTOCOL for nonsense.
    """
    try:
        return _Run(channel, choice, password, randomness).run(ambiguous, terminal)
    except LdsError as error:
        raise CardError(CardErrorReason.PROTOCOL, f"PACE: {error}") from None


class _Run:
    """One run of the protocol."""

    def __init__(self, channel: Channel, choice: Choice, password: Password, randomness: Randomness) -> None:
        self._channel = channel
        self._choice = choice
        self._suite = choice.suite
        self._password = password
        self._randomness = randomness

    def run(self, ambiguous: bool, terminal: bytes) -> PaceResult:
        self._select(ambiguous, terminal)
        key = self._password.key(self._suite)
        secret_nonce = self._general(b"", 0x80)
        if not secret_nonce or len(secret_nonce) % self._suite.block:
            raise LdsError("nonce of a wrong length")
        nonce = self._suite.decrypt(key, bytes(self._suite.block), secret_nonce)
        mapped, mapping_key = self._map(nonce, len(key))
        own = mapped.generate(self._randomness.below)
        theirs = self._general(encode(0x83, own.public), 0x84)
        if theirs == own.public:
            raise LdsError("the chip mirrors our key")
        return self._confirm(mapped, own, theirs, mapping_key)

    def _select(self, ambiguous: bool, terminal: bytes) -> None:
        """MSE:Set AT without Le. The domain parameters (84) are named when several exist; a chip that wants it the
        other way round gets it once (chip.md section 4), and so does one that does not know the template (7F4C)."""
        info = self._choice.info
        base = encode(0x80, encode_oid(info.oid)) + encode(0x83, bytes([self._password.kind]))
        named = encode(0x84, encode_integer(info.parameter_id or 0))
        first, second = (named, b"") if ambiguous else (b"", named)
        forms = dict.fromkeys((first + terminal, second + terminal, first))
        status = 0
        for form in forms:
            status = self._channel.transmit(Command(0x22, 0xC1, 0xA4, base + form)).status
            # 63Cx: a counter of tries is running; the protocol goes on (TR-03110-3 B.1).
            if status == Status.OK or status & 0xFFF0 == 0x63C0:
                return
            if status not in _TRY_OTHER_FORM:
                break
        raise PaceNotOffered(status)

    def _map(self, nonce: bytes, key_length: int) -> tuple[Group, bytes]:
        group = self._choice.group
        if self._choice.mapping is Mapping.INTEGRATED:
            if len(nonce) != nonce_length(key_length):
                raise LdsError("nonce of a wrong length")
            own = self._randomness.octets(key_length)
            self._general(encode(0x81, own), 0x82, optional=True)
            _, number = pseudo_random(self._suite, nonce, own, group.modulus)
            return group.mapped_integrated(number), b""
        pair = group.generate(self._randomness.below)
        theirs = self._general(encode(0x81, pair.public), 0x82)
        return group.mapped_generic(nonce, group.agree(pair.private, theirs)), theirs

    def _confirm(self, mapped: Group, own: KeyPair, theirs: bytes, mapping_key: bytes) -> PaceResult:
        secret = mapped.secret(mapped.agree(own.private, theirs))
        key_encrypt = self._suite.derive(secret, KeyUse.ENCRYPT)
        key_mac = self._suite.derive(secret, KeyUse.MAC)
        token = self._token(mapped, key_mac, theirs)
        answer = self._exchange(encode(0x85, token), last=True)
        expected = self._token(mapped, key_mac, own.public)
        if not hmac.compare_digest(answer.child(0x86).value, expected):
            raise LdsError("the chip's token is wrong")
        references = tuple(item.value for item in answer.children() if item.tag in (0x87, 0x88))
        chip_data = None
        if self._choice.mapping is Mapping.CHIP_AUTHENTICATION:
            chip_data = self._chip_data(key_encrypt, answer.find(0x8A))
        return PaceResult(
            SecureMessaging(self._suite, key_encrypt, key_mac), theirs, references, mapping_key, chip_data
        )

    def _token(self, mapped: Group, key: bytes, public: bytes) -> bytes:
        """Section 4.4.3.4: a checksum over the other side's key with the protocol's identifier."""
        body = encode(0x06, encode_oid(self._choice.info.oid)) + encode(mapped.public_tag, public)
        return self._suite.mac(key, encode(0x7F49, body))

    def _chip_data(self, key: bytes, item: Tlv | None) -> bytes | None:
        """Section 4.4.3.5: decrypt with IV = E(KSEnc, -1); None when it is missing or no such data."""
        if item is None or not item.value or len(item.value) % self._suite.block:
            return None
        iv = self._suite.message_iv(key, b"\xff" * self._suite.block)
        return unpad(self._suite.decrypt(key, iv, item.value))

    def _general(self, body: bytes, expected: int, *, optional: bool = False) -> bytes:
        """One step of the chain; the content of the expected data object (may be missing where it is empty)."""
        answer = self._exchange(body, last=False)
        item = answer.find(expected) if optional else answer.child(expected)
        return item.value if item is not None else b""

    def _exchange(self, body: bytes, *, last: bool) -> Tlv:
        data = encode(0x7C, body)
        le = EXTENDED_MAX if len(data) > 255 else SHORT_MAX
        response = self._channel.transmit(Command(0x86, 0, 0, data, le, 0 if last else _CHAINED))
        if not response.ok:
            raise CardError(CardErrorReason.ACCESS_DENIED, "PACE step is refused", status_word=response.status)
        return parse_one(response.data, 0x7C)
