"""Check of the inspection system: does somebody sign for chips that ask for an authorised terminal before DG3?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from kiosk.doctor.findings import Finding, fault, good, warning
from kiosk.settings import Settings

SECONDS = 1.0
SOON_DAYS = 3
"""Certificates of terminals live for days or weeks: this is when their renewal should have come."""


def inspection(settings: Settings) -> Sequence[Finding]:
    """Whose terminal it is, until when, and whether its key is reached. Nothing is signed."""
    if not settings.reader.fingerprints:
        return [good("chips are not asked for fingers", asked=False)]
    if settings.reader.terminal_files is not None:
        return _laboratory(settings.reader.terminal_files)
    return _gateway(settings)


def _laboratory(folder: Path) -> Sequence[Finding]:
    from drivers.emrtd.lds.tlv import LdsError
    from drivers.emrtd.terminal_certificates import TerminalCertificates

    try:
        terminal = TerminalCertificates(folder).terminal
    except (OSError, ValueError, LdsError) as error:
        return [fault(f"{folder}: {error}")]
    return _days(f"a laboratory's terminal {terminal.holder.decode('ascii', 'replace')}", terminal.expires)


def _gateway(settings: Settings) -> Sequence[Finding]:
    from pydantic import ValidationError

    from services.contract import routes
    from services.contract.models import TerminalStatus
    from services.failures import code_of
    from services.gateway_client.errors import GatewayError
    from services.gateway_client.http import Call, Http, Place
    from services.gateway_client.identity import IdentityError, load
    from services.gateway_client.token import Tokens

    url = settings.gateway.url
    http = Http(url, settings.gateway.ca, connect_seconds=min(SECONDS, settings.gateway.connect_seconds))
    try:
        token = Tokens(http, load(settings.state_directory)).get(Place.CARD)
        answer = http.send(Place.CARD, Call("GET", routes.TERMINAL, seconds=SECONDS), token)
        found = TerminalStatus.model_validate_json(answer.body)
    except IdentityError as error:
        return [fault(f"{url} was not asked: {error}")]
    except ValidationError:
        return [fault(f"{url} answers what is no inspection system's state")]
    except GatewayError as error:
        if error.status == 404:
            return [fault("the settings ask for fingers, but the gateway has no inspection system")]
        if error.status == 424:
            return [fault("the gateway finds no usable certificate of a terminal")]
        return [fault(f"{url}: {error}", code_of(error))]
    finally:
        http.close()
    if found.problem is not None:
        return [fault(f"the key of terminal {found.holder} is not reached: {found.problem}", holder=found.holder)]
    return _days(f"terminal {found.holder}, signed by {found.authority}", found.expires)


def _days(who: str, expires: date) -> Sequence[Finding]:
    left = (expires - datetime.now(UTC).date()).days
    text = f"{who}: valid to {expires.isoformat()}"
    if left < 0:
        return [fault(f"{who}: its certificate ended on {expires.isoformat()}", days=left)]
    return [warning(text, days=left) if left <= SOON_DAYS else good(text, days=left)]
