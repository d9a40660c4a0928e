"""Check of the gateway: reached, knows us, and how far the clocks are apart."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from kiosk.doctor.findings import Finding, fault, good, warning
from kiosk.settings import Settings

CLOCK_WRONG = "KI-903"
SECONDS = 1.0
SKEW_WARNING = 5.0
SKEW_FAULT = 50.0
"""Slips then tell a time that people notice. No more than that: the gateway refuses an assertion that is 120 s ahead or
180 s behind, and the next one is made by its clock."""


def gateway(settings: Settings) -> Sequence[Finding]:
    """Ask the gateway one authenticated question."""
    from services.contract import routes
    from services.failures import code_of
    from services.gateway_client.errors import GatewayError
    from services.gateway_client.http import Call, Http, Place
    from services.gateway_client.identity import IdentityError, load
    from services.gateway_client.token import Tokens

    url, ca = settings.gateway.url, settings.gateway.ca
    if ca is not None and not os.access(ca, os.R_OK):
        return [fault(f"{ca} is not there or may not be read: [gateway] ca")]
    http = Http(url, settings.gateway.ca, connect_seconds=min(SECONDS, settings.gateway.connect_seconds))
    try:
        identity = load(settings.state_directory)
    except IdentityError as error:
        return [fault(f"{url} was not asked: {error}")]
    try:
        begun = monotonic()
        token = Tokens(http, identity).get(Place.CITIZEN)
        known = monotonic()
        answer = http.send(Place.CITIZEN, Call("GET", routes.HEALTH, seconds=SECONDS), token)
    except GatewayError as error:
        # Whatever we are refused for, the answer has a date: a clock that is off is told with it.
        apart = [found for found in _clock(error.date) if found.level] if error.date else []
        return [*apart, fault(f"{url}: {error}", code_of(error))]
    finally:
        http.close()
    token_ms, answer_ms = round((known - begun) * 1000), round((monotonic() - known) * 1000)
    text = f"{url} knows this kiosk (token {token_ms} ms) and answers in {answer_ms} ms"
    return [good(text, token_ms=token_ms, answer_ms=answer_ms), *_clock(answer.date)]


def clock(settings: Settings) -> Sequence[Finding]:
    """How far the clocks are apart; what the gateway says where it cannot be told."""
    found = gateway(settings)
    return [each for each in found if "skew_seconds" in each.facts] or found


def _clock(date: str) -> list[Finding]:
    try:
        skew = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    except (ValueError, TypeError):
        return [warning("the gateway does not tell its time")]
    text = f"our clock is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the gateway's"
    if abs(skew) >= SKEW_FAULT:
        return [fault(text, CLOCK_WRONG, skew_seconds=round(skew, 1))]
    if abs(skew) >= SKEW_WARNING:
        return [warning(text, CLOCK_WRONG, skew_seconds=round(skew, 1))]
    return [good("clocks agree", skew_seconds=round(skew, 1))]
