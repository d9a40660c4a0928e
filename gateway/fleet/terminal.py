"""The inspection system: it may ask a chip for fingers, with its certificates in a folder and its key in a token.

The folder is read for each question: certificates of terminals live for days or weeks and are renewed under way.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from drivers.emrtd.lds.cvc import CvCertificate
from drivers.emrtd.lds.tlv import LdsError, read_header
from drivers.emrtd.terminal_certificates import TerminalCertificates, protocol
from gateway.fleet.terminal_key import KeyUnavailable
from gateway.problems import Refused

log = logging.getLogger(__name__)

_CERTIFICATE_TAGS = (b"\x7f\x21", b"\x7f\x4e")


class SigningKey(Protocol):
    """What `gateway.fleet.terminal_key.TerminalKey` does."""

    def sign(self, label: str, family: int, number: int, data: bytes) -> bytes:
        """Raises KeyUnavailable."""
        ...

    def look(self, label: str) -> None:
        """Whether the key is there; nothing is signed. Raises KeyUnavailable."""
        ...


class InspectionSystem:
    """Answers kiosks that stand before a chip."""

    def __init__(self, folder: Path, key: SigningKey, label: str | None) -> None:
        """`label` of the key in its token; None: it is called as the terminal's certificate calls its holder."""
        self._folder = folder
        self._key = key
        self._label = label

    def chain(self, authority: bytes) -> Sequence[bytes]:
        """Certificates from the one `authority` signed down to the terminal's. Raises Refused 404 or 424."""
        try:
            return self._certificates().chain(authority)
        except LookupError as error:
            raise Refused(404, "No certificate chain begins at this authority") from error

    def sign(self, message: bytes) -> bytes:
        """The signature over a chip's identifier, challenge and ephemeral key. Raises Refused 422 or 424."""
        if _is_certificate(message):
            raise Refused(422, "This is no challenge of a chip")
        terminal = self._certificates().terminal
        try:
            return self._key.sign(self._label_of(terminal), *protocol(terminal), message)
        except (KeyUnavailable, LdsError) as error:
            raise _not_now(error) from error

    def status(self) -> tuple[CvCertificate, str | None]:
        """The terminal's certificate, and why its key cannot sign now (None: it can). Raises Refused 424."""
        terminal = self._certificates().terminal
        try:
            protocol(terminal)
            self._key.look(self._label_of(terminal))
        except (KeyUnavailable, LdsError) as error:
            return terminal, str(error)[:200]
        return terminal, None

    def _label_of(self, terminal: CvCertificate) -> str:
        return self._label or terminal.holder.decode("ascii", "replace")

    def _certificates(self) -> TerminalCertificates:
        try:
            return TerminalCertificates(self._folder)
        except (OSError, ValueError, LdsError) as error:
            raise _not_now(error) from error


def _is_certificate(message: bytes) -> bool:
    """Who could have a certificate or a request for one signed would be the terminal: no challenge looks like that."""
    if not message.startswith(_CERTIFICATE_TAGS):
        return False
    try:
        return read_header(message).total <= len(message)
    except LdsError:
        return False


def _not_now(error: Exception) -> Refused:
    """424: the request is right, what it needs does not work; the gateway itself does."""
    log.error("inspection system: %s", error)
    return Refused(424, "The inspection system cannot be used now", detail=str(error)[:200])
