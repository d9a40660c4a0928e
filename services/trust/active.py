"""Active authentication (ICAO 9303-11 section 6.1): did this chip sign our nonce with the key of its DG15?

RSA by ISO/IEC 9796-2 digital signature scheme 1, ECDSA plain (TR-03111) or as DER, as cards in the field answer both.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from enum import Enum

from drivers.emrtd.lds.tlv import LdsError, parse_one
from drivers.emrtd.reading import ActiveAuthentication
from services.trust.algorithms import Hash, Scheme, SignatureAlgorithm, signature_algorithm
from services.trust.errors import TrustError, malformed
from services.trust.public_key import EcKey, RsaKey, read_public_key, verify
from services.trust.security_infos import read_dg14
from services.trust.verdicts import PassiveVerdict, ProofOutcome, ProofVerdict

_TRAILER_HASHES = {0x33: Hash.SHA1, 0x34: Hash.SHA256, 0x35: Hash.SHA512, 0x36: Hash.SHA384, 0x38: Hash.SHA224}
"""Hash identifiers of ISO/IEC 10118-3 in two-byte trailers xxCC."""
_HASH_IDENTIFIERS = range(0x31, 0x40)
"""Where that standard's identifiers lie: any other byte before CC is not the trailer of a signature."""
WRONG = "the chip's signature over the nonce does not hold"


class Signed(Enum):
    """What a recovered message representative says."""

    YES = "yes"
    NO = "no"
    UNKNOWN_HASH = "unknown-hash"


def judge(
    groups: Mapping[int, bytes], passive: PassiveVerdict, answer: ActiveAuthentication | None, nonce: bytes | None
) -> ProofVerdict:
    """Judge the chip's answer over the nonce that was given to the reader (None: nobody asked). Never raises."""
    if 15 not in groups:
        signed = 15 in passive.groups
        return _not_done("DG15 was not read" if signed else "the chip has no key for active authentication (no DG15)")
    if nonce is None:
        return _not_done("no nonce was given")
    if answer is None:
        return ProofVerdict(ProofOutcome.REFUSED, "the chip has DG15 but did not sign the nonce")
    if not hmac.compare_digest(answer.nonce, nonce):
        return ProofVerdict(ProofOutcome.FAILED, "the chip's answer belongs to another nonce")
    try:
        verdict = _judge_answer(groups, passive, answer)
    except TrustError as error:
        return ProofVerdict(ProofOutcome.UNSUPPORTED, error.detail)
    if verdict.outcome is ProofOutcome.PASSED and not passive.covers(15):
        return ProofVerdict(
            ProofOutcome.NOT_COVERED, "passive authentication does not cover DG15", verdict.key, verdict.algorithm
        )
    return verdict


def read_dg15(data: bytes) -> RsaKey | EcKey:
    """The key of EF.DG15 (`6F L` around SubjectPublicKeyInfo). Raises TrustError."""
    try:
        spki = parse_one(data, 0x6F).value
    except LdsError as error:
        raise malformed(f"EF.DG15: {error}") from None
    return read_public_key(spki)


def opened(representative: bytes, message: bytes) -> tuple[Signed, Hash | None]:
    """Check a recovered message representative F = header ‖ M1 ‖ hash(M1 ‖ message) ‖ trailer.

    The header is 6A, or 6B BB … BA when M1 is shorter than what would fit (ISO/IEC 9796-2 section 8.2). Bytes that a
    wrong key recovers end like a trailer once in 256: only behind a right header is an unknown hash one that we lack.
    """
    digest, trailer = _trailer(representative)
    start = _start_of_message(representative)
    if trailer == 0 or start is None:
        return Signed.NO, digest
    if digest is None:
        return (Signed.UNKNOWN_HASH if representative[-2] in _HASH_IDENTIFIERS else Signed.NO), None
    end = len(representative) - trailer - digest.size
    if start > end:
        return Signed.NO, digest
    expected = digest.digest(representative[start:end] + message)
    held = hmac.compare_digest(representative[end : end + digest.size], expected)
    return (Signed.YES if held else Signed.NO), digest


def _judge_answer(groups: Mapping[int, bytes], passive: PassiveVerdict, answer: ActiveAuthentication) -> ProofVerdict:
    key = read_dg15(groups[15])
    if isinstance(key, RsaKey):
        return _judge_rsa(key, answer)
    return _judge_ecdsa(key, answer, _algorithm_of_dg14(groups, passive))


def _judge_rsa(key: RsaKey, answer: ActiveAuthentication) -> ProofVerdict:
    number = int.from_bytes(answer.response, "big")
    if len(answer.response) > key.size or number >= key.n:
        return ProofVerdict(ProofOutcome.FAILED, WRONG, str(key))
    power = pow(number, key.e, key.n)
    for value in (power, key.n - power):  # a signer may give the smaller of s and n - s
        if value & 0xF != 0xC:
            continue
        held, digest = opened(value.to_bytes(key.size, "big"), answer.nonce)
        name = f"ISO 9796-2 {digest.value}" if digest else "ISO 9796-2"
        if held is Signed.YES:
            return ProofVerdict(ProofOutcome.PASSED, "the chip signed the nonce", str(key), name)
        if held is Signed.UNKNOWN_HASH:
            return ProofVerdict(ProofOutcome.UNSUPPORTED, "unknown hash in the chip's answer", str(key), name)
    return ProofVerdict(ProofOutcome.FAILED, WRONG, str(key))


def _trailer(representative: bytes) -> tuple[Hash | None, int]:
    """Hash and length of the trailer; length 0 when it is none."""
    if representative[-1:] == b"\xbc":
        return Hash.SHA1, 1
    if representative[-1:] == b"\xcc" and len(representative) > 1:
        return _TRAILER_HASHES.get(representative[-2]), 2
    return None, 0


def _start_of_message(representative: bytes) -> int | None:
    if representative[:1] == b"\x6a":
        return 1
    if representative[:1] != b"\x6b":
        return None
    at = 1
    while at < len(representative) and representative[at] == 0xBB:
        at += 1
    return at + 1 if representative[at : at + 1] == b"\xba" else None


def _algorithm_of_dg14(groups: Mapping[int, bytes], passive: PassiveVerdict) -> SignatureAlgorithm | None:
    """ActiveAuthenticationInfo of a DG14 that is covered; None when it says nothing. Raises TrustError UNSUPPORTED."""
    if 14 not in groups or not passive.covers(14):
        return None
    oid = read_dg14(groups[14]).active_authentication_algorithm
    return None if oid is None else signature_algorithm(oid)


def _judge_ecdsa(key: EcKey, answer: ActiveAuthentication, algorithm: SignatureAlgorithm | None) -> ProofVerdict:
    candidates = [algorithm.hash] if algorithm else [h for h in Hash if h.size <= max(key.curve.order_size, 20)]
    for digest in candidates:
        for scheme in (Scheme.ECDSA_PLAIN, Scheme.ECDSA):
            tried = SignatureAlgorithm(scheme, digest)
            if verify(key, tried, answer.response, answer.nonce):
                return ProofVerdict(ProofOutcome.PASSED, "the chip signed the nonce", str(key), str(tried))
    return ProofVerdict(ProofOutcome.FAILED, WRONG, str(key), str(algorithm) if algorithm else None)


def _not_done(reason: str) -> ProofVerdict:
    return ProofVerdict(ProofOutcome.NOT_DONE, reason)
