"""What a gateway, a proxy or a stranger may answer: every answer becomes a value or one error with a reason."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.contract import models as wire
from services.contract import routes
from services.failures import code_of
from services.gateway_client import GatewayError, GatewayReason, identity
from services.gateway_client.channel import Channel
from services.gateway_client.http import Call, Http, Place
from services.gateway_client.nonces import Nonces
from services.gateway_client.token import Tokens
from services.journeys.offload import InlineOffload

Reply = tuple[int, str, bytes]
TOKEN = (200, "application/json", b'{"access_token": "t", "expires_in": 300}')


class Stranger:
    """A loopback server that answers whatever a test tells it; a double, because no real gateway says such things."""

    def __init__(self) -> None:
        self.replies: dict[str, Callable[[], Reply]] = {routes.TOKEN: lambda: TOKEN}
        self.seen: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                path = self.path.split("?")[0]
                outer.seen.append((path, dict(self.headers)))
                status, kind, body = outer.replies[path]()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if status in {301, 302, 307}:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class FixedClock:
    """Time stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 21, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    server = Stranger()
    yield server
    server.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def who() -> identity.Identity:
    enrolment = identity.Enrolment("http://x", "kiosk-1", "ab" * 32, "http://gateway.test")
    return identity.Identity(Ed25519PrivateKey.generate(), enrolment, identity.KeyPlace.FILE)


@pytest.fixture
def channel(stranger: Stranger, clock: FixedClock, who: identity.Identity) -> Iterator[Channel]:
    http = Http(stranger.url, None, 1.0)
    yield Channel(http, Tokens(http, who), InlineOffload(), clock)
    http.close()


PROBLEM = b'{"title": "No", "status": %d, "code": "BH-103"}'


@pytest.mark.trio
@pytest.mark.parametrize(
    ("reply", "reason", "code", "online"),
    [
        ((200, "text/html", b"<html>Welcome to the hotel's network</html>"), GatewayReason.SERVER, "GW-202", False),
        ((200, "application/json", b'{"place": 3}'), GatewayReason.SERVER, "GW-202", False),
        ((200, "application/json", b""), GatewayReason.SERVER, "GW-202", False),
        ((200, "application/json", b"\xff\xfe\x00" * 999), GatewayReason.SERVER, "GW-202", False),
        ((302, "text/html", b""), GatewayReason.SERVER, "GW-202", False),
        ((500, "text/plain", b"oops"), GatewayReason.SERVER, "GW-202", False),
        ((502, "text/html", b"<html>bad gateway</html>"), GatewayReason.SERVER, "GW-202", False),
        ((503, "application/problem+json", PROBLEM % 503), GatewayReason.SERVER, "BH-103", True),
        ((403, "application/problem+json", b"{}"), GatewayReason.REFUSED, "GW-204", True),
        ((404, "text/plain", b"no"), GatewayReason.CONFLICT, "GW-205", True),
        ((422, "application/problem+json", PROBLEM % 422), GatewayReason.CONFLICT, "BH-103", True),
    ],
)
async def test_every_answer_has_a_reason_and_a_code(
    stranger: Stranger, channel: Channel, reply: Reply, reason: GatewayReason, code: str, online: bool
) -> None:
    stranger.replies[routes.SITE] = lambda: reply
    with pytest.raises(GatewayError) as caught:
        await channel.ask(Place.CITIZEN, Call("GET", routes.SITE), wire.Site)
    assert caught.value.reason is reason and code_of(caught.value) == code
    assert channel.online is online


@pytest.mark.trio
async def test_what_cannot_be_understood_is_named_without_its_values(stranger: Stranger, channel: Channel) -> None:
    stranger.replies[routes.CLINICS] = lambda: (200, "application/json", b'{"clinics": [{"id": "NGUYEN VAN A"}]}')
    with pytest.raises(GatewayError) as caught:
        await channel.ask(Place.CITIZEN, Call("GET", routes.CLINICS), wire.Clinics)
    assert "clinics.0.name" in str(caught.value) and "NGUYEN" not in str(caught.value)


@pytest.mark.trio
async def test_a_refused_token_is_renewed_once_and_no_more(stranger: Stranger, channel: Channel) -> None:
    stranger.replies[routes.SITE] = lambda: (401, "application/problem+json", b"{}")
    with pytest.raises(GatewayError):
        await channel.send(Place.CITIZEN, Call("GET", routes.SITE))
    assert [path for path, _ in stranger.seen] == [routes.TOKEN, routes.SITE, routes.TOKEN, routes.SITE]


@pytest.mark.trio
async def test_a_token_is_fetched_once_for_many_questions(stranger: Stranger, channel: Channel) -> None:
    stranger.replies[routes.SITE] = lambda: (200, "application/json", b"{}")
    for _ in range(3):
        await channel.send(Place.CITIZEN, Call("GET", routes.SITE))
    assert [path for path, _ in stranger.seen].count(routes.TOKEN) == 1
    assert stranger.seen[-1][1]["Authorization"] == "Bearer t"


@pytest.mark.trio
async def test_a_token_that_is_no_token_is_the_gateways_fault(stranger: Stranger, channel: Channel) -> None:
    stranger.replies[routes.TOKEN] = lambda: (200, "application/json", b"[]")
    with pytest.raises(GatewayError) as caught:
        await channel.send(Place.CITIZEN, Call("GET", routes.SITE))
    assert caught.value.reason is GatewayReason.SERVER and not caught.value.sent


def test_an_assertion_names_the_kiosk_lives_a_minute_and_is_never_the_same(who: identity.Identity) -> None:
    tokens = Tokens(Http("http://127.0.0.1:9", None, 1.0), who)
    first, second = tokens.assertion(), tokens.assertion()
    claims = jwt.decode(first, who.key.public_key(), algorithms=["EdDSA"], audience="http://gateway.test")
    assert (claims["iss"], claims["sub"]) == ("kiosk-1", "kiosk-1") and claims["exp"] - claims["iat"] <= 60
    other = jwt.decode(second, who.key.public_key(), algorithms=["EdDSA"], audience="http://gateway.test")
    assert other["jti"] != claims["jti"]


# --- nonces


def batch(clock: FixedClock, *values: str) -> wire.NonceBatch:
    nonces = tuple(wire.IssuedNonce(id=f"n{value}", value=value * 16) for value in values)
    return wire.NonceBatch(nonces=nonces, expires_at=clock.now() + timedelta(minutes=10))


def test_a_nonce_is_given_once_and_never_close_to_its_end(clock: FixedClock) -> None:
    nonces = Nonces(clock)
    nonces.keep(batch(clock, "A", "B", "C"))
    assert nonces.take().id == "nA" and not nonces.low
    clock.time += timedelta(minutes=8, seconds=31)
    assert nonces.low and nonces.take().id is None


# --- the key


def test_a_key_is_made_once_private_and_whole(tmp_path: Path) -> None:
    state = tmp_path / "state"
    first, second = identity.make_key(state), identity.make_key(state)
    assert identity.public_hex(first) == identity.public_hex(second)
    assert (state / identity.KEY).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in state.iterdir()] == [identity.KEY]


def test_a_key_file_that_is_no_key_is_never_overwritten(tmp_path: Path) -> None:
    identity.write_private(tmp_path / identity.KEY, b"rubbish")
    with pytest.raises(identity.IdentityError) as caught:
        identity.make_key(tmp_path)
    assert caught.value.reason is identity.IdentityFault.UNREADABLE
    assert (tmp_path / identity.KEY).read_bytes() == b"rubbish"


def test_an_identity_shows_no_key_when_printed(who: identity.Identity) -> None:
    assert "kiosk-1" not in repr(who) and "Ed25519" not in repr(who)
