"""LDIF as the ICAO Public Key Directory publishes it: certificates, revocation lists and master lists in base64."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class LdifKind(Enum):
    """Attributes that are taken; document signers (userCertificate) are left alone."""

    MASTER_LIST = "pkdmasterlistcontent"
    MASTER_LIST_OLD = "cscamasterlistdata"
    CERTIFICATE = "cacertificate;binary"
    CRL = "certificaterevocationlist;binary"


@dataclass(frozen=True)
class LdifObject:
    """One value and what it is."""

    kind: LdifKind
    data: bytes


_KINDS = {kind.value: kind for kind in LdifKind}


def looks_like_ldif(data: bytes) -> bool:
    """Whether a file opens as LDIF: a version or a distinguished name."""
    start = data[:256].lstrip().lower()
    return start.startswith((b"dn:", b"version:", b"#"))


def read_ldif(data: bytes) -> tuple[LdifObject, ...]:
    """All values of known attributes, in order; what is no base64 is left out."""
    return tuple(_objects(data))


def _objects(data: bytes) -> Iterator[LdifObject]:
    for line in _unfolded(data):
        name, colon, value = line.partition(b"::")
        kind = _KINDS.get(name.decode("ascii", "replace").strip().lower()) if colon else None
        if kind is None:
            continue
        try:
            yield LdifObject(kind, base64.b64decode(value.strip(), validate=True))
        except (binascii.Error, ValueError):
            continue


def _unfolded(data: bytes) -> Iterator[bytes]:
    """Logical lines: a line that begins with a blank continues the one before (RFC 2849)."""
    parts: list[bytes] = []
    for line in data.splitlines():
        if line.startswith(b" ") and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield b"".join(parts)
        parts = [line]
    if parts:
        yield b"".join(parts)
