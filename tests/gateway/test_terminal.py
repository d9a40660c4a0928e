"""The inspection system: chips are shown its chain, its key signs inside a token (SoftHSM) and nowhere else."""

from __future__ import annotations

import base64
import logging
import os
import subprocess
import uuid
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pkcs11 import Attribute, KeyType, ObjectClass

from drivers.emrtd.lds.cvc import parse_cv_certificate
from drivers.emrtd.read import DEFAULT_FILES, read_chip
from drivers.emrtd.reading import AccessKeys, ChipReading, FileId, Proof
from drivers.emrtd.terminal_certificates import ECDSA_FAMILY, RSA_FAMILY
from gateway.app import build, open_house
from gateway.fleet.terminal import InspectionSystem
from gateway.fleet.terminal_key import KeyUnavailable, TerminalKey
from gateway.settings import Secret, Terminal
from simulators.chip.world import World

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "4711"
LABEL = "VNTESTIS0000001"
BRAINPOOL_P256R1 = bytes.fromhex("06092B2403030208010107")
SECP256R1 = bytes.fromhex("06082A8648CE3D030107")
CHAIN = "/v1/terminal/chain"
SIGNATURES = "/v1/terminal/signatures"
STATE = "/v1/terminal"
MESSAGE = bytes(range(48))


@dataclass
class Site:
    """A place with an inspection system: cards that trust it, its certificates, its token."""

    world: World
    certificates: Path
    p256: ec.EllipticCurvePublicKey
    rsa: rsa.RSAPublicKey

    def key(self, pin: str = PIN) -> TerminalKey:
        return TerminalKey(MODULE, "terminal", pin)


def _private(session: Any, label: str, **attributes: Any) -> None:
    session.create_object(
        {
            Attribute.CLASS: ObjectClass.PRIVATE_KEY,
            Attribute.LABEL: label,
            Attribute.SIGN: True,
            Attribute.SENSITIVE: True,
            Attribute.EXTRACTABLE: False,
            Attribute.TOKEN: True,
        }
        | {Attribute[name]: value for name, value in attributes.items()}
    )


def _number(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Generator[Site]:
    """A token of our own: SoftHSM reads where it keeps tokens when its module is loaded."""
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n", "utf-8")
    world = World()
    world.laboratory.write(folder / "certificates")
    (folder / "certificates" / "is.pem").unlink()
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    pkcs11.unload(str(MODULE))
    try:
        made = ["softhsm2-util", "--init-token", "--free", "--label", "terminal", "--pin", PIN, "--so-pin", "5678"]
        subprocess.run(made, check=True, capture_output=True)
        p256, rsa2048 = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
        laboratory: Any = world.laboratory.terminal.key
        numbers = rsa2048.private_numbers()
        with pkcs11.lib(str(MODULE)).get_token(token_label="terminal").open(rw=True, user_pin=PIN) as session:
            ellipse = {"KEY_TYPE": KeyType.EC, "EC_PARAMS": BRAINPOOL_P256R1}
            _private(session, LABEL, **ellipse, VALUE=laboratory.private.to_bytes(32, "big"))
            ellipse["EC_PARAMS"] = SECP256R1
            _private(session, "p256", **ellipse, VALUE=p256.private_numbers().private_value.to_bytes(32, "big"))
            _private(
                session,
                "rsa",
                KEY_TYPE=KeyType.RSA,
                MODULUS=_number(numbers.public_numbers.n),
                PUBLIC_EXPONENT=_number(65537),
                PRIVATE_EXPONENT=_number(numbers.d),
                PRIME_1=_number(numbers.p),
                PRIME_2=_number(numbers.q),
                EXPONENT_1=_number(numbers.dmp1),
                EXPONENT_2=_number(numbers.dmq1),
                COEFFICIENT=_number(numbers.iqmp),
            )
        yield Site(world, folder / "certificates", p256.public_key(), rsa2048.public_key())
    finally:
        pkcs11.unload(str(MODULE))
        os.environ.pop("SOFTHSM2_CONF")
        if before is not None:
            os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture
def inspecting(gateway: Any, site: Site) -> Callable[..., None]:
    """Let the gateway have an inspection system from now on."""

    def serve(key: Any = None, certificates: Path | None = None) -> None:
        system = InspectionSystem(certificates or site.certificates, key or site.key(), None)
        gateway.client.serve(build(replace(gateway.house, inspection=system), with_background=False))

    return serve


class ByKiosk:
    """A terminal signer that asks the gateway as a kiosk does."""

    def __init__(self, kiosk: Any) -> None:
        self._kiosk = kiosk

    def chain(self, authority: bytes) -> Sequence[bytes]:
        answer = self._kiosk.get(CHAIN, authority=authority.hex())
        if answer.status_code == 404:
            raise LookupError(authority)
        return [base64.b64decode(each) for each in answer.json()["certificates"]]

    def sign(self, data: bytes) -> bytes:
        answer = self._kiosk.post(SIGNATURES, {"message": data.hex()})
        assert answer.status_code == 200, answer.text
        return bytes.fromhex(answer.json()["signature"])


class Laid:
    """A card of the simulator, without a wire."""

    def __init__(self, card: Any) -> None:
        self.card = card
        self.atr = card.atr

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        answer = self.card.process(apdu)
        return answer[:-2], int.from_bytes(answer[-2:], "big")


def _read(world: World, kiosk: Any, profile: str) -> ChipReading:
    laid = Laid(world.card({"profile": profile, "photo": False}))
    keys = AccessKeys(laid.card.content.can, (laid.card.content.mrz_information,))
    return read_chip(laid, keys, wanted=DEFAULT_FILES | {FileId.DG3}, terminal=ByKiosk(kiosk))


@pytest.mark.parametrize("profile", ["vietnam-2021", "vietnam-2024"])
def test_a_card_gives_its_fingers_to_a_kiosk_whose_gateway_signs(
    site: Site, inspecting: Callable[..., None], kiosk: Any, profile: str
) -> None:
    inspecting()
    reading = _read(site.world, kiosk, profile)
    assert reading.transcript.terminal_authentication, reading.transcript.failed
    assert FileId.DG3 in reading.files


def test_a_card_of_another_authority_keeps_its_fingers(site: Site, inspecting: Callable[..., None], kiosk: Any) -> None:
    """The other world's authority has the same name and another key: the card refuses the certificate."""
    inspecting()
    reading = _read(World(), kiosk, "vietnam-2024")
    assert not reading.transcript.terminal_authentication
    assert "refuses the certificate" in reading.transcript.failed[Proof.TERMINAL_AUTHENTICATION]
    assert FileId.DG3 not in reading.files
    assert FileId.DG1 in reading.files


def test_without_an_inspection_system_both_questions_are_refused(gateway: Any, kiosk: Any) -> None:
    for answer in (kiosk.get(CHAIN, authority="41"), kiosk.post(SIGNATURES, {"message": MESSAGE.hex()})):
        assert answer.status_code == 404
        assert "not configured" in answer.json()["title"]


def test_the_chain_leads_from_the_authority_to_the_terminal(
    site: Site, inspecting: Callable[..., None], kiosk: Any
) -> None:
    inspecting()
    authority = site.world.laboratory.cvca.reference
    answer = kiosk.get(CHAIN, authority=authority.hex()).json()
    chain = [parse_cv_certificate(base64.b64decode(each)) for each in answer["certificates"]]
    assert chain[0].authority == authority
    assert chain[-1].holder.decode() == LABEL
    assert kiosk.get(CHAIN, authority=b"XXNOBODY00001".hex()).status_code == 404


@pytest.mark.parametrize("authority", ["", "4", "zz", "41" * 17])
def test_a_reference_that_is_none_is_refused(inspecting: Callable[..., None], kiosk: Any, authority: str) -> None:
    inspecting()
    assert kiosk.get(CHAIN, authority=authority).status_code == 422


def test_the_same_question_has_one_signature(inspecting: Callable[..., None], kiosk: Any) -> None:
    inspecting()
    key = str(uuid.uuid4())
    first = kiosk.post(SIGNATURES, {"message": MESSAGE.hex()}, key)
    assert first.status_code == 200
    assert kiosk.post(SIGNATURES, {"message": MESSAGE.hex()}, key).json() == first.json()
    assert kiosk.post(SIGNATURES, {"message": MESSAGE[::-1].hex()}, key).status_code == 422


@pytest.mark.parametrize(
    "message", [b"", bytes(23), bytes(145), b"\x7f\x4e\x20" + bytes(60), b"\x7f\x21\x81\x80" + bytes(130)]
)
def test_nothing_but_a_challenge_is_signed(inspecting: Callable[..., None], kiosk: Any, message: bytes) -> None:
    inspecting()
    assert kiosk.post(SIGNATURES, {"message": message.hex()}).status_code == 422


def test_what_was_signed_stands_in_no_log(
    inspecting: Callable[..., None], kiosk: Any, caplog: pytest.LogCaptureFixture
) -> None:
    inspecting()
    caplog.set_level(logging.INFO)
    message = b"099017699" + bytes(30)
    assert kiosk.post(SIGNATURES, {"message": message.hex()}).status_code == 200
    assert "terminal signature for kiosk B" in caplog.text
    assert "099017699" not in caplog.text
    assert message.hex() not in caplog.text


@pytest.mark.parametrize(
    "key",
    [TerminalKey(Path("/nonexistent/module.so"), "terminal", PIN), TerminalKey(MODULE, "another token", PIN)],
    ids=["no module", "no token"],
)
def test_a_token_that_is_gone_is_a_failed_dependency_and_leaves_no_key_at_work(
    site: Site, inspecting: Callable[..., None], kiosk: Any, key: TerminalKey
) -> None:
    inspecting(key)
    write = str(uuid.uuid4())
    refused = kiosk.post(SIGNATURES, {"message": MESSAGE.hex()}, write)
    assert refused.status_code == 424
    assert kiosk.get(f"/v1/operations/terminal-signature/{write}").json()["state"] == "unknown"
    inspecting()
    assert kiosk.post(SIGNATURES, {"message": MESSAGE.hex()}, write).status_code == 200


def test_its_state_names_the_terminal_and_tells_whether_the_key_is_reached(
    inspecting: Callable[..., None], kiosk: Any, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    assert kiosk.get(STATE).status_code == 404
    inspecting()
    found = kiosk.get(STATE).json()
    terminal = site.world.laboratory.terminal
    assert (found["holder"], found["problem"]) == (LABEL, None)
    assert found["authority"] == parse_cv_certificate(terminal.certificate).authority.decode()
    assert found["effective"] < found["expires"]
    assert "terminal signature" not in caplog.text, "looking signs nothing"
    inspecting(TerminalKey(MODULE, "another token", PIN))
    answer = kiosk.get(STATE)
    assert (answer.status_code, answer.json()["problem"]) == (200, "NoSuchToken")


def test_certificates_that_cannot_be_read_are_a_failed_dependency(
    inspecting: Callable[..., None], kiosk: Any, tmp_path: Path
) -> None:
    (tmp_path / "certificates").mkdir()
    inspecting(certificates=tmp_path / "certificates")
    assert kiosk.get(CHAIN, authority="41").status_code == 424
    (tmp_path / "certificates" / "is.cvcert").write_bytes(b"rubbish")
    assert kiosk.post(SIGNATURES, {"message": MESSAGE.hex()}).status_code == 424


def test_a_refused_pin_is_never_tried_again(site: Site) -> None:
    key = site.key(pin="0000")
    with pytest.raises(KeyUnavailable, match="PinIncorrect"):
        key.sign(LABEL, ECDSA_FAMILY, 3, MESSAGE)
    with pytest.raises(KeyUnavailable, match="refused its PIN"):
        key.sign(LABEL, ECDSA_FAMILY, 3, MESSAGE)


def test_an_unknown_key_or_protocol_is_unavailable(site: Site) -> None:
    for label, family, number in (("nobody", ECDSA_FAMILY, 3), (LABEL, ECDSA_FAMILY, 9), ("rsa", 7, 1)):
        with pytest.raises(KeyUnavailable):
            site.key().sign(label, family, number, MESSAGE)


DIGESTS = {1: hashes.SHA1(), 2: hashes.SHA224(), 3: hashes.SHA256(), 4: hashes.SHA384(), 5: hashes.SHA512()}  # noqa: S303


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_every_protocol_with_an_elliptic_curve_signs_what_it_says(site: Site, number: int) -> None:
    signature = site.key().sign("p256", ECDSA_FAMILY, number, MESSAGE)
    assert len(signature) == 64
    encoded = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    site.p256.verify(encoded, MESSAGE, ec.ECDSA(DIGESTS[number]))


@pytest.mark.parametrize(
    ("number", "digest", "pss"), [(1, 1, False), (2, 3, False), (3, 1, True), (4, 3, True), (5, 5, False), (6, 5, True)]
)
def test_every_protocol_with_rsa_signs_what_it_says(site: Site, number: int, digest: int, pss: bool) -> None:
    signature = site.key().sign("rsa", RSA_FAMILY, number, MESSAGE)
    algorithm = DIGESTS[digest]
    mask = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size) if pss else padding.PKCS1v15()
    site.rsa.verify(signature, MESSAGE, mask, algorithm)


def test_the_settings_name_certificates_token_and_pin(gateway: Any, site: Site, tmp_path: Path) -> None:
    (tmp_path / "pin").write_text(PIN, "utf-8")
    terminal = Terminal(
        certificates=site.certificates, module=MODULE, token="terminal", pin=Secret(file=tmp_path / "pin")
    )
    settings = gateway.house.settings.model_copy(update={"terminal": terminal})
    opened = open_house(settings, gateway.clock)
    try:
        assert opened.inspection is not None
        assert len(opened.inspection.sign(MESSAGE)) == 64
    finally:
        gateway.client.run(opened.insurer.close())
        gateway.client.run(opened.bank.close())
        opened.store.close()
