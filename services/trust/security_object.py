"""EF.SOD: the signed hashes of the data groups (ICAO 9303-10 section 4.6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asn1crypto import core

from services.trust.algorithms import Hash, hash_of
from services.trust.errors import malformed, parsing
from services.trust.signed_data import SignedData, read_signed_data

LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
_OUTER_TAG = 0x77


class _GroupHash(core.Sequence):
    _fields = [("number", core.Integer), ("value", core.OctetString)]  # noqa: RUF012  the parser's own form


class _GroupHashes(core.SequenceOf):
    _child_spec = _GroupHash


class _Algorithm(core.Sequence):
    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", core.Any, {"optional": True})]  # noqa: RUF012


class _Version(core.Sequence):
    _fields = [("lds", core.PrintableString), ("unicode", core.PrintableString)]  # noqa: RUF012


class _LdsSecurityObject(core.Sequence):
    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("hash_algorithm", _Algorithm),
        ("hashes", _GroupHashes),
        ("lds_version", _Version, {"optional": True}),
    ]


@dataclass(frozen=True)
class SecurityObject:
    """EF.SOD: hashes of data groups by number, and who signed them. Nothing is verified yet."""

    signed: SignedData
    hash: Hash
    hashes: dict[int, bytes]

    def matches(self, group: int, data: bytes) -> bool | None:
        """Whether a group's bytes have the signed hash; None when the group has none."""
        expected = self.hashes.get(group)
        return None if expected is None else self.hash.digest(data) == expected


def read_security_object(data: bytes) -> SecurityObject:
    """Read EF.SOD (`77 L` around SignedData). Raises TrustError."""
    with parsing("EF.SOD"):
        outer: Any = core.Asn1Value.load(data, strict=True)
        if data[:1] != bytes([_OUTER_TAG]):
            raise malformed("EF.SOD has another tag")
        signed = read_signed_data(bytes(outer.contents), LDS_SECURITY_OBJECT)
        content: Any = _LdsSecurityObject.load(signed.content, strict=True)
        hashes: dict[int, bytes] = {}
        for item in content["hashes"]:
            number = int(item["number"])
            if not 1 <= number <= 16 or number in hashes:
                raise malformed("EF.SOD lists a data group twice, or one that does not exist")
            hashes[number] = bytes(item["value"])
        algorithm = hash_of(content["hash_algorithm"]["algorithm"].dotted)
    if not hashes:
        raise malformed("EF.SOD lists no data group")
    return SecurityObject(signed, algorithm, hashes)
