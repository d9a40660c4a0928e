"""Technicians' cards: the public keys this kiosk knows, and whether a signature is one of theirs.

Only public keys are kept, so a stolen disk opens nothing. A card is known by the name it was added with ("tho-1"),
which is a card's name, not a person's.
"""

from __future__ import annotations

import json
import logging
import os
import re
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from drivers.smartcard.proof import CardProof, signed

log = logging.getLogger(__name__)

FILE = "technician-cards.json"
CHALLENGE_BYTES = 32
_NAME = re.compile(r"[A-Za-z0-9-]{2,20}")


class NotAdded(ValueError):
    """The name says nothing or is taken, the card did not prove its key, or the book of the others cannot be read."""


class CardBook:
    """Blocking. Read anew each time: a card that was forgotten opens nothing from that moment."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    @property
    def names(self) -> tuple[str, ...]:
        """Of all known cards."""
        return tuple(sorted(self._read()))

    def add(self, name: str, proof: CardProof, challenge: bytes) -> None:
        """Know this card from now on. Raises NotAdded, OSError."""
        try:
            known = self._table()
        except (ValueError, TypeError, AttributeError):
            raise NotAdded(f"{self._file} cannot be read: move it away first, then add every card anew") from None
        if not _NAME.fullmatch(name):
            raise NotAdded("a card's name has 2 to 20 letters, digits or dashes, without marks")
        if name in known:
            raise NotAdded(f"{name} is another card's name: forget that one first")
        if not holds(proof, challenge):
            raise NotAdded("the card did not prove its key")
        if proof.key in known.values():
            raise NotAdded("this card is known already")
        self._write({**known, name: proof.key})
        log.info("technician: card %s was added", name)

    def forget(self, name: str) -> bool:
        """It opens nothing any more; False when it was not known. Raises OSError."""
        known = self._read()
        if known.pop(name, None) is None:
            return False
        self._write(known)
        log.info("technician: card %s was forgotten", name)
        return True

    def opened_by(self, proof: CardProof, challenge: bytes) -> str | None:
        """The name of the known card that signed this challenge; None for any other. Each try is logged."""
        name = next((name for name, key in self._read().items() if key == proof.key), None)
        if name is None:
            log.warning("technician: a card that is not known")
            return None
        if not holds(proof, challenge):
            log.warning("technician: card %s could not prove its key", name)
            return None
        log.info("technician: card %s accepted", name)
        return name

    def _read(self) -> dict[str, bytes]:
        try:
            return self._table()
        except (OSError, ValueError, TypeError, AttributeError):
            log.exception("technician: %s cannot be read: add the cards anew", FILE)
            return {}

    def _table(self) -> dict[str, bytes]:
        """Empty where none was added yet. Raises OSError, and what a damaged file raises."""
        try:
            table: dict[str, str] = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return {name: bytes.fromhex(key) for name, key in table.items()}

    def _write(self, known: dict[str, bytes]) -> None:
        new = self._file.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({name: key.hex() for name, key in known.items()}, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._file)


def holds(proof: CardProof, challenge: bytes) -> bool:
    """Whether the key of the proof signed this challenge. Only P-256 with SHA-256 and P-384 with SHA-384 count."""
    try:
        key = load_der_public_key(proof.key)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        digest = {"secp256r1": hashes.SHA256(), "secp384r1": hashes.SHA384()}[key.curve.name]
        key.verify(proof.signature, signed(challenge), ec.ECDSA(digest))
    except (InvalidSignature, ValueError, KeyError, UnsupportedAlgorithm):
        return False
    return True
