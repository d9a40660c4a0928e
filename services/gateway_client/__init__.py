"""The kiosk's way to the gateway: key, token, one API, every answer typed.

identity = load(state)                      # made once by `python -m kiosk enrol`
client = GatewayClient(GatewayPlace(url=..., state=state), identity, offload, clock)
await nursery.start(client.run)             # delivers, refreshes, tells that the kiosk lives
accepted = await client.register(...)       # the port services.journeys.ports.Gateway
"""

from services.gateway_client.client import GatewayClient, GatewayPlace
from services.gateway_client.errors import GatewayError, GatewayReason
from services.gateway_client.identity import Identity, IdentityError, IdentityFault, load

__all__ = [
    "GatewayClient",
    "GatewayError",
    "GatewayPlace",
    "GatewayReason",
    "Identity",
    "IdentityError",
    "IdentityFault",
    "load",
]
