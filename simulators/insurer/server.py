"""The insurer's HTTP side: tokens that live shortly and belong to a caller address, card questions, and outages."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from simulators.insurer import cards

TOKEN_PATH = "/api/token/take"  # noqa: S105 - a path
CARD_PATH = "/api/egw/KQNhanLichSuKCB2024"
COPAYMENT_PATH = "/api/TraCuuCCT/TraCuuTienMCCT"
STATUSES = {"error": 500, "maintenance": 503, "forbidden": 403, "unauthorised": 401, "not-implemented": 501}
"""Outages that are a status with a page for people."""
OUTAGES = ("none", "refuse", "reset", *STATUSES, "rubbish", "empty", "cut", "huge", "trickle", "silent")
TRICKLE_SECONDS = 0.2


@dataclass(frozen=True)
class Account:
    """The hospital's account and the member of staff it registered."""

    username: str = "99001_BV"
    password: str = "demo-insurer-password"  # noqa: S105 - of an invented account
    operator_name: str = "Nguyễn Thị Thử Nghiệm"
    operator_number: str = "099180999901"


@dataclass
class Play:
    """How the world is at the moment; changed by verbs, read by every request."""

    delay: float = 0.0
    outage: str = "none"
    token_seconds: float = 600.0
    barred: bool = False
    """The account gets no token."""
    played: cards.Played = field(default_factory=cards.Played)
    tokens: dict[str, tuple[str, str, datetime]] = field(default_factory=dict[str, tuple[str, str, datetime]])
    """Token to id token, caller address and end."""
    token_calls: int = 0
    card_calls: int = 0
    copayment_calls: int = 0
    last_code: str = ""
    last_birth: str = ""
    """How the last birth was written: digits as 0."""
    changed: threading.Event = field(default_factory=threading.Event)


class InsurerServer:
    """Serves on one port; `stop_listening` makes connections be refused on it, `listen` takes it back."""

    def __init__(self, account: Account, play: Play, port: int = 0) -> None:
        self.account = account
        self.play = play
        self._port = port
        self._server: ThreadingHTTPServer | None = None
        self.listen()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def listen(self) -> None:
        """Accept connections (again)."""
        if self._server is not None:
            return
        server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler())
        server.daemon_threads = True
        self._port = server.server_address[1]
        self._server = server
        threading.Thread(target=server.serve_forever, args=(0.05,), name="insurer", daemon=True).start()

    def stop_listening(self) -> None:
        """Refuse connections."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                play = owner.play
                if play.delay:
                    threading.Event().wait(play.delay)
                if play.outage == "silent":
                    play.changed.wait(120)
                if play.outage in {"reset", "refuse", "silent"}:
                    self.close_connection = True
                    return
                if play.outage != "none":
                    self.fail(play.outage)
                    return
                url = urlsplit(self.path)
                if url.path == TOKEN_PATH:
                    self.json(owner.take_token(body, self.headers.get("Content-Type", ""), self.client_address[0]))
                elif url.path == CARD_PATH:
                    query = {key: values[0] for key, values in parse_qs(url.query).items()}
                    self.json_or_401(owner.card(query, body, self.client_address[0]))
                elif url.path == COPAYMENT_PATH:
                    self.json_or_401(owner.copayment(dict(self.headers.items()), body, self.client_address[0]))
                else:
                    self.answer(404, b"", "text/plain")

            def fail(self, kind: str) -> None:
                """Answer as an outage does."""
                if kind in STATUSES:
                    self.answer(STATUSES[kind], b"<html>Service</html>", "text/html")
                elif kind == "rubbish":
                    self.answer(200, b"<html>Runtime Error</html>", "text/html")
                elif kind == "empty":
                    self.answer(200, b"{}", "application/json")
                elif kind == "huge":
                    self.answer(200, b" " * (8 << 20) + b"{}", "application/json")
                else:
                    self.send_response(200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", "1000")
                    self.end_headers()
                    self.wfile.write(b'{"maKetQua": "0')
                    self.close_connection = True
                    while kind == "trickle" and owner.play.outage == "trickle":
                        self.wfile.write(b" ")
                        self.wfile.flush()
                        owner.play.changed.wait(TRICKLE_SECONDS)

            def json_or_401(self, answer: dict[str, Any] | None) -> None:
                if answer is None:
                    self.answer(401, b"", "text/plain")
                else:
                    self.json(answer)

            def json(self, answer: dict[str, Any]) -> None:
                self.answer(200, json.dumps(answer, ensure_ascii=False).encode(), "application/json; charset=utf-8")

            def answer(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet: paths hold tokens."""

        return Handler

    def take_token(self, body: bytes, kind: str, caller: str) -> dict[str, Any]:
        """POST /api/token/take: form-encoded, JSON is understood too."""
        self.play.token_calls += 1
        if kind.startswith("application/json"):
            fields: dict[str, Any] = json.loads(body or b"{}")
        else:
            fields = {key: values[0] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}
        expected = hashlib.md5(self.account.password.encode(), usedforsecurity=False).hexdigest().upper()
        if (
            self.play.barred
            or fields.get("username") != self.account.username
            or str(fields.get("password", "")).upper() != expected
        ):
            return {"maKetQua": "401", "APIKey": None}
        token, id_token = secrets.token_hex(24), secrets.token_hex(24)
        ends = datetime.now(UTC) + timedelta(seconds=self.play.token_seconds)
        self.play.tokens[token] = (id_token, caller, ends)
        return {
            "maKetQua": "200",
            "APIKey": {
                "access_token": token,
                "id_token": id_token,
                "token_type": "Bearer",
                "username": self.account.username,
                "expires_in": f"{ends:%Y-%m-%dT%H:%M:%S}.{ends.microsecond:06}7Z",
            },
        }

    def card(self, query: dict[str, str], body: bytes, caller: str) -> dict[str, Any] | None:
        """POST KQNhanLichSuKCB2024; None is HTTP 401."""
        self.play.card_calls += 1
        answer = self._card(query, body, caller)
        self.play.last_code = "HTTP 401" if answer is None else str(answer["maKetQua"])
        return answer

    def copayment(self, headers: dict[str, str], body: bytes, caller: str) -> dict[str, Any] | None:
        """POST TraCuuTienMCCT; None is HTTP 401."""
        self.play.copayment_calls += 1
        lower = {key.lower(): value for key, value in headers.items()}
        if self._session(lower.get("accesstoken", ""), lower.get("tokenid", ""), caller) is not True:
            return None
        try:
            return cards.copayment(json.loads(body), self.play.played)
        except ValueError:
            return {"MaKetQua": 400, "GhiChu": "", "DataCCT": None}

    def _session(self, token: str, id_token: str, caller: str) -> bool | None:
        """Whether the session stands; None when it is not known here or belongs to another caller."""
        known, owner, ends = self.play.tokens.get(token, ("", "", datetime.now(UTC)))
        if not known or known != id_token or owner != caller:
            return None
        return ends >= datetime.now(UTC)

    def _card(self, query: dict[str, str], body: bytes, caller: str) -> dict[str, Any] | None:
        session = self._session(query.get("token", ""), query.get("id_token", ""), caller)
        if session is None:
            return None
        if not session:
            return {"maKetQua": "501", "ghiChu": cards.REMARKS["501"]}
        try:
            question: dict[str, Any] = json.loads(body)
        except ValueError:
            return {"maKetQua": "205", "ghiChu": cards.REMARKS["205"]}
        self.play.last_birth = re.sub(r"[0-9]", "0", str(question.get("ngaySinh") or ""))
        if question.get("cccdCb") != self.account.operator_number:
            return {"maKetQua": "054", "ghiChu": cards.REMARKS["054"]}
        if question.get("hoTenCb") != self.account.operator_name:
            return {"maKetQua": "055", "ghiChu": cards.REMARKS["055"]}
        return cards.look_up(question, self.play.played)
