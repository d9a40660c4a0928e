"""SePay and Casso, both ways of proving a notification, tried against notifications that the stand-in bank makes."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.payments.casso import Casso
from gateway.payments.provider import BankUnavailable, Forged, Unreadable
from gateway.payments.sepay import SePay
from gateway.settings import Bank, Secret
from simulators.bank.envelopes import ENVELOPES

NOTICE: dict[str, Any] = {
    "id": 92704,
    "gateway": "StandInBank",
    "transactionDate": "2026-11-23 11:59:00",
    "accountNumber": "1903550744471",
    "code": None,
    "content": "IBFT TRM4K82QX a/b ưu tiên GD 1",
    "transferType": "in",
    "transferAmount": 122_500,
    "accumulated": 122_500,
    "subAccount": None,
    "referenceCode": "FT26001",
    "description": "",
}
KINDS = {"sepay": (SePay, "signature"), "sepay-key": (SePay, "token"), "casso": (Casso, "signature"),
         "casso-token": (Casso, "token")}  # fmt: skip


@pytest.fixture
def provider(tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    kind, scheme = KINDS[request.param]
    secret = tmp_path / "secret"
    secret.write_text("the secret", encoding="utf-8")
    place = Secret(file=secret)
    settings = Bank(bin="999999", account="1903550744471", account_name="X", provider=kind.__module__.rsplit(".")[-1],
                    scheme=scheme, webhook_secret=place, api_token=place, api_url="http://bank")  # fmt: skip
    return kind(settings), ENVELOPES[request.param], request.param


every = pytest.mark.parametrize("provider", KINDS, indirect=True)
signed = pytest.mark.parametrize("provider", ["sepay", "casso"], indirect=True)


def read(bank: Any, letter: Any, now: Any) -> Any:
    body, headers = letter
    (money,) = bank.read_notification({name.lower(): value for name, value in headers.items()}, body, now)
    return money


@every
def test_a_notification_is_read_whole(provider: Any, parts: Any) -> None:
    bank, envelope, _kind = provider
    now = parts.clock().now()
    money = read(bank, envelope(NOTICE, "the secret", now.timestamp()), now)
    assert (money.id, money.account, money.amount, money.incoming) == ("92704", "1903550744471", 122_500, True)
    assert money.content == NOTICE["content"] and money.at == now - timedelta(minutes=1)


@every
def test_one_that_another_made_is_refused(provider: Any, parts: Any) -> None:
    bank, envelope, _kind = provider
    now = parts.clock().now()
    with pytest.raises(Forged):
        read(bank, envelope(NOTICE, "another", now.timestamp()), now)
    with pytest.raises(Forged):
        read(bank, (envelope(NOTICE, "the secret", now.timestamp())[0], {}), now)


@pytest.mark.parametrize("provider", ["casso-token"], indirect=True)
def test_every_movement_of_a_list_is_read_by_whatever_name_its_account_goes(provider: Any, parts: Any) -> None:
    bank, envelope, _kind = provider
    now = parts.clock().now()
    body, headers = envelope(NOTICE, "the secret", now.timestamp())
    (row,) = json.loads(body)["data"]
    account = row.pop("bank_sub_acc_id")
    del row["subAccId"]
    rows = [
        {**row, "id": number, name: account}
        for number, name in enumerate(("bank_sub_acc_id", "subAccId", "bankSubAccId", "accountNumber"), 1)
    ]
    sent = json.dumps({"error": 0, "data": rows}).encode()
    found = bank.read_notification({name.lower(): value for name, value in headers.items()}, sent, now)
    assert [(money.id, money.account) for money in found] == [(str(number), account) for number in (1, 2, 3, 4)]


@pytest.mark.parametrize("provider", ["casso-token"], indirect=True)
def test_a_movement_that_cannot_be_read_holds_back_no_other(
    provider: Any, parts: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bank, envelope, _kind = provider
    now = parts.clock().now()
    body, headers = envelope(NOTICE, "the secret", now.timestamp())
    (row,) = json.loads(body)["data"]
    good = [{**row, "id": 1, "amount": "122500.00"}, {**row, "id": 2, "amount": -1000.0}]
    bad = [{**row, "amount": amount} for amount in ("x", None, 0.5, "NaN", "sNaN", "Infinity")] + [{}, None, 7]

    def read_all(rows: list[Any]) -> list[tuple[str, int, bool]]:
        sent = json.dumps({"error": 0, "data": rows}).encode()
        found = bank.read_notification({name.lower(): value for name, value in headers.items()}, sent, now)
        return [(money.id, money.amount, money.incoming) for money in found]

    counted = [("1", 122_500, True), ("2", 1_000, False)]
    with caplog.at_level("ERROR"):
        assert read_all([*bad, *good]) == read_all([None, *good, None]) == counted
    assert len(caplog.records) == len(bad) + 2
    for rows in (bad, bad[:1]):
        with pytest.raises(Unreadable):
            read_all(rows)

    async def listed(rows: list[Any]) -> list[Any]:
        async def answer(*_asked: object) -> object:
            return {"error": 0, "data": {"records": rows}}

        monkeypatch.setattr("gateway.payments.casso.fetch", answer)
        return await bank.movements_since(now - timedelta(days=1))

    found = asyncio.run(listed([*good, *bad]))
    assert [(money.id, money.amount, money.incoming) for money in found] == counted
    with pytest.raises(BankUnavailable):
        asyncio.run(listed(bad))


@signed
def test_one_that_was_altered_or_is_old_is_refused(provider: Any, parts: Any) -> None:
    bank, envelope, _kind = provider
    now = parts.clock().now()
    body, headers = envelope(NOTICE, "the secret", now.timestamp())
    with pytest.raises(Forged):
        read(bank, (body.replace(b"122500", b"922500"), headers), now)
    with pytest.raises(Forged):
        read(bank, envelope(NOTICE, "the secret", now.timestamp() - 301), now)
    with pytest.raises(Forged):
        read(bank, envelope(NOTICE, "the secret", now.timestamp() + 301), now)


@pytest.mark.parametrize("provider", ["casso"], indirect=True)
def test_pages_of_the_list_are_read_to_their_end_or_not_at_all(provider: Any, parts: Any) -> None:
    bank, _envelope, _kind = provider
    rows = [
        {"id": number, "tid": f"FT{number}", "description": "x", "amount": 1000 if number % 2 else -1000,
         "when": "2026-11-23 11:00:00", "bankSubAccId": "1903550744471"}
        for number in range(250)
    ]  # fmt: skip
    pages: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        pages.append(request.headers["authorization"])
        shown = rows[(page - 1) * 100 : page * 100] if page < 4 else None
        return httpx.Response(200, json={"error": 0, "data": {"records": shown}})

    async def ask(days: int) -> Any:
        client = httpx.AsyncClient(
            base_url="http://bank", transport=httpx.MockTransport(answer), headers=bank._client.headers
        )
        await bank._client.aclose()
        bank._client = client
        return await bank.movements_since(parts.clock().now() - timedelta(days=days))

    found = asyncio.run(ask(1))
    assert (len(found), sum(money.incoming for money in found)) == (250, 125)
    assert pages == ["Apikey the secret"] * 3
    rows.extend(rows[:50])
    with pytest.raises(BankUnavailable):
        asyncio.run(ask(1))
