"""The one error of the gateway client: the reason says what to fix, `retry` whether asking again can help."""

from __future__ import annotations

from enum import Enum


class GatewayReason(Enum):
    """What to fix; the failure codes GW-2xx are mapped from it."""

    NO_NETWORK = "no-network"
    """No connection: cable, address, certificate, or the gateway does not run."""
    TIMEOUT = "timeout"
    """Connected, but no answer in time."""
    SERVER = "server"
    """A 5xx answer, or one that cannot be understood."""
    REFUSED = "refused"
    """401 or 403: not enrolled, key withdrawn, clock wrong."""
    CONFLICT = "conflict"
    """Another 4xx: this request, as it is, will never be taken."""
    NOT_KEPT = "not-kept"
    """The kiosk's own disk cannot keep it (full, read-only, broken): nothing was sent, nothing is promised."""


class GatewayError(Exception):
    """No usable answer. `code` is the failure code the gateway named (BH-103 …), None when it named none.

    `told` is the `detail` of its answer: how many tries are left, how many seconds to wait.
    `sent`: whether the request may have reached the gateway, so that its key must be asked before doing it otherwise.
    `date`: what its answer said of the time, for the doctor; empty without an answer.
    """

    def __init__(
        self,
        reason: GatewayReason,
        detail: str = "",
        *,
        status: int | None = None,
        code: str | None = None,
        told: str | None = None,
        sent: bool = False,
        date: str = "",
    ) -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.status = status
        self.code = code
        self.told = told
        self.sent = sent
        self.date = date

    @property
    def retry(self) -> bool:
        """Whether the same request may succeed later."""
        return self.reason in {GatewayReason.NO_NETWORK, GatewayReason.TIMEOUT, GatewayReason.SERVER} or (
            self.status in {409, 425, 429}
        )

    @property
    def offline(self) -> bool:
        """Whether it says that the gateway as such cannot be used now (an insurer's failure does not)."""
        return self.code is None and self.reason in {
            GatewayReason.NO_NETWORK,
            GatewayReason.TIMEOUT,
            GatewayReason.SERVER,
        }
