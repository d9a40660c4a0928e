"""The terminal's private key inside a PKCS #11 token: it signs and never leaves (OASIS PKCS #11 v2.40)."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import pkcs11
from pkcs11 import MGF, Mechanism, ObjectClass, PKCS11Error

from drivers.emrtd.terminal_certificates import ECDSA_FAMILY, RSA_FAMILY

log = logging.getLogger(__name__)

T = TypeVar("T")

_BUSY_SECONDS = 2.0
"""One signature takes milliseconds; who waits longer stands behind a token that does not answer."""
_DIGESTS = {1: "sha1", 2: "sha224", 3: "sha256", 4: "sha384", 5: "sha512"}
"""id-TA-ECDSA-SHA-… by its last arc (TR-03110-3 section A.7.3.2)."""
_RSA: dict[int, tuple[Mechanism, Any]] = {
    1: (Mechanism.SHA1_RSA_PKCS, None),
    2: (Mechanism.SHA256_RSA_PKCS, None),
    3: (Mechanism.SHA1_RSA_PKCS_PSS, (Mechanism.SHA_1, MGF.SHA1, 20)),
    4: (Mechanism.SHA256_RSA_PKCS_PSS, (Mechanism.SHA256, MGF.SHA256, 32)),
    5: (Mechanism.SHA512_RSA_PKCS, None),
    6: (Mechanism.SHA512_RSA_PKCS_PSS, (Mechanism.SHA512, MGF.SHA512, 64)),
}
"""id-TA-RSA-… by its last arc (section A.7.3.1)."""


class KeyUnavailable(Exception):
    """The token does not sign now; the text says why, for who runs the gateway."""


class TerminalKey:
    """A key of one token. A session is opened for each signature, so that a token may be taken out and put back."""

    def __init__(self, module: Path, token: str, pin: str) -> None:
        self._module = module
        self._token = token
        self._pin = pin
        self._pin_refused = False
        """Tokens lock themselves after a few wrong PINs: one that was refused is never tried again."""
        self._turn = Lock()

    def sign(self, label: str, family: int, number: int, data: bytes) -> bytes:
        """Sign with the private key of that label, as id-TA-… `family`.`number` says; ECDSA as r and s joined.

        Raises KeyUnavailable.
        """
        return self._with_key(label, lambda key: _sign(key, family, number, data))

    def look(self, label: str) -> None:
        """Whether the token gives us the private key of that label; nothing is signed. Raises KeyUnavailable."""
        self._with_key(label, lambda _: None)

    def _with_key(self, label: str, use: Callable[[Any], T]) -> T:
        if not self._turn.acquire(timeout=_BUSY_SECONDS):
            raise KeyUnavailable("the token is busy")
        try:
            if self._pin_refused:
                raise KeyUnavailable("the token refused its PIN; start again with the right one")
            token = pkcs11.lib(str(self._module)).get_token(token_label=self._token)
            with token.open(user_pin=self._pin) as session:
                return use(session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label))
        except (PKCS11Error, RuntimeError) as error:
            if isinstance(error, pkcs11.PinIncorrect | pkcs11.PinLocked | pkcs11.PinExpired):
                self._pin_refused = True
            log.error("terminal key: %s", type(error).__name__)
            raise KeyUnavailable(type(error).__name__) from error
        finally:
            self._turn.release()


def _sign(key: Any, family: int, number: int, data: bytes) -> bytes:
    if family == ECDSA_FAMILY and number in _DIGESTS:
        return key.sign(hashlib.new(_DIGESTS[number], data).digest(), mechanism=Mechanism.ECDSA)
    if family == RSA_FAMILY and number in _RSA:
        mechanism, parameters = _RSA[number]
        return key.sign(data, mechanism=mechanism, mechanism_param=parameters)
    raise KeyUnavailable("the certificate names an unknown protocol")
