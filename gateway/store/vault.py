"""The vault: personal data is sealed before it is stored, and found again only by keyed hashes.

Keys are made at the first start in a folder that only the gateway's user may read; a copy of the database alone
tells nothing about anybody. New keys are written beside old ones (`sealing-2.key` …): the newest is used, all open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.secret import SecretBox

from services.contract.sealed import new_sealing_key


class VaultError(ValueError):
    """Something sealed does not open with the keys at hand."""


@dataclass(frozen=True)
class Vault:
    """The gateway's own keys."""

    sealing_keys: tuple[str, ...]
    """Private X25519 keys (hex), newest first: what kiosks seal to (services.contract.sealed)."""
    box_key: bytes
    hash_key: bytes
    token_key: bytes

    @property
    def public_sealing_key(self) -> str:
        """What kiosks pin at enrolment (hex)."""
        return bytes(PrivateKey(bytes.fromhex(self.sealing_keys[0])).public_key).hex()

    def seal(self, data: bytes) -> bytes:
        """Encrypt for the store (XSalsa20-Poly1305)."""
        return bytes(SecretBox(self.box_key).encrypt(data))

    def open(self, sealed: bytes) -> bytes:
        """The data again. Raises VaultError."""
        try:
            return SecretBox(self.box_key).decrypt(sealed)
        except CryptoError as error:
            raise VaultError("does not open with this gateway's key") from error

    def hash(self, purpose: str, value: str) -> str:
        """A keyed hash (hex): equal for equal values, useless without the key."""
        return hmac.new(self.hash_key, f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


def open_vault(directory: Path) -> Vault:
    """The keys in `directory`, made when they are missing."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    numbered = sorted(
        (
            (int(match[1]), path)
            for path in directory.iterdir()
            if (match := re.fullmatch(r"sealing-(\d+)\.key", path.name))
        ),
        reverse=True,
    )
    if not numbered:
        _write_new(directory / "sealing-1.key", new_sealing_key()[0])
        numbered = [(1, directory / "sealing-1.key")]
    return Vault(
        sealing_keys=tuple(path.read_text(encoding="ascii").strip() for _, path in numbered),
        box_key=_random_key(directory / "vault.key"),
        hash_key=_random_key(directory / "hash.key"),
        token_key=_random_key(directory / "token.key"),
    )


def _random_key(path: Path) -> bytes:
    if not path.exists():
        _write_new(path, secrets.token_hex(32))
    return bytes.fromhex(path.read_text(encoding="ascii").strip())


def _write_new(path: Path, content: str) -> None:
    """Only whoever creates the file writes it: a second process reads what the first one made."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(content + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
