"""The kiosk's way to the gateway: key, token, one API, every answer typed.

Journeys need only the error; the client is heavy (cryptography, SQLite) and imported where it is made:

    from services.gateway_client.client import GatewayClient, GatewayPlace
    from services.gateway_client.identity import load

    identity = load(state)                      # made once by `python -m kiosk enrol`
    client = GatewayClient(GatewayPlace(url=..., state=state), identity, offload, clock)
    await nursery.start(client.run)             # delivers, refreshes, tells that the kiosk lives
    accepted = await client.register(...)       # the port services.journeys.ports.Gateway
"""

from services.gateway_client.errors import GatewayError, GatewayReason

__all__ = ["GatewayError", "GatewayReason"]
