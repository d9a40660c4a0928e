"""A raw PC/SC client: one command a line on standard input, one JSON answer a line on standard output.

present SECONDS | absent SECONDS   wait for the first reader's state: its event counter, or null when it did not come
connect                            return code
transmit HEX                       [return code, answer in hex]
context                            a new context: return code
"""

from __future__ import annotations

import json
import sys
from typing import Any

from smartcard import scard

READER = "Virtual PCD 00 00"
WAIT_MS = 50


class Client:
    """One context and at most one connection."""

    def __init__(self) -> None:
        self.context()

    def context(self) -> int:
        code, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        return code

    def present(self, seconds: str) -> int | None:
        return self._wait(scard.SCARD_STATE_PRESENT, float(seconds))

    def absent(self, seconds: str) -> int | None:
        return self._wait(scard.SCARD_STATE_EMPTY, float(seconds))

    def connect(self) -> int:
        code, self._card, self._protocol = scard.SCardConnect(
            self._context, READER, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        )
        return code

    def transmit(self, apdu: str) -> list[Any]:
        code, answer = scard.SCardTransmit(self._card, self._protocol, list(bytes.fromhex(apdu)))
        return [code & 0xFFFFFFFF, bytes(answer).hex().upper()]

    def _wait(self, wanted: int, seconds: float) -> int | None:
        state = scard.SCARD_STATE_UNAWARE
        for _ in range(int(seconds * 1000 / WAIT_MS)):
            code, states = scard.SCardGetStatusChange(self._context, WAIT_MS, [(READER, state)])
            if code not in (scard.SCARD_S_SUCCESS, scard.SCARD_E_TIMEOUT):
                return None
            state = states[0][1]
            if state & wanted:
                return state >> 16
        return None


def main() -> None:
    client = Client()
    for line in sys.stdin:
        name, *words = line.split()
        print(json.dumps(getattr(client, name)(*words)), flush=True)


if __name__ == "__main__":
    main()
