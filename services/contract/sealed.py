"""Sealed bodies: what a kiosk keeps on its disk, only the gateway can read (DESIGN section 8).

Every deliver-later write is sent as `Content-Type: application/vnd.tram.sealed` with the same path, method and
`Idempotency-Key` header as its JSON form; the gateway unseals the body and goes on as if the JSON had been sent
(the idempotency hash is taken over the unsealed JSON: a sealed box differs each time it is made).

    sealed = b"TS1" + key id (4 bytes) + libsodium sealed box of: path LF key LF json

The path and the key stand inside, so a body cannot be moved to another operation or key. The key id is the start of
the SHA-256 of the gateway's public key: after a rotation the gateway still opens what older kiosks hold.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from hashlib import sha256

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

MEDIA_TYPE = "application/vnd.tram.sealed"

_MAGIC = b"TS1"
_ID = 4


class CannotUnseal(ValueError):
    """Not a sealed body, sealed to a key this gateway does not hold, or made for another path or key."""


def new_sealing_key() -> tuple[str, str]:
    """A private and a public X25519 key, hex. The private one never leaves the gateway."""
    private = PrivateKey.generate()
    return bytes(private).hex(), bytes(private.public_key).hex()


def seal(body: bytes, public_key: str, *, path: str, key: str) -> bytes:
    """Seal JSON `body` of the write (`path`, idempotency `key`) to the gateway's public key (hex, 32 bytes)."""
    public = bytes.fromhex(public_key)
    inner = b"\n".join((path.encode(), key.encode(), body))
    return _MAGIC + _key_id(public) + SealedBox(PublicKey(public)).encrypt(inner)


def unseal(sealed: bytes, private_keys: Iterable[str], *, path: str, key: str) -> bytes:
    """The JSON body again. `private_keys` (hex): the current one and those before it. Raises CannotUnseal."""
    start = len(_MAGIC) + _ID
    if len(sealed) < start or not sealed.startswith(_MAGIC):
        raise CannotUnseal("not a sealed body")
    private = _find(private_keys, sealed[len(_MAGIC) : start])
    try:
        inner = SealedBox(private).decrypt(sealed[start:])
    except CryptoError as error:
        raise CannotUnseal("the box does not open") from error
    expected = path.encode() + b"\n" + key.encode() + b"\n"
    if not inner.startswith(expected):
        raise CannotUnseal("made for another path or key")
    return inner[len(expected) :]


def _key_id(public: bytes) -> bytes:
    return sha256(public).digest()[:_ID]


@functools.cache
def _held(text: str) -> tuple[PrivateKey, bytes]:
    """A private key and its id, computed once: a gateway holds a few and opens many bodies."""
    private = PrivateKey(bytes.fromhex(text))
    return private, _key_id(bytes(private.public_key))


def _find(private_keys: Iterable[str], wanted: bytes) -> PrivateKey:
    for text in private_keys:
        private, id = _held(text)
        if id == wanted:
            return private
    raise CannotUnseal("sealed to a key that is not held")
