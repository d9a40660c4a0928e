"""The gateway is known by the authority of the settings and by nothing else."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.gateway_client import GatewayError, GatewayReason
from services.gateway_client.http import Call, Http, Place

NOW = datetime.now(UTC)


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """An invented authority that signs servers."""

    def __init__(self, folder: Path, who: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = name(who)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        certificate = (
            self._begin(self.name, self.key.public_key())
            .add_extension(x509.BasicConstraints(True, None), True)
            .add_extension(usage, True)
            .sign(self.key, hashes.SHA256())
        )
        self.file = folder / f"{who}.pem"
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def _begin(self, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key)
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)
        ours = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(ours, False)
        return builder.not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=1))

    def server(self, folder: Path, host: str) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
        builder = self._begin(name("gateway"), key.public_key()).add_extension(address, False)
        certificate = builder.sign(self.key, hashes.SHA256())
        file = folder / "server.pem"
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
        return file


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "ours")


@pytest.fixture(params=["127.0.0.1", "192.0.2.7"])
def certified_for(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def url(authority: Authority, tmp_path: Path, certified_for: str) -> Iterator[str]:
    class Quiet(HTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A refused handshake is what some tests want."""

    server = Quiet(("127.0.0.1", 0), Hello)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server(tmp_path, certified_for))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def reach(url: str, ca: Path | None) -> bytes:
    http = Http(url, ca, 2.0)
    try:
        return http.send(Place.CITIZEN, Call("GET", "/v1/site"), None).body
    finally:
        http.close()


def refused(url: str, ca: Path | None) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        reach(url, ca)
    return caught.value


@pytest.mark.parametrize("certified_for", ["127.0.0.1"], indirect=True)
def test_the_authority_of_the_settings_is_trusted(url: str, authority: Authority) -> None:
    assert reach(url, authority.file) == b"{}"


@pytest.mark.parametrize("certified_for", ["127.0.0.1"], indirect=True)
def test_another_authority_of_the_same_name_is_not(url: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    error = refused(url, Authority(tmp_path / "other", "ours").file)
    assert error.reason is GatewayReason.NO_NETWORK and "certificate" in str(error) and not error.sent


@pytest.mark.parametrize("certified_for", ["127.0.0.1"], indirect=True)
def test_the_systems_authorities_do_not_know_an_invented_one(url: str) -> None:
    assert refused(url, None).reason is GatewayReason.NO_NETWORK


@pytest.mark.parametrize("certified_for", ["192.0.2.7"], indirect=True)
def test_a_certificate_for_another_address_is_refused(url: str, authority: Authority) -> None:
    said = str(refused(url, authority.file))
    assert "certificate" in said and "IP address mismatch" in said, "why, for the technician"


@pytest.mark.parametrize("certified_for", ["127.0.0.1"], indirect=True)
def test_an_authority_file_that_is_missing_is_an_error_not_a_crash(url: str, tmp_path: Path) -> None:
    assert refused(url, tmp_path / "no.pem").reason is GatewayReason.SERVER
