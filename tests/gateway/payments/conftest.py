"""A gateway whose bank is payOS, or whose hospital has bills: the other end is the real stand-in, in this process."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.app import build, open_house
from gateway.hospital.fhir.hospital import FhirHospital
from gateway.hospital.rest.billing import RestBilling
from gateway.hospital.rest.client import RestClient
from gateway.payments.invoices import RestInvoices
from gateway.payments.payos import PayOs
from gateway.payments.running import run_due
from gateway.payments.watch import look_once, read_bills
from gateway.settings import Bank, IdentifierSystems, InvoiceProvider, Secret
from simulators import citizens
from simulators.e_invoice.app import Issuer
from simulators.e_invoice.app import create as create_issuer
from simulators.hospital.catalogue import load as load_catalogue
from simulators.hospital.faults import Play, with_faults
from simulators.hospital_fhir import billing as fhir_bills
from simulators.hospital_fhir.app import Manners
from simulators.hospital_fhir.app import create as create_fhir
from simulators.hospital_fhir.store import Store as FhirStore
from simulators.hospital_rest.app import create as create_hospital
from simulators.hospital_rest.bills import Till
from simulators.hospital_rest.desk import Desk
from simulators.hospital_rest.store import Store
from simulators.payos.app import create as create_payos
from simulators.payos.channel import Channel

ACCOUNT = "1903550744471"
NAME = "BENH VIEN DA KHOA HOA GIANG"


class Lossy(httpx.AsyncBaseTransport):
    """The stand-in behind its faults; an answer that is cut off is a lost one, as on a wire."""

    def __init__(self, app: Any, play: Play) -> None:
        self._inner = httpx.ASGITransport(with_faults(app, play))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        body = await response.aread()
        promised = response.headers.get("content-length")
        if promised is not None and int(promised) != len(body):
            raise httpx.ReadError("the answer was lost", request=request)
        return response


class RestBooks:
    """The hospital behind the REST profile, by what happens there. A line: name, price, what the fund pays, account."""

    paying = "POST /thanh-toan"
    reserves = True

    def __init__(self, till: Till) -> None:
        self.till = till

    def charge(self, who: str, lines: list[Any], *, advance: bool = False, title: str = "") -> int:
        rows = [
            {"TEN": name, "DON_GIA": price, "QUY_BHYT": fund, "THANH_TIEN": price - fund}
            | ({"TAI_KHOAN": account[0], "TEN_DON_VI_HUONG": account[1]} if account else {})
            for name, price, fund, *account in lines
        ]
        return self.till.charge(citizens.load(who), rows, "TAM_UNG" if advance else "THU", title)

    def number(self, bill: int) -> str:
        return self.till.store.one("SELECT * FROM bills WHERE id = ?", bill)["SO_PHIEU"]  # type: ignore[index]

    def change(self, bill: int, amount: int) -> None:
        self.till.change(bill, amount)

    def pay(self, bill: int) -> None:
        self.till.become(bill, 1)

    def cancel(self, bill: int) -> None:
        self.till.become(bill, 2)

    def payments(self) -> list[Any]:
        return self.till.store.all("SELECT * FROM payments")

    def withhold_invoices(self) -> None:
        self.till.invoices = False

    def issue(self) -> None:
        self.till.issue()


class FhirBooks:
    """The same hospital as a FHIR server."""

    paying = "POST /fhir/PaymentNotice"
    reserves = False

    def __init__(self) -> None:
        self.store, self.manners = FhirStore(), Manners()

    def charge(self, who: str, lines: list[Any], *, advance: bool = False, title: str = "") -> str:
        rows = [fhir_bills.Line(*line) for line in lines]
        kind = "advance" if advance else "charge"
        return fhir_bills.charge(self.store, citizens.load(who), rows, kind, title)["id"]

    def number(self, bill: str) -> str:
        found = self.store.read("Invoice", bill)
        assert found is not None
        return found["identifier"][0]["value"]

    def change(self, bill: str, amount: int) -> None:
        fhir_bills.change(self.store, bill, amount)

    def pay(self, bill: str) -> None:
        fhir_bills.become(self.store, bill, "balanced")

    def cancel(self, bill: str) -> None:
        fhir_bills.become(self.store, bill, "cancelled")

    def payments(self) -> list[Any]:
        return list(self.store.all("PaymentNotice"))

    def withhold_invoices(self) -> None:
        self.manners.invoices = False

    def issue(self) -> None:
        fhir_bills.issue(self.store)


@dataclass
class World:
    """A gateway and the stand-ins around it."""

    gateway: Any
    kiosk: Any
    channel: Channel
    payos: Play
    till: Till
    hospital: Play
    issuer: Issuer
    his: Any
    """RestBooks or FhirBooks."""

    def run(self, work: Callable[[Any], Any]) -> Any:
        return self.gateway.client.run(work(self.gateway.house))

    def errands(self) -> None:
        """Everything that is due now."""
        self.run(run_due)

    def look(self) -> None:
        self.run(look_once)

    def bills(self) -> None:
        self.gateway.clock.turn(seconds=11)
        self.run(read_bills)

    def turn(self, **delta: float) -> None:
        self.gateway.clock.turn(**delta)
        self.kiosk.token = self.kiosk.fetch_token()

    def intent(self, bill: str, method: str = "qr") -> httpx.Response:
        return self.kiosk.post("/v1/payment-intents", {"bill_id": bill, "method": method})

    def now(self, intent: dict[str, Any]) -> dict[str, Any]:
        answer = self.kiosk.get(f"/v1/payment-intents/{intent['id']}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def find(self, **by: Any) -> dict[str, Any]:
        answer = self.kiosk.post("/v1/bills/find", by)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def notify(self, moved: dict[str, Any], **changes: Any) -> int:
        """payOS tells of a movement."""
        return self.gateway.client.post("/v1/webhooks/bank", json=self.channel.notice(moved) | changes).status_code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("key", "api", "client", "e-invoice"):
        (tmp_path / name).write_text(f"secret-{name}", encoding="utf-8")
    return tmp_path


@pytest.fixture
def make_world(folder: Path, empty_database: Path, request: pytest.FixtureRequest) -> Generator[Callable[..., World]]:
    """Build a world: `payos` makes it the main account's provider, `hospital` ("rest" or "fhir") connects the till."""
    conftest: Any = request.getfixturevalue("parts")
    opened: list[tuple[Any, Any]] = []

    def make(*, payos: bool = False, hospital: str = "", issuer: bool = False, **changes: Any) -> World:
        shutil.copy(empty_database, folder / "gateway.db")
        settings = conftest.demo_settings(folder)
        place = InvoiceProvider(url="http://invoices", token=Secret(file=folder / "e-invoice"))
        payments = settings.payments.model_copy(update={"card": True, "invoice": place if issuer else None})
        settings = settings.model_copy(update={"payments": payments, **changes})
        clock = conftest.clock()
        channel = Channel(
            "secret-key", ACCOUNT, "BENH VIEN DA KHOA HOA GIANG", "999999", lambda: clock.now().timestamp()
        )
        payos_play, hospital_play = Play(), Play()
        till, invoices = Till(Desk(Store(), load_catalogue()), now=clock.now), Issuer()
        bank = conftest.bank(settings.bank)
        bank.listed = []
        first = open_house(settings, clock)
        more: dict[str, Any] = {}
        if payos:
            file = {name: Secret(file=folder / name) for name in ("key", "api", "client")}
            account = Bank(
                bin="999999", account=ACCOUNT, account_name=NAME, provider="payos",
                webhook_secret=file["key"], api_token=file["api"], client_id=file["client"], api_url="http://payos",
            )  # fmt: skip
            line = Lossy(create_payos(channel, "secret-client", "secret-api"), payos_play)
            more["bank"] = PayOs(account, line)
        else:
            more["bank"] = bank
        his: Any = FhirBooks() if hospital == "fhir" else RestBooks(till)
        if hospital == "fhir":
            line = Lossy(create_fhir(his.store, "s3cret", his.manners), hospital_play)
            system = FhirHospital("http://his/fhir", "s3cret", 2.0, IdentifierSystems(), clock, line)
            more["sources"] = {"hospital": system.billing}
        elif hospital:
            app = create_hospital(till.desk, "tram", "s3cret", now=lambda: clock.now().timestamp(), till=till)
            client = RestClient("http://his", "tram", "s3cret", 2.0, clock, Lossy(app, hospital_play))
            more["sources"] = {"hospital": RestBilling(client)}
        if issuer:
            more["invoices"] = RestInvoices(place, Lossy(create_issuer(invoices, "secret-e-invoice"), Play()))
        house = replace(first, evidence=conftest.evidence(), **more)
        client = conftest.client(build(house, with_background=False))
        gateway = conftest.gateway(house, client, clock, None, bank, house.evidence)
        opened.append((gateway, first))
        return World(gateway, gateway.kiosk("B"), channel, payos_play, till, hospital_play, invoices, his)

    yield make
    for gateway, first in opened:
        gateway.client.run(first.insurer.close())
        gateway.client.run(first.bank.close())
        gateway.client.run(gateway.bank.close())
        for bank in gateway.house.banks.values():
            gateway.client.run(bank.close())
        for source in gateway.house.sources.values():
            gateway.client.run(source._client.close())
        if gateway.house.invoices is not None:
            gateway.client.run(gateway.house.invoices.close())
        gateway.client.close()
        gateway.house.store.close()


def person(id: str) -> dict[str, Any]:
    """A citizen whom the chip proved."""
    citizen = citizens.load(id)
    return {"number": citizen.number, "name": citizen.name, "birth": citizen.birth, "level": "chip-genuine"}


@pytest.fixture
def proven() -> Callable[[str], dict[str, Any]]:
    return person


@pytest.fixture
def own_bill() -> Callable[[World], str]:
    """A bill of a check-in at the kiosk."""

    def make(world: World) -> str:
        return world.kiosk.check_in(patient={"number": f"0990{int(time.monotonic() * 1e6) % 10**8:08}"}).json()[
            "bill_id"
        ]

    return make
