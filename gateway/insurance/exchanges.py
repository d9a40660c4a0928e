"""One question to the insurer and its answer, kept whole with its times: the evidence the law asks for.

TT 12/2026/TT-BTC article 4: the raw answer is kept with its time. NĐ 188/2025 article 38: so is a failure to answer.
Nothing here holds a token, a password or an address's query.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from gateway.insurance.failures import InsurerFault


class Exchange(BaseModel):
    """One call. `status` None: no answer came; `fault` why the answer was of no use."""

    model_config = ConfigDict(frozen=True)

    path: str
    asked_at: datetime
    answered_at: datetime
    status: int | None = None
    fault: InsurerFault | None = None
    detail: str = ""
    body: str = ""
    """Base64 of the bytes as they came."""

    @classmethod
    def answered(cls, path: str, asked_at: datetime, answered_at: datetime, status: int, body: bytes) -> Exchange:
        """An answer, whatever it says."""
        return cls(path=path, asked_at=asked_at, answered_at=answered_at, status=status, body=b64encode(body).decode())

    @classmethod
    def failed(cls, path: str, asked_at: datetime, failed_at: datetime, fault: InsurerFault, detail: str) -> Exchange:
        """No answer."""
        return cls(path=path, asked_at=asked_at, answered_at=failed_at, fault=fault, detail=detail)


class Evidence(BaseModel):
    """What is kept (sealed) of one look-up: every exchange in its order."""

    model_config = ConfigDict(frozen=True)

    exchanges: tuple[Exchange, ...] = ()


def evidence(exchanges: Sequence[Exchange]) -> bytes:
    """As it is sealed: JSON."""
    return Evidence(exchanges=tuple(exchanges)).model_dump_json().encode()
