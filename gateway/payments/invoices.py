"""Who issues e-invoices where the hospital's or one-stop system does not: one interface, and a REST adapter for it.

The adapter speaks a small JSON profile that every Vietnamese provider's API can be mapped to (docs/payment.md): the key
decides, so that an invoice is issued once however often it is asked for. A real provider gets an adapter of its own.
"""

from __future__ import annotations

from typing import Any, Protocol, cast

import httpx

from gateway.authorities import authorities
from gateway.payments.sources import PaidBill
from gateway.settings import InvoiceProvider
from services.contract.models import EInvoice, EInvoiceKind


class InvoiceUnavailable(Exception):
    """Another try can help. `fault` is a word for technicians."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class InvoiceRefused(Exception):
    """A person must look: the provider does not take what was sent."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class Invoices(Protocol):
    """A provider of e-invoices."""

    async def issue(self, bill: PaidBill) -> EInvoice | None:
        """Issue once for each key; None while it is still being signed. Raises InvoiceUnavailable, InvoiceRefused."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class RestInvoices:
    """Implements Invoices over HTTP."""

    def __init__(self, settings: InvoiceProvider, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._serial = settings.serial
        self._client = httpx.AsyncClient(
            base_url=settings.url,
            timeout=settings.timeout_seconds,
            headers={"Authorization": f"Bearer {settings.token.read()}"},
            transport=transport,
            verify=authorities(),
            trust_env=False,
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def issue(self, bill: PaidBill) -> EInvoice | None:
        try:
            response = await self._client.put(f"/invoices/{bill.key}", json=self._body(bill))
        except (httpx.HTTPError, OSError) as error:
            raise InvoiceUnavailable(type(error).__name__) from error
        status = response.status_code
        if status == 202:
            return None
        if status >= 500 or status in {401, 403, 408, 429}:
            raise InvoiceUnavailable(f"HTTP {status}")
        if status not in {200, 201}:
            raise InvoiceRefused(f"HTTP {status}")
        try:
            answer = cast("dict[str, Any]", response.json())
            return EInvoice(
                kind=EInvoiceKind.INVOICE,
                number=f"{answer['serial']} {answer['number']}",
                lookup_code=answer["lookup_code"],
                lookup_url=answer.get("lookup_url", ""),
                issued_at=answer.get("issued_at"),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InvoiceUnavailable("an answer that is no invoice") from error

    def _body(self, bill: PaidBill) -> dict[str, Any]:
        """No buyer: people get theirs by the look-up code, whoever wants a name on it goes to the cashier."""
        lines = [{"name": line.name, "amount": line.amount} for line in bill.lines]
        return {
            "serial": self._serial,
            "reference": bill.number,
            "amount": bill.amount,
            "currency": "VND",
            "paid_at": bill.paid_at.isoformat(),
            "lines": lines or [{"name": f"Thu theo phiếu {bill.number}", "amount": bill.amount}],
        }
