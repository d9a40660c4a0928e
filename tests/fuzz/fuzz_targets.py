"""What is fuzzed: every parser that takes bytes or texts from outside, and the only errors that may come out of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from drivers.emrtd.active_authentication import signature_length
from drivers.emrtd.atr import extended_length
from drivers.emrtd.crypto.public_key import agreement_key
from drivers.emrtd.crypto.suites import Suite
from drivers.emrtd.lds.com import parse_com
from drivers.emrtd.lds.cvc import parse_cv_certificate
from drivers.emrtd.lds.details import parse_dg11, parse_dg12, parse_dg16
from drivers.emrtd.lds.dg1 import parse_dg1
from drivers.emrtd.lds.dg2 import parse_dg2
from drivers.emrtd.lds.dg3 import parse_dg3
from drivers.emrtd.lds.dg13 import parse_dg13
from drivers.emrtd.lds.mrz import parse_mrz
from drivers.emrtd.lds.pictures import parse_dg5, parse_dg7
from drivers.emrtd.lds.security_infos import card_security_content, parse_dg14, parse_security_infos
from drivers.emrtd.lds.sod import signed_groups
from drivers.emrtd.lds.tlv import LdsError, Tlv, parse_all
from drivers.emrtd.pace.choice import choices
from drivers.emrtd.reading import ActiveAuthentication
from drivers.emrtd.secure_messaging import SecureMessaging
from drivers.scanner.framing import CodeFramer
from drivers.smartcard.connection import CardError
from services.codes.check_character import check_character
from services.codes.detect import read_code
from services.codes.errors import CodeError
from services.codes.purpose import find_purposes
from services.codes.vietqr import decode, recover
from services.identity.keys import MAX_TRIES, keys_from_code
from services.trust import active, passive
from services.trust.active import opened
from services.trust.certificate import read_certificate
from services.trust.crl import read_crl
from services.trust.errors import TrustError
from services.trust.ldif import read_ldif
from services.trust.master_list import judge_master_list, read_master_list
from services.trust.public_key import read_public_key
from services.trust.security_infos import CARD_SECURITY, read_security_infos
from services.trust.signed_data import read_signed_data
from services.trust.store import TrustStore, der_objects
from services.trust.verdicts import GroupState, PassiveOutcome, PassiveReason, PassiveVerdict, ProofOutcome

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TODAY = date(2026, 11, 21)
NONCE = bytes(8)
EMPTY = TrustStore()
DEEPEST = 40

Target = Callable[[bytes], None]


def tlv(data: bytes) -> None:
    """Generic data objects, opened as deep as they are nested."""

    def walk(items: tuple[Tlv, ...], depth: int) -> None:
        for item in items:
            assert len(item.value) <= len(data)
            if item.constructed and depth < DEEPEST:
                walk(item.children(), depth + 1)

    _only(LdsError, lambda: walk(parse_all(data), 0))


def com(data: bytes) -> None:
    """EF.COM."""
    _only(LdsError, lambda: parse_com(data))


def dg1(data: bytes) -> None:
    """DG1, and all that is computed from its machine readable zone."""

    def run() -> None:
        mrz = parse_dg1(data)
        assert len(mrz.information) >= 24
        mrz.birth.of_birth(TODAY)
        mrz.expiry.in_century(2000)

    _only(LdsError, run)


def mrz(data: bytes) -> None:
    """A machine readable zone as a person types it."""
    _only(LdsError, lambda: parse_mrz(data.decode("utf-8", "replace")).information)


def dg2(data: bytes) -> None:
    """DG2 in both encodings."""

    def run() -> None:
        assert sum(len(face.data) for face in parse_dg2(data)) <= 4 * len(data)

    _only(LdsError, run)


def dg3(data: bytes) -> None:
    """DG3: fingers."""
    _only(LdsError, lambda: parse_dg3(data))


def dg7(data: bytes) -> None:
    """DG5 and DG7: pictures."""
    _only(LdsError, lambda: parse_dg5(data))
    _only(LdsError, lambda: parse_dg7(data))


def dg11(data: bytes) -> None:
    """DG11."""
    _only(LdsError, lambda: parse_dg11(data))


def dg12(data: bytes) -> None:
    """DG12."""
    _only(LdsError, lambda: parse_dg12(data))


def dg16(data: bytes) -> None:
    """DG16."""
    _only(LdsError, lambda: parse_dg16(data))


def dg13(data: bytes) -> None:
    """DG13 never raises."""
    record = parse_dg13(data)
    _ = record.number, record.name, record.birth, record.expiry, record.for_life, record.old_number, record.issued


def dg14(data: bytes) -> None:
    """DG14 and what is chosen by it."""

    def run() -> None:
        infos = parse_dg14(data)
        _ = infos.chip_authentication, infos.terminal_authentication
        for key in infos.chip_keys:
            agreement_key(key.info)

    _only((LdsError, CardError), run)


def dg15(data: bytes) -> None:
    """DG15, the length it promises, and a judgement over rubbish."""
    assert signature_length(data) > 0
    covered = PassiveVerdict(
        PassiveOutcome.TRUSTED, PassiveReason.OK, groups={14: GroupState.MATCHES, 15: GroupState.MATCHES}
    )
    answer = ActiveAuthentication(NONCE, data[-128:])
    verdict = active.judge({14: data, 15: data}, covered, answer, NONCE)
    assert verdict.outcome is not ProofOutcome.PASSED


def card_access(data: bytes) -> None:
    """EF.CardAccess and the choice of PACE."""

    def run() -> None:
        choices(parse_security_infos(data).pace)

    _only(LdsError, run)


def card_security(data: bytes) -> None:
    """EF.CardSecurity as the driver and as the verdict read it."""
    _only(LdsError, lambda: card_security_content(data))
    _only(TrustError, lambda: read_security_infos(read_signed_data(data, CARD_SECURITY).content))


def cvc(data: bytes) -> None:
    """Card-verifiable certificates."""
    _only(LdsError, lambda: parse_cv_certificate(data))


def sod(data: bytes) -> None:
    """EF.SOD: parsed, and judged whole; rubbish is never trusted."""
    _only(LdsError, lambda: signed_groups(data))
    verdict = passive.authenticate(data, {1: b"a", 12: data, 13: data}, EMPTY, NOW)
    assert verdict.outcome is not PassiveOutcome.TRUSTED


def cms(data: bytes) -> None:
    """Signed data of any content."""
    _only(TrustError, lambda: read_signed_data(data, "2.23.136.1.1.1"))


def certificate(data: bytes) -> None:
    """X.509 certificates with their key, their algorithm and their own signature."""

    def run() -> None:
        found = read_certificate(data)
        _ = found.self_signed, found.subject.country, found.key, found.algorithm

    _only(TrustError, run)


def public_key(data: bytes) -> None:
    """SubjectPublicKeyInfo, also with explicit parameters."""
    _only(TrustError, lambda: str(read_public_key(data)))


def crl(data: bytes) -> None:
    """Revocation lists."""
    _only(TrustError, lambda: read_crl(data).stale(NOW))


def master_list(data: bytes) -> None:
    """Master lists and the judgement of their signature."""
    _only(TrustError, lambda: judge_master_list(read_master_list(data), EMPTY, NOW))


def trust_file(data: bytes) -> None:
    """PEM and LDIF around certificates."""
    _only(TrustError, lambda: der_objects(data))
    read_ldif(data)


def active_response(data: bytes) -> None:
    """A recovered message of ISO 9796-2."""
    opened(data, NONCE)


class _OpenSuite(Suite):
    """Secure messaging whose checksum is always zero and whose cipher changes nothing: fuzzing passes the lock."""

    name = "open"
    block = 16

    def derive(self, secret: bytes, use: object) -> bytes:
        return secret

    def encrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        return data

    def decrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        return data

    def mac(self, key: bytes, data: bytes) -> bytes:
        return bytes(8)

    def message_iv(self, key: bytes, counter: bytes) -> bytes:
        return bytes(16)


def secure_messaging(data: bytes) -> None:
    """Responses under secure messaging, as they come and with a right checksum behind them."""
    for response in (data, data + b"\x8e\x08" + bytes(8)):
        session = SecureMessaging(_OpenSuite(), b"", b"")
        _only(CardError, lambda response=response, session=session: session.unwrap(response, 0x9000))


def atr(data: bytes) -> None:
    """Answer to reset."""
    extended_length(data)


def qr(data: bytes) -> None:
    """Any text of a QR code, and the keys an ID card's code gives."""
    text = data.decode("utf-8", "replace")

    def run() -> None:
        code = read_code(text)
        if code.kind.value == "cccd":
            assert len(keys_from_code(code, TODAY).mrz_information) <= MAX_TRIES

    _only(CodeError, run)


def vietqr(data: bytes) -> None:
    """Payment codes, strict and tolerant."""
    text = data.decode("utf-8", "replace")
    for read in (decode, recover):
        _only(CodeError, lambda read=read: read(text).dong)


def purpose(data: bytes) -> None:
    """Purposes inside a bank's text."""
    for found in find_purposes(data.decode("utf-8", "replace")):
        assert check_character(found[3:-1]) == found[-1]


def scanner(data: bytes) -> None:
    """Bytes of a serial scanner."""
    framer = CodeFramer()
    for code in framer.feed(data) + framer.end():
        _only(CodeError, lambda code=code: read_code(code))


def _only(allowed: type[Exception] | tuple[type[Exception], ...], run: Callable[[], object]) -> None:
    """Run it; the allowed errors are an answer, any other is a finding."""
    try:
        run()
    except allowed:
        return


TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (
        tlv, com, dg1, mrz, dg2, dg3, dg7, dg11, dg12, dg13, dg14, dg15, dg16, card_access, card_security, cvc, sod,
        cms, certificate, public_key, crl, master_list, trust_file, active_response, secure_messaging, atr, qr, vietqr,
        purpose, scanner,
    )
}  # fmt: skip
