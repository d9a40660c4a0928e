"""What routes depend on: the house, the kiosk that calls, and the write it sent."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, cast

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPBearer
from starlette.requests import HTTPConnection

from gateway.fleet.kiosks import Doorkeeper, Kiosk
from gateway.house import House
from gateway.problems import Refused


async def the_house(request: Request) -> House:
    """The house this application was built for."""
    return cast(House, request.app.state.house)


async def the_doorkeeper(request: Request) -> Doorkeeper:
    """Who knows the kiosks."""
    return cast(Doorkeeper, request.app.state.doorkeeper)


class _KioskBearer(HTTPBearer):
    """One dependency for the scheme, the token and the kiosk: each that FastAPI resolves costs every request."""

    async def __call__(self, request: HTTPConnection) -> Kiosk:  # type: ignore[override] - awaited here
        """The enrolled kiosk behind the bearer token. Raises Refused 401."""
        credentials = await super().__call__(request)
        if credentials is None:
            raise Refused(401, "A token is needed")
        doorkeeper = cast(Doorkeeper, request.app.state.doorkeeper)
        kiosk_id = doorkeeper.kiosk_id(credentials.credentials)
        house = cast(House, request.app.state.house)
        return doorkeeper.cached(kiosk_id) or await house.workers.run(doorkeeper.look_up, kiosk_id)


the_kiosk = _KioskBearer(scheme_name="HTTPBearer", auto_error=False, description="The token of POST /v1/token")


@dataclass(frozen=True)
class Sent:
    """A write as it was sent: its key, and a hash of its body that does not depend on spelling."""

    key: str
    body_hash: str


@dataclass(frozen=True)
class SentFile:
    """A write whose body is a file, as it came."""

    sent: Sent
    content: bytes


async def the_write(
    request: Request,
    idempotency_key: Annotated[str, Header(pattern=r"^[0-9A-Za-z-]{8,64}$", description="A UUID, kept before sending")],
) -> Sent:
    """The write's idempotency key and body hash. The path counts as part of the body."""
    try:
        # The request remembers what it read: the endpoint's own body is not parsed a second time.
        told: Any = await request.json() if await request.body() else {}
        plain = json.dumps(told, sort_keys=True, separators=(",", ":"))
    except ValueError as error:
        raise Refused(422, "The body is not JSON") from error
    return Sent(idempotency_key, hashlib.sha256(f"{request.url.path}\n{plain}".encode()).hexdigest())


async def the_file(
    request: Request,
    idempotency_key: Annotated[str, Header(pattern=r"^[0-9A-Za-z-]{8,64}$", description="A UUID, kept before sending")],
) -> SentFile:
    """A write whose body is a file."""
    content = await request.body()
    digest = hashlib.sha256(request.url.path.encode() + b"\n" + content).hexdigest()
    return SentFile(Sent(idempotency_key, digest), content)


async def the_skew(
    house: Annotated[House, Depends(the_house)],
    kiosk_clock: Annotated[datetime | None, Header(description="The kiosk's clock at sending")] = None,
) -> timedelta | None:
    """How far the kiosk's clock is ahead of ours; None when it did not tell."""
    if kiosk_clock is None or kiosk_clock.tzinfo is None:
        return None
    return kiosk_clock - house.now()


TheHouse = Annotated[House, Depends(the_house)]
TheDoorkeeper = Annotated[Doorkeeper, Depends(the_doorkeeper)]
TheKiosk = Annotated[Kiosk, Security(the_kiosk)]
TheWrite = Annotated[Sent, Depends(the_write)]
TheFile = Annotated[SentFile, Depends(the_file)]
TheSkew = Annotated[timedelta | None, Depends(the_skew)]
