"""Client of the VSS gateway: the card query `KQNhanLichSuKCB2024` (CV 1923/BHXH-CNTT of 20/06/2024).

A refused token is taken anew once; a time-out is never repeated: the insurer bars accounts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import httpx

from gateway.clock import Clock, day_of
from gateway.insurance.answers import Fields, parse, read_day, result_code, text
from gateway.insurance.channel import REFUSED, Answer, Channel
from gateway.insurance.copayment import Copayment, accumulated
from gateway.insurance.exchanges import Exchange
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.insurance.result_codes import Action
from gateway.insurance.rules import Rules
from gateway.insurance.tokens import Token, Tokens
from gateway.settings import Insurance, SettingsError

A = TypeVar("A")


@dataclass(frozen=True)
class CardFacts:
    """One card in an answer."""

    number: str = field(repr=False)
    valid_from: date | None
    valid_to: date | None
    facility: str
    facility_name: str | None


@dataclass(frozen=True)
class CardAnswer:
    """What the insurer said: result code, remark for staff, the cards it names, its own name and birth of the holder
    where it tells them, since when the insurance has had five years without a gap, and the exchanges as evidence."""

    code: str
    remark: str = field(repr=False)
    cards: tuple[CardFacts, ...] = field(repr=False)
    name: str = field(default="", repr=False)
    birth: str = field(default="", repr=False)
    five_years_from: date | None = None
    exchanges: tuple[Exchange, ...] = field(default=(), repr=False)


class Insurer:
    """Asks the insurer. One per gateway process: sessions are tied to one caller address."""

    def __init__(
        self, settings: Insurance, rules: Rules, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._rules = rules
        self._clock = clock
        self._operator_name = unicodedata.normalize("NFC", settings.operator_name.read())
        self.operator_number = settings.operator_number.read()
        if not re.fullmatch(r"[0-9]{12}", self.operator_number, re.ASCII):
            raise SettingsError("insurance.operator_number: the secret must be 12 digits")
        self._channel = Channel(settings.url, settings.timeout_seconds, clock, transport)
        self._tokens = Tokens(settings, self._channel, clock)

    async def close(self) -> None:
        """Close the connections."""
        await self._tokens.close()
        await self._channel.close()

    async def card(self, number: str, name: str, birth: str) -> CardAnswer:
        """Ask for a card. `birth` as `wire_birth` writes it. Raises InsurerUnavailable."""
        return await self._with_token(lambda token: self._query(token, number, name, birth), self._card_answer)

    async def _with_token(self, query: Callable[[Token], Awaitable[Answer]], read: Callable[[Answer], A | None]) -> A:
        """Ask with the shared token, once more with a new one when it was refused, then never again."""
        token = await self._tokens.take()
        answer = await query(token)
        found = read(answer)
        if found is not None:
            return found
        try:
            token = await self._tokens.take(instead_of=token)
            second = await query(token)
            found = read(second)
        except InsurerUnavailable as error:
            raise error.after((answer.exchange,)) from None
        if found is None:
            exchanges = (answer.exchange, second.exchange)
            raise InsurerUnavailable(InsurerFault.ACCOUNT_REFUSED, "token refused twice", exchanges)
        return found

    async def _query(self, token: Token, number: str, name: str, birth: str) -> Answer:
        return await self._channel.post(
            self._settings.card_path,
            params={
                "token": token.access,
                "id_token": token.id,
                "username": self._settings.username,
                "password": self._tokens.password_hash,
            },
            json={
                "maThe": number,
                "hoTen": wire_name(name),
                "ngaySinh": birth,
                "hoTenCb": self._operator_name,
                "cccdCb": self.operator_number,
            },
        )

    async def copayment(self, number: str, name: str, birth: str) -> Copayment:
        """What the patient has paid beside the fund this year (TraCuuTienMCCT, CV 1839/CNTT-PM of 18/08/2026).

        Raises InsurerUnavailable; ValueError where the settings name no path for it.
        """
        path = self._settings.copayment_path
        if path is None:
            raise ValueError("insurance.copayment_path is not set")
        found: str = path

        async def query(token: Token) -> Answer:
            return await self._channel.post(
                found,
                headers={
                    "accessToken": token.access,
                    "tokenId": token.id,
                    "passwordHash": self._tokens.password_hash,
                },
                json={
                    "username": self._settings.username,
                    "maThe": number,
                    "hoTen": wire_name(name),
                    "ngaySinh": birth,
                },
            )

        return await self._with_token(query, self._copayment)

    def _card_answer(self, answer: Answer) -> CardAnswer | None:
        """None: the token was refused."""
        if answer.status in REFUSED:
            return None
        body = parse(answer)
        code, remark = result_code(body), text(body, "ghiChu")
        if self._is_token(code) or "token không đúng" in unicodedata.normalize("NFC", remark).lower():
            return None
        if not code:
            raise InsurerUnavailable(InsurerFault.ERROR, "the answer has no maKetQua", (answer.exchange,))
        return CardAnswer(
            code,
            remark[:500],
            _cards(body),
            name=text(body, "hoTen"),
            birth=text(body, "ngaySinh"),
            five_years_from=read_day(text(body, "ngayDu5Nam")),
            exchanges=(answer.exchange,),
        )

    def _copayment(self, answer: Answer) -> Copayment | None:
        if answer.status in REFUSED:
            return None
        body = parse(answer)
        code = result_code(body)
        if self._is_token(code):
            return None
        if code not in {"200", "204"}:
            raise InsurerUnavailable(InsurerFault.ERROR, f"MaKetQua {code}", (answer.exchange,))
        return Copayment(accumulated(body) if code == "200" else 0, answer.exchange)

    def _is_token(self, code: str) -> bool:
        return self._rules.result_code(code, day_of(self._clock.now())).action is Action.TOKEN


def wire_name(name: str) -> str:
    """A name as the insurer compares it: composed letters (NFC), one blank between words."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def wire_birth(birth: str) -> str:
    """yyyy, yyyy-mm or yyyy-mm-dd as the insurer reads it: dd/MM/yyyy, or the year alone when the day is unknown."""
    parts = birth.split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 and "00" not in parts[1:] else parts[0]


def _cards(body: Fields) -> tuple[CardFacts, ...]:
    """The asked card and the newer one, where the answer has them."""
    cards = (
        CardFacts(
            text(body, "maThe").upper(),
            read_day(text(body, "gtTheTu")),
            read_day(text(body, "gtTheDen")),
            text(body, "maDKBD"),
            text(body, "tenDKBD") or None,
        ),
        CardFacts(
            text(body, "maTheMoi").upper(),
            read_day(text(body, "gtTheTuMoi")),
            read_day(text(body, "gtTheDenMoi")),
            text(body, "maDKBDMoi"),
            text(body, "tenDKBDMoi") or None,
        ),
    )
    return tuple(card for card in cards if card.number)
