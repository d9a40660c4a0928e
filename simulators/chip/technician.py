"""A technician's card: a PIV applet with the key of slot 9E and its certificate (NIST SP 800-73-4 part 2).

Written from the standard, apart from the driver. Answers longer than 256 bytes wait for GET RESPONSE, as on real cards.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from simulators.chip import der
from simulators.chip.apdu import Command, Refusal, Status, parse
from simulators.chip.behaviour import Behaviour, Faults
from simulators.chip.personalise import make_atr

_APPLICATION = bytes.fromhex("A000000308000010000100")
_CERTIFICATE = bytes.fromhex("5FC101")
_CARD_AUTHENTICATION = 0x9E
_ALGORITHMS: dict[int, tuple[type[ec.EllipticCurve], hashes.HashAlgorithm]] = {
    0x11: (ec.SECP256R1, hashes.SHA256()),
    0x14: (ec.SECP384R1, hashes.SHA384()),
}
_SHORT = 256


class TechnicianCard:
    """One card, with the shape a slot wants."""

    def __init__(self, curve: type[ec.EllipticCurve] = ec.SECP256R1) -> None:
        self._key = ec.generate_private_key(curve())
        self._certificate = _certificate(self._key)
        self.behaviour, self.faults = Behaviour(), Faults()
        self.atr = make_atr(True)
        self.bytes_read = self.total_bytes = 0
        self.wrong_password = False
        self.power_on()

    def clone(self) -> TechnicianCard:
        """What somebody makes who could read this card and not its key: the same certificate, another key."""
        made = TechnicianCard(type(self._key.curve))
        made._certificate = self._certificate
        return made

    def power_on(self) -> None:
        """Nothing is selected."""
        self._selected = False
        self._waiting = b""

    def process(self, apdu: bytes) -> bytes:
        """Answer one command APDU."""
        try:
            command = parse(apdu)
            if command.ins == 0xC0:
                return self._next(command.ne or _SHORT)
            self._waiting = self._answer(command)
        except Refusal as refusal:
            return refusal.status.to_bytes(2, "big")
        return self._next(command.ne or _SHORT)

    def _next(self, most: int) -> bytes:
        part, self._waiting = self._waiting[:most], self._waiting[most:]
        left = len(self._waiting)
        status = 0x6100 | (min(left, _SHORT) & 0xFF) if left else Status.OK
        return part + status.to_bytes(2, "big")

    def _answer(self, command: Command) -> bytes:
        match command.ins, command.p1p2:
            case 0xA4, 0x0400:
                if not _APPLICATION.startswith(command.data) or len(command.data) < 5:
                    raise Refusal(Status.FILE_NOT_FOUND)
                self._selected = True
                return der.tlv(0x61, der.tlv(0x4F, _APPLICATION[5:]))
            case 0xCB, 0x3FFF if self._selected:
                if command.data != der.tlv(0x5C, _CERTIFICATE):
                    raise Refusal(Status.FILE_NOT_FOUND)
                parts = der.tlv(0x70, self._certificate) + der.tlv(0x71, b"\0") + der.tlv(0xFE, b"")
                return der.tlv(0x53, parts)
            case 0x87, reference if self._selected and reference & 0xFF == _CARD_AUTHENTICATION:
                return self._sign(command)
            case _:
                pass
        raise Refusal(Status.FILE_NOT_FOUND if command.ins == 0xA4 else Status.WRONG_INS)

    def _sign(self, command: Command) -> bytes:
        curve, digest = _ALGORITHMS.get(command.p1, (None, None))
        template = b"\x82\x00\x81"
        if curve is None or digest is None or not isinstance(self._key.curve, curve):
            raise Refusal(Status.WRONG_P1P2)
        size = digest.digest_size
        if command.data != der.tlv(0x7C, template + bytes([size]) + command.data[-size:]):
            raise Refusal(Status.WRONG_DATA)
        signature = self._key.sign(command.data[-size:], ec.ECDSA(utils.Prehashed(digest)))
        return der.tlv(0x7C, der.tlv(0x82, signature))


def _certificate(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Self-signed, as a card's own tool makes it."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Trạm technician (test)")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(365))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
