"""The line to a provider of an account: its address, patience and authorities, the same for every provider."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from gateway.authorities import authorities
from gateway.settings import Bank, Secret


def line_to(
    settings: Bank, headers: Mapping[str, str], transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """Open it; nothing is sent yet. No proxy of the environment sees a secret."""
    return httpx.AsyncClient(
        base_url=settings.api_url,
        timeout=settings.timeout_seconds,
        headers=dict(headers),
        transport=transport,
        verify=authorities(),
        trust_env=False,
    )


def read_secret(secret: Secret | None) -> str:
    """A secret that the settings hold for sure: they check what a provider needs."""
    return "" if secret is None else secret.read()
