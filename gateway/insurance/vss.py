"""Client of the VSS gateway: a token shared by all, and the card query `KQNhanLichSuKCB2024`.

Token, id token and the hash of the password travel in the query string of the card call, so no address is ever
logged and the loggers of the HTTP library stay silent. A time-out is never repeated: the insurer bars accounts.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import httpx

from gateway.clock import Clock
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.insurance.rules import Action, Rules
from gateway.settings import Insurance

log = logging.getLogger(__name__)

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

TOKEN_MARGIN = timedelta(seconds=30)
"""A token is not used any more this long before it expires."""


@dataclass(frozen=True)
class CardFacts:
    """One card in an answer."""

    number: str
    valid_from: date | None
    valid_to: date | None
    facility: str
    facility_name: str | None


@dataclass(frozen=True)
class CardAnswer:
    """What the insurer said: the result code, its remark for staff, the cards it names, and the raw bytes."""

    code: str
    remark: str
    cards: tuple[CardFacts, ...]
    raw: bytes


@dataclass(frozen=True)
class _Token:
    access: str
    id: str
    good_until: datetime


class Insurer:
    """Asks the insurer. One per gateway process: sessions are tied to one caller address."""

    def __init__(self, settings: Insurance, rules: Rules, clock: Clock) -> None:
        self._settings = settings
        self._rules = rules
        self._clock = clock
        self._password = hashlib.md5(settings.password.read().encode(), usedforsecurity=False).hexdigest().upper()
        self._operator_name = settings.operator_name.read()
        self._operator_number = settings.operator_number.read()
        self._client = httpx.AsyncClient(base_url=settings.url, timeout=settings.timeout_seconds)
        self._token: _Token | None = None
        self._taking = asyncio.Lock()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def card(self, number: str, name: str, birth: str) -> CardAnswer:
        """Ask for a card. `birth` as `wire_birth` writes it. Raises InsurerUnavailable."""
        token = await self._take()
        answer = await self._query(token, number, name, birth)
        if answer is None:
            token = await self._take(instead_of=token)
            answer = await self._query(token, number, name, birth)
        if answer is None:
            raise InsurerUnavailable(InsurerFault.ACCOUNT_REFUSED, "token refused twice")
        return answer

    async def _query(self, token: _Token, number: str, name: str, birth: str) -> CardAnswer | None:
        """One card call; None when the token was refused."""
        response = await self._post(
            self._settings.card_path,
            params={
                "token": token.access,
                "id_token": token.id,
                "username": self._settings.username,
                "password": self._password,
            },
            json={
                "maThe": number,
                "hoTen": name,
                "ngaySinh": birth,
                "hoTenCb": self._operator_name,
                "cccdCb": self._operator_number,
            },
        )
        if response.status_code in {401, 403}:
            return None
        body = _json(response)
        code = _text(body, "maKetQua")
        if self._rules.result_code(code).action is Action.TOKEN or "token không đúng" in _text(body, "ghiChu").lower():
            return None
        return CardAnswer(code, _text(body, "ghiChu"), _cards(body), response.content)

    async def _take(self, instead_of: _Token | None = None) -> _Token:
        """The shared token; whoever comes while one is being taken waits for that one."""
        async with self._taking:
            token = self._token
            if token is not None and token is not instead_of and self._clock.now() < token.good_until:
                return token
            self._token = None
            self._token = await self._new_token()
            return self._token

    async def _new_token(self) -> _Token:
        response = await self._post(
            self._settings.token_path, data={"username": self._settings.username, "password": self._password}
        )
        if response.status_code in {401, 403}:
            raise InsurerUnavailable(InsurerFault.ACCOUNT_REFUSED, f"token: HTTP {response.status_code}")
        body = _json(response)
        code = _text(body, "maKetQua")
        if code != "200":
            fault = InsurerFault.ACCOUNT_REFUSED if code == "401" else InsurerFault.ERROR
            raise InsurerUnavailable(fault, f"token: maKetQua {code}")
        key = body.get("APIKey")
        fields = cast("dict[str, Any]", key) if isinstance(key, dict) else {}
        try:
            good_until = read_expiry(_text(fields, "expires_in")) - TOKEN_MARGIN
            return _Token(fields["access_token"], fields["id_token"], good_until)
        except (KeyError, ValueError) as error:
            raise InsurerUnavailable(InsurerFault.ERROR, "token: unreadable answer") from error

    async def _post(self, path: str, **request: Any) -> httpx.Response:
        try:
            response = await self._client.post(path, **request)
        except httpx.TimeoutException as error:
            raise InsurerUnavailable(InsurerFault.TOO_SLOW, f"{path}: no answer in time") from error
        except (httpx.HTTPError, OSError) as error:
            raise InsurerUnavailable(InsurerFault.NO_NETWORK, f"{path}: {type(error).__name__}") from error
        if response.status_code >= 400 and response.status_code not in {401, 403}:
            raise InsurerUnavailable(
                InsurerFault.ERROR, f"{path}: HTTP {response.status_code}", response.content[:4096]
            )
        return response


def wire_birth(birth: str) -> str:
    """yyyy, yyyy-mm or yyyy-mm-dd as the insurer reads it: yyyy, MM/yyyy or dd/MM/yyyy."""
    return "/".join(reversed(birth.split("-")))


def read_expiry(text: str) -> datetime:
    """`expires_in`: an absolute UTC time with up to 7 fractional digits. ValueError for anything else."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z?", text.strip())
    if match is None:
        raise ValueError("not a time")
    return datetime.fromisoformat(f"{match[1]}.{(match[2] or '0')[:6]:0<6}").replace(tzinfo=UTC)


def read_day(text: str) -> date | None:
    """dd/MM/yyyy; None for an empty or unreadable one."""
    match = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text.strip())
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body: object = response.json()
    except ValueError as error:
        raise InsurerUnavailable(InsurerFault.ERROR, "the answer is not JSON", response.content[:4096]) from error
    if not isinstance(body, dict):
        raise InsurerUnavailable(InsurerFault.ERROR, "the answer is not an object", response.content[:4096])
    return cast("dict[str, Any]", body)


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    return "" if value is None else str(value).strip()


def _cards(body: Mapping[str, Any]) -> tuple[CardFacts, ...]:
    """The asked card and the newer one, where the answer has them."""
    cards = (
        CardFacts(
            _text(body, "maThe"),
            read_day(_text(body, "gtTheTu")),
            read_day(_text(body, "gtTheDen")),
            _text(body, "maDKBD"),
            _text(body, "tenDKBD") or None,
        ),
        CardFacts(
            _text(body, "maTheMoi"),
            read_day(_text(body, "gtTheTuMoi")),
            read_day(_text(body, "gtTheDenMoi")),
            _text(body, "maDKBDMoi"),
            _text(body, "tenDKBDMoi") or None,
        ),
    )
    return tuple(card for card in cards if card.number)
