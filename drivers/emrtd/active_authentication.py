"""Active authentication (ICAO 9303-11 section 6.1): the chip signs a nonce; `services.trust` judges the answer."""

from __future__ import annotations

from drivers.emrtd.apdu import EXTENDED_MAX, SHORT_MAX, Command, Response
from drivers.emrtd.channel import Channel, Extended
from drivers.emrtd.lds.tlv import LdsError, parse_first, parse_one
from drivers.emrtd.reading import ActiveAuthentication


def authenticate(channel: Channel, nonce: bytes, dg15: bytes) -> ActiveAuthentication | None:
    """INTERNAL AUTHENTICATE over the nonce (8 bytes); None if the chip refuses. Raises CardError.

    The expected length follows the key (chip.md section 4): some chips fail with 65536, others cut at 256. A refusal
    or a cut answer is tried once more with the other form.
    """
    expected = signature_length(dg15)
    secure = channel.secure
    fits = secure is None or expected <= secure.largest_plain(SHORT_MAX)
    forms = (SHORT_MAX, EXTENDED_MAX) if fits and expected <= SHORT_MAX else (max(expected, SHORT_MAX + 1), SHORT_MAX)
    best: Response | None = None
    for le in forms:
        if le > SHORT_MAX and channel.extended is Extended.NO:
            continue
        response = channel.transmit(Command(0x88, 0, 0, nonce, le))
        if response.ok and (best is None or len(response.data) > len(best.data)):
            best = response
        if best is not None and len(best.data) >= _whole(expected, dg15):
            break
        if channel.doubtful:
            break
    return ActiveAuthentication(nonce, best.data) if best is not None and best.data else None


def signature_length(dg15: bytes) -> int:
    """Bytes the chip may answer with: the modulus, or an ECDSA signature in its longest (DER) form; 256 if unknown."""
    try:
        kind, size = _key(dg15)
    except LdsError:
        return SHORT_MAX
    return min(size if kind == "rsa" else 2 * size + 9, EXTENDED_MAX)


def _whole(expected: int, dg15: bytes) -> int:
    """The shortest answer that can be whole: a plain ECDSA signature is shorter than a DER one."""
    try:
        kind, size = _key(dg15)
    except LdsError:
        return 1
    return expected if kind == "rsa" else 2 * size - 16


def _key(dg15: bytes) -> tuple[str, int]:
    """("rsa", bytes of the modulus) or ("ec", bytes of a coordinate) from SubjectPublicKeyInfo."""
    info = parse_one(dg15, 0x6F).child(0x30)
    algorithm, bits = info.child(0x30), info.child(0x03).value[1:]
    if algorithm.child(0x06).value == bytes.fromhex("2A864886F70D010101"):
        modulus = parse_first(bits).child(0x02).value.lstrip(b"\x00")
        if not modulus:
            raise LdsError("an RSA modulus of zero")
        return "rsa", len(modulus)
    if bits[:1] == b"\x04":
        return "ec", (len(bits) - 1) // 2
    return "ec", max(len(bits) - 1, 1)
