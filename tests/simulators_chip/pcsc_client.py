"""A raw PC/SC client: one command a line on standard input, one JSON answer a line on standard output.

present SECONDS | absent SECONDS   wait for the first reader's state: its event counter, or null when it did not come
connect                            return code
exchange HEX                       [return code, answer in hex]
context                            a new context: return code
read CAN MRZ                       the product's reader on this connection: what it found out, or its error
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

    def exchange(self, apdu: str) -> list[Any]:
        code, answer = scard.SCardTransmit(self._card, self._protocol, list(bytes.fromhex(apdu)))
        return [code & 0xFFFFFFFF, bytes(answer).hex().upper()]

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        """The reader's seam."""
        _code, answer = scard.SCardTransmit(self._card, self._protocol, list(apdu))
        return bytes(answer[:-2]), int.from_bytes(bytes(answer[-2:]), "big")

    def read(self, can: str, mrz: str) -> dict[str, Any]:
        from drivers.emrtd.chip_authentication import ChipAuthenticationUse
        from drivers.emrtd.read import read_chip
        from drivers.emrtd.reading import AccessKeys

        keys = AccessKeys(None if can == "-" else can, () if mrz == "-" else (mrz,))
        reading = read_chip(self, keys, bytes(8), chip_authentication=ChipAuthenticationUse.ALWAYS)
        transcript = reading.transcript
        chip, active = transcript.chip_authentication, transcript.active_authentication
        return {
            "access": transcript.access_detail,
            "files": sorted(file.name for file in reading.files),
            "chip": None if chip is None else chip.oid,
            "active": None if active is None else len(active.response),
            "apdus": reading.figures.apdus,
        }

    @property
    def atr(self) -> bytes:
        return bytes(scard.SCardStatus(self._card)[4])

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
