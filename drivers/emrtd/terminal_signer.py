"""The seam of terminal authentication: who holds the terminal's certificates and key. Light: a window imports it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class SignerUnavailable(Exception):
    """Nobody signs now: the reading goes on without what only an authorised terminal sees."""


class TerminalSigner(Protocol):
    """Holds the terminal's certificates and key: a gateway, a hardware module, in the laboratory a file."""

    def chain(self, authority: bytes) -> Sequence[bytes]:
        """Certificates from the one signed by `authority` (a CVCA reference) down to the terminal's, each as 7F21.

        Raises LookupError when no chain begins there, SignerUnavailable.
        """
        ...

    def sign(self, data: bytes) -> bytes:
        """Sign with the terminal's key: for ECDSA r and s joined, for RSA as the key's protocol says.

        Raises SignerUnavailable.
        """
        ...
