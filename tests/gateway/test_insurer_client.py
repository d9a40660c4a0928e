"""The insurer's client: what goes over the wire, tokens, and every way an answer can be none. No network."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import urllib.parse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from gateway.insurance.channel import LARGEST
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.insurance.rules import load_rules
from gateway.insurance.tokens import read_expiry
from gateway.insurance.vss import CardAnswer, Insurer, wire_birth, wire_name
from gateway.settings import Insurance, Secret, SettingsError

T = TypeVar("T")
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
RULES = load_rules()
CARD = {
    "maKetQua": "000", "ghiChu": "đúng", "maThe": "DN4999912345678", "hoTen": "Phạm Thị Thanh Hoa",
    "ngaySinh": "12/03/1994", "maDKBD": "99001", "gtTheTu": "01/01/2026", "gtTheDen": "31/12/2026",
    "ngayDu5Nam": "01/01/2020",
}  # fmt: skip


@dataclass
class Wire:
    """The insurer on the other end: counts, remembers, answers as it is told."""

    moment: datetime = NOON
    life: timedelta = timedelta(minutes=10)
    skew: timedelta = timedelta()
    tells_time: bool = True
    token_calls: int = 0
    card_calls: int = 0
    requests: list[httpx.Request] = field(default_factory=list[httpx.Request])
    token: Callable[[], httpx.Response] | None = None
    card: Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]] | None = None
    hold: asyncio.Event | None = None
    refuse: set[str] = field(default_factory=set[str])

    def now(self) -> datetime:
        return self.moment

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path == "/api/token/take":
            self.token_calls += 1
            if self.hold is not None:
                await self.hold.wait()
            return self.token() if self.token is not None else self.good_token()
        self.card_calls += 1
        if request.url.params.get("token", request.headers.get("accessToken")) in self.refuse:
            return httpx.Response(401)
        if self.card is None:
            return httpx.Response(200, json=CARD)
        answer = self.card(request)
        return answer if isinstance(answer, httpx.Response) else await answer

    def good_token(self) -> httpx.Response:
        server = self.moment + self.skew
        key = {
            "access_token": f"access-{self.token_calls}",
            "id_token": "identity",
            "expires_in": f"{server + self.life:%Y-%m-%dT%H:%M:%S}.1234567Z",
        }
        headers = {"Date": format_datetime(server, usegmt=True)} if self.tells_time else {}
        return httpx.Response(200, json={"maKetQua": "200", "APIKey": key}, headers=headers)


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def settings(tmp_path: Path) -> Insurance:
    for name, value in {"password": "mật khẩu", "name": "Người Thử", "number": "099180999901"}.items():
        (tmp_path / name).write_text(value, encoding="utf-8")
    return Insurance(
        url="https://insurer.invalid",
        username="99001_BV",
        password=Secret(file=tmp_path / "password"),
        operator_name=Secret(file=tmp_path / "name"),
        operator_number=Secret(file=tmp_path / "number"),
        timeout_seconds=30,
        facility="99001",
        copayment_path="/api/TraCuuCCT/TraCuuTienMCCT",
    )


@pytest.fixture
def with_insurer(settings: Insurance, wire: Wire) -> Callable[..., Any]:
    """Runs a story with a client whose wire is the test's."""

    def run(story: Callable[[Insurer], Awaitable[T]], **changes: Any) -> T:
        async def whole() -> T:
            changed = settings.model_copy(update=changes)
            insurer = Insurer(changed, RULES, wire, httpx.MockTransport(wire))
            try:
                return await story(insurer)
            finally:
                await insurer.close()

        return asyncio.run(whole())

    return run


def hoa(insurer: Insurer) -> Awaitable[CardAnswer]:
    return insurer.card("099194000514", "Phạm  Thị Thanh Hoa ", "12/03/1994")


async def fails(work: Awaitable[object]) -> InsurerUnavailable:
    with pytest.raises(InsurerUnavailable) as caught:
        await work
    return caught.value


# --- what goes over the wire


def test_the_token_is_asked_with_the_account_and_the_capital_md5(with_insurer: Any, wire: Wire) -> None:
    with_insurer(hoa)
    sent = wire.requests[0]
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded"
    assert urllib.parse.parse_qs(sent.content.decode()) == {
        "username": ["99001_BV"],
        "password": [hashlib.md5("mật khẩu".encode(), usedforsecurity=False).hexdigest().upper()],
    }


def test_the_card_is_asked_as_the_function_of_2024_wants_it(with_insurer: Any, wire: Wire) -> None:
    with_insurer(hoa)
    sent = wire.requests[1]
    assert sent.url.path == "/api/egw/KQNhanLichSuKCB2024"
    assert set(sent.url.params) == {"token", "id_token", "username", "password"}
    assert sent.url.params["token"] == "access-1"
    assert json.loads(sent.content) == {
        "maThe": "099194000514",
        "hoTen": "Phạm Thị Thanh Hoa",
        "ngaySinh": "12/03/1994",
        "hoTenCb": "Người Thử",
        "cccdCb": "099180999901",
    }


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("1994-03-12", "12/03/1994"),
        ("1952", "1952"),
        ("1952-07", "1952"),
        ("1952-00-00", "1952"),
        ("1952-07-00", "1952"),
    ],
)
def test_births_whose_day_is_unknown_are_asked_as_years(ours: str, theirs: str) -> None:
    assert wire_birth(ours) == theirs


def test_names_are_asked_with_composed_letters_and_single_blanks() -> None:
    assert wire_name(" Phạm  Thị\tHoa ") == "Phạm Thị Hoa"


def test_the_answer_is_read_with_everything_it_tells(with_insurer: Any) -> None:
    found = with_insurer(hoa)
    assert (found.code, found.remark, found.name, found.birth) == ("000", "đúng", "Phạm Thị Thanh Hoa", "12/03/1994")
    assert [card.number for card in found.cards] == ["DN4999912345678"]
    assert found.five_years_from is not None and found.five_years_from.year == 2020
    kept = found.exchanges[0]
    assert (kept.status, kept.asked_at, kept.path) == (200, NOON, "/api/egw/KQNhanLichSuKCB2024")
    assert "DN4999912345678" not in repr(found) and "Hoa" not in repr(found)


def test_an_operator_without_a_number_of_twelve_digits_is_found_at_the_start(
    settings: Insurance, wire: Wire, tmp_path: Path
) -> None:
    (tmp_path / "number").write_text("12345", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"operator_number.*12 digits") as caught:
        Insurer(settings, RULES, wire)
    assert "12345" not in str(caught.value)


# --- the token's life


def test_the_tokens_end_is_an_absolute_time_with_seven_digits() -> None:
    assert read_expiry("2026-01-01T03:51:20.1234567Z").isoformat() == "2026-01-01T03:51:20.123456+00:00"
    assert read_expiry("2026-01-01T03:51:20").isoformat() == "2026-01-01T03:51:20+00:00"
    for wrong in ("600", "", "2026-01-01", "01/01/2026 03:51:20", "2026-13-01T00:00:00Z"):
        with pytest.raises(ValueError):
            read_expiry(wrong)


@pytest.mark.parametrize(
    ("later", "tokens"), [(timedelta(minutes=9, seconds=29), 1), (timedelta(minutes=9, seconds=31), 2)]
)
def test_a_token_serves_until_half_a_minute_before_its_end(
    with_insurer: Any, wire: Wire, later: timedelta, tokens: int
) -> None:
    async def story(insurer: Insurer) -> None:
        await hoa(insurer)
        wire.moment += later
        await hoa(insurer)

    with_insurer(story)
    assert (wire.token_calls, wire.card_calls) == (tokens, 2)


@pytest.mark.parametrize("skew", [timedelta(hours=-5), timedelta(hours=5)])
def test_a_clock_of_ours_that_is_wrong_does_not_cost_a_token_for_each_question(
    with_insurer: Any, wire: Wire, skew: timedelta
) -> None:
    wire.skew = skew

    async def story(insurer: Insurer) -> None:
        await hoa(insurer)
        await hoa(insurer)
        wire.moment += timedelta(minutes=10)
        await hoa(insurer)

    with_insurer(story)
    assert wire.token_calls == 2


def test_without_the_insurers_clock_ours_counts(with_insurer: Any, wire: Wire) -> None:
    wire.tells_time = False

    async def story(insurer: Insurer) -> None:
        await hoa(insurer)
        await hoa(insurer)

    with_insurer(story)
    assert wire.token_calls == 1


def test_whoever_asks_while_a_token_is_taken_waits_for_that_one(with_insurer: Any, wire: Wire) -> None:
    async def story(insurer: Insurer) -> None:
        wire.hold = asyncio.Event()
        many = [asyncio.ensure_future(hoa(insurer)) for _ in range(20)]
        while wire.token_calls == 0:
            await asyncio.sleep(0)
        wire.hold.set()
        assert {found.code for found in await asyncio.gather(*many)} == {"000"}

    with_insurer(story)
    assert (wire.token_calls, wire.card_calls) == (1, 20)


def test_one_failure_of_a_token_is_everybodys_who_waited_for_it(with_insurer: Any, wire: Wire) -> None:
    wire.token = lambda: httpx.Response(500)

    async def story(insurer: Insurer) -> None:
        wire.hold = asyncio.Event()
        many = [asyncio.ensure_future(fails(hoa(insurer))) for _ in range(20)]
        while wire.token_calls == 0:
            await asyncio.sleep(0)
        wire.hold.set()
        assert {error.fault for error in await asyncio.gather(*many)} == {InsurerFault.ERROR}

    with_insurer(story)
    assert wire.token_calls == 1


def test_one_who_stops_waiting_does_not_take_the_token_away_from_the_others(with_insurer: Any, wire: Wire) -> None:
    async def story(insurer: Insurer) -> None:
        wire.hold = asyncio.Event()
        first, second = asyncio.ensure_future(hoa(insurer)), asyncio.ensure_future(hoa(insurer))
        while wire.token_calls == 0:
            await asyncio.sleep(0)
        first.cancel()
        wire.hold.set()
        assert (await second).code == "000"
        assert first.cancelled()

    with_insurer(story)
    assert wire.token_calls == 1


# --- refused


@pytest.mark.parametrize(
    "refusal",
    [
        httpx.Response(401),
        httpx.Response(403),
        httpx.Response(501),
        httpx.Response(200, json={"maKetQua": "401"}),
        httpx.Response(200, json={"maKetQua": 403}),
        httpx.Response(200, json={"maKetQua": "501"}),
        httpx.Response(200, json={"maKetQua": "9", "ghiChu": "Token không đúng."}),
    ],
    ids=["http-401", "http-403", "http-501", "401", "403", "501", "words"],
)
def test_a_refused_token_is_taken_anew_exactly_once(with_insurer: Any, wire: Wire, refusal: httpx.Response) -> None:
    wire.card = lambda request: refusal if request.url.params["token"] == "access-1" else httpx.Response(200, json=CARD)
    assert with_insurer(hoa).code == "000"
    assert (wire.token_calls, wire.card_calls) == (2, 2)
    wire.card = lambda _request: refusal
    error = with_insurer(lambda insurer: fails(hoa(insurer)))
    assert (error.fault, wire.token_calls, wire.card_calls) == (InsurerFault.ACCOUNT_REFUSED, 4, 4)
    assert len(error.exchanges) == 2, "both refusals are evidence"


def test_many_who_are_refused_at_once_take_one_new_token(with_insurer: Any, wire: Wire) -> None:
    async def story(insurer: Insurer) -> None:
        await hoa(insurer)
        wire.refuse.add("access-1")
        found = await asyncio.gather(*(hoa(insurer) for _ in range(10)))
        assert {one.code for one in found} == {"000"}

    with_insurer(story)
    assert wire.token_calls == 2


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(401), httpx.Response(403), httpx.Response(200, json={"maKetQua": "401", "APIKey": None})],
    ids=["http-401", "http-403", "401"],
)
def test_an_account_that_was_refused_rests(with_insurer: Any, wire: Wire, answer: httpx.Response) -> None:
    wire.token = lambda: answer

    async def story(insurer: Insurer) -> None:
        for _ in range(5):
            assert (await fails(hoa(insurer))).fault is InsurerFault.ACCOUNT_REFUSED
        assert wire.token_calls == 1, "the insurer bars accounts that keep on trying"
        wire.moment += timedelta(seconds=60)
        wire.token = None
        assert (await hoa(insurer)).code == "000"

    with_insurer(story)
    assert wire.token_calls == 2


@pytest.mark.parametrize(
    "answer",
    [
        {"maKetQua": "200", "APIKey": None},
        {"maKetQua": "200", "APIKey": {"access_token": None, "id_token": "i", "expires_in": "2026-11-23T06:00:00Z"}},
        {"maKetQua": "200", "APIKey": {"access_token": "a", "id_token": "i", "expires_in": "600"}},
        {"maKetQua": "200", "APIKey": {"access_token": "a", "expires_in": "2026-11-23T06:00:00Z"}},
        {"maKetQua": "500"},
        {},
        [],
    ],
)
def test_a_token_that_cannot_be_read_is_an_error_and_no_refusal(with_insurer: Any, wire: Wire, answer: object) -> None:
    wire.token = lambda: httpx.Response(200, json=answer)
    assert with_insurer(lambda insurer: fails(hoa(insurer))).fault is InsurerFault.ERROR
    assert wire.card_calls == 0


# --- no answer


def raising(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise error

    return answer


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (raising(httpx.ConnectError("https://insurer.invalid/?token=secret")), InsurerFault.NO_NETWORK),
        (raising(httpx.RemoteProtocolError("cut")), InsurerFault.NO_NETWORK),
        (raising(httpx.ReadError("cut")), InsurerFault.NO_NETWORK),
        (raising(httpx.DecodingError("gzip")), InsurerFault.ERROR),
        (raising(httpx.ReadTimeout("https://insurer.invalid/?token=secret")), InsurerFault.TOO_SLOW),
        (raising(httpx.ConnectTimeout("slow")), InsurerFault.TOO_SLOW),
        (lambda _request: httpx.Response(500, text="Server Error"), InsurerFault.ERROR),
        (lambda _request: httpx.Response(502), InsurerFault.ERROR),
        (lambda _request: httpx.Response(404), InsurerFault.ERROR),
        (lambda _request: httpx.Response(302, headers={"Location": "https://elsewhere.invalid"}), InsurerFault.ERROR),
        (lambda _request: httpx.Response(200, text="<html>Runtime Error</html>"), InsurerFault.ERROR),
        (lambda _request: httpx.Response(200, text=""), InsurerFault.ERROR),
        (lambda _request: httpx.Response(200, text="[" * 100_000), InsurerFault.ERROR),
        (lambda _request: httpx.Response(200, json=["000"]), InsurerFault.ERROR),
        (lambda _request: httpx.Response(200, json={}), InsurerFault.ERROR),
        (lambda _request: httpx.Response(200, json={"maKetQua": None}), InsurerFault.ERROR),
        (lambda _request: httpx.Response(200, content=b" " * (LARGEST + 9) + b"{}"), InsurerFault.ERROR),
    ],
)
def test_no_answer_is_never_asked_for_again_and_is_kept(
    with_insurer: Any, wire: Wire, answer: Any, fault: InsurerFault
) -> None:
    wire.card = answer
    error = with_insurer(lambda insurer: fails(hoa(insurer)))
    assert (error.fault, wire.card_calls, wire.token_calls) == (fault, 1, 1)
    assert len(error.exchanges) == 1 and error.exchanges[0].asked_at == NOON
    assert "secret" not in str(error) and "secret" not in error.exchanges[0].model_dump_json()
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__, "the library's error names the address"


def test_an_answer_that_trickles_has_one_deadline_for_all_of_it(with_insurer: Any, wire: Wire) -> None:
    async def trickle(_request: httpx.Request) -> httpx.Response:
        async def drops() -> Any:
            while True:
                yield b" "
                await asyncio.sleep(0.01)

        return httpx.Response(200, content=drops())

    wire.card = trickle
    error = with_insurer(lambda insurer: fails(hoa(insurer)), timeout_seconds=0.1)
    assert error.fault is InsurerFault.TOO_SLOW


@pytest.mark.parametrize(("sent", "code"), [(0, "000"), (10, "010"), (9401, "9401"), (" 010 ", "010"), (True, None)])
def test_a_code_written_as_a_number_keeps_its_three_digits(
    with_insurer: Any, wire: Wire, sent: object, code: str | None
) -> None:
    wire.card = lambda _request: httpx.Response(200, json=CARD | {"maKetQua": sent})
    if code is None:
        assert with_insurer(lambda insurer: fails(hoa(insurer))).fault is InsurerFault.ERROR
    else:
        assert with_insurer(hoa).code == code


def test_fields_of_other_shapes_are_empty_and_break_nothing(with_insurer: Any, wire: Wire) -> None:
    odd: dict[str, object] = {
        "maThe": ["x"],
        "gtTheTu": 5,
        "gtTheDen": "32/13/2026",
        "hoTen": {"a": 1},
        "maTheMoi": None,
    }
    wire.card = lambda _request: httpx.Response(200, json=CARD | odd)
    found = with_insurer(hoa)
    assert (found.code, found.cards, found.name) == ("000", (), "")


def test_halves_of_characters_are_no_reason_to_fail(with_insurer: Any, wire: Wire) -> None:
    body = json.dumps(CARD | {"hoTen": "Hoa\ud800", "ghiChu": "a\x00b"}).encode()
    wire.card = lambda _request: httpx.Response(200, content=body)
    found = with_insurer(hoa)
    assert (found.name, found.remark) == ("Hoa?", "ab")


# --- the year's co-payments


def test_the_years_copayments_are_asked_with_the_token_in_headers(with_insurer: Any, wire: Wire) -> None:
    wire.card = lambda _request: httpx.Response(200, json={"MaKetQua": 200, "DataCCT": [{"tBNCCTLuyKe": 15_180_001}]})
    told = with_insurer(lambda insurer: insurer.copayment("099194000514", "Hoa", "1994"))
    assert told.total == 15_180_001
    sent = wire.requests[-1]
    assert (sent.url.path, sent.url.query) == ("/api/TraCuuCCT/TraCuuTienMCCT", b"")
    assert (sent.headers["accessToken"], sent.headers["tokenId"]) == ("access-1", "identity")


@pytest.mark.parametrize(
    ("body", "total"), [({"MaKetQua": "204", "DataCCT": None}, 0), ({"MaKetQua": 200, "DataCCT": []}, 0)]
)
def test_no_copayment_this_year_is_none(with_insurer: Any, wire: Wire, body: object, total: int) -> None:
    wire.card = lambda _request: httpx.Response(200, json=body)
    assert with_insurer(lambda insurer: insurer.copayment("099194000514", "Hoa", "1994")).total == total


@pytest.mark.parametrize("code", [400, 500])
def test_an_error_about_copayments_is_an_error(with_insurer: Any, wire: Wire, code: int) -> None:
    wire.card = lambda _request: httpx.Response(200, json={"MaKetQua": code})
    error = with_insurer(lambda insurer: fails(insurer.copayment("099194000514", "Hoa", "1994")))
    assert error.fault is InsurerFault.ERROR


def test_nothing_secret_and_nobody_is_logged(with_insurer: Any, wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        with_insurer(hoa)
        wire.card = raising(httpx.ConnectError("https://insurer.invalid/?token=access-1"))
        with_insurer(lambda insurer: fails(hoa(insurer)))
    for private in ("access-1", "identity", "mật khẩu", "099194000514", "Hoa", "099180999901", "?"):
        assert private not in caplog.text
