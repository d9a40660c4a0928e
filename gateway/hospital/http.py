"""One HTTP request to the hospital's system, its failures told in the words of this room."""

from __future__ import annotations

import logging

import httpx

from gateway.hospital.failures import HospitalFault, HospitalUnavailable

for _name in ("httpx", "httpcore"):
    # Addresses hold people's numbers.
    logging.getLogger(_name).setLevel(logging.CRITICAL)


async def sent(client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
    """The whole answer, of whatever status another try cannot change. Raises HospitalUnavailable for the others."""
    what = request.method
    try:
        response = await client.send(request)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise HospitalUnavailable(HospitalFault.NO_NETWORK, f"{what}: {type(error).__name__}") from error
    except httpx.TimeoutException as error:
        raise HospitalUnavailable(HospitalFault.TOO_SLOW, f"{what}: no answer in time") from error
    except (httpx.HTTPError, OSError) as error:
        raise HospitalUnavailable(HospitalFault.ERROR, f"{what}: {type(error).__name__}") from error
    status = response.status_code
    if status in {401, 403}:
        raise HospitalUnavailable(HospitalFault.ACCOUNT_REFUSED, f"{what}: HTTP {status}")
    if status == 429:
        raise HospitalUnavailable(HospitalFault.BUSY, f"{what}: HTTP {status}")
    if status >= 500 or 300 <= status < 400:
        raise HospitalUnavailable(HospitalFault.ERROR, f"{what}: HTTP {status}")
    return response
