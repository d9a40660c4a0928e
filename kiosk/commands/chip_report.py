"""What the chip commands tell, as plain values for JSON (docs/chip-read.schema.json)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from drivers.emrtd.lds.dates import PartialDate
from drivers.emrtd.lds.details import parse_dg11, parse_dg12, parse_dg16
from drivers.emrtd.lds.dg1 import parse_dg1
from drivers.emrtd.lds.dg2 import parse_dg2
from drivers.emrtd.lds.dg3 import parse_dg3
from drivers.emrtd.lds.dg13 import parse_dg13
from drivers.emrtd.lds.pictures import parse_dg5, parse_dg7
from drivers.emrtd.lds.security_infos import parse_dg14
from drivers.emrtd.lds.tlv import LdsError
from drivers.emrtd.reading import ChipReading, FileId, Proof
from services.trust.active import read_dg15
from services.trust.errors import TrustError
from services.trust.verdicts import CertificateSummary, PassiveVerdict, ProofVerdict

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Plain = dict[str, object]


def files(found: Mapping[FileId, bytes]) -> Plain:
    """Size and SHA-256 of every file, by its name."""
    return {
        file.value: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for file, data in sorted(found.items(), key=lambda item: item[0].value)
    }


def groups(found: Mapping[FileId, bytes]) -> Plain:
    """What stands in the groups that can be read; a broken one says so."""
    report: Plain = {}
    for file, describe in _GROUPS.items():
        if file not in found:
            continue
        try:
            report[file.name] = describe(found[file])
        except (LdsError, TrustError) as error:
            report[file.name] = {"error": str(error)}
    return report


def access(reading: ChipReading) -> Plain:
    """How the chip was opened, never with which key."""
    return {"protocol": reading.transcript.access.value, "detail": reading.transcript.access_detail}


def refused(reading: ChipReading) -> Plain:
    """Files the chip lists and does not give, with the status word in hex."""
    return {file.value: f"{status:04X}" for file, status in reading.refused.items()}


def figures(reading: ChipReading) -> Plain:
    """What the reading took."""
    found = reading.figures
    return {
        "apdus": found.apdus,
        "bytes_sent": found.bytes_sent,
        "bytes_received": found.bytes_received,
        "milliseconds_to_dg1": None if found.milliseconds_to_dg1 is None else round(found.milliseconds_to_dg1, 1),
        "milliseconds": round(found.milliseconds, 1),
    }


def passive(verdict: PassiveVerdict) -> Plain:
    """Passive authentication with its evidence."""
    time = verdict.time
    return {
        "outcome": verdict.outcome.value,
        "reason": verdict.reason.value,
        "detail": verdict.detail,
        "groups": {f"DG{number}": state.value for number, state in verdict.groups.items()},
        "hash": verdict.hash,
        "algorithm": verdict.algorithm,
        "signer": None if verdict.signer is None else certificate(verdict.signer),
        "chain": [certificate(issuer) for issuer in verdict.chain],
        "time": None if time is None else {"source": time.source.value, "at": moment(time.start)},
        "revocation": {
            "state": verdict.revocation.value,
            "at": None if verdict.revoked_at is None else moment(verdict.revoked_at),
            "reason": verdict.revoked_because,
        },
    }


def proof(verdict: ProofVerdict) -> Plain:
    """Active or chip authentication."""
    return {
        "outcome": verdict.outcome.value,
        "reason": verdict.reason,
        "key": verdict.key,
        "algorithm": verdict.algorithm,
    }


def terminal(reading: ChipReading, *, asked: bool) -> Plain:
    """Whether the chip took this reader for an authorised terminal. No proof of the chip, and no part of the result."""
    if not asked:
        return {"outcome": "not-done", "reason": "no terminal was given"}
    if reading.transcript.terminal_authentication:
        return {"outcome": "accepted", "reason": ""}
    failed = reading.transcript.failed
    for proof in (Proof.TERMINAL_AUTHENTICATION, Proof.CHIP_AUTHENTICATION):
        if proof in failed:
            return {"outcome": "refused", "reason": failed[proof]}
    return {"outcome": "not-done", "reason": "the chip offers no chip authentication, which comes first"}


def certificate(found: CertificateSummary) -> Plain:
    """A certificate as evidence."""
    return {
        "subject": found.subject,
        "issuer": found.issuer,
        "serial": found.serial,
        "sha256": found.fingerprint,
        "key": found.key,
        "not_before": moment(found.not_before),
        "not_after": moment(found.not_after),
    }


def moment(at: datetime) -> str:
    """ISO 8601 with the offset it came with."""
    return at.isoformat()


def _fields(value: DataclassInstance) -> Plain:
    """The fields of a group that are there."""
    found = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return {name: inner for name, inner in found.items() if inner not in (None, [])}


def _plain(value: object) -> object:
    """Texts and numbers as they are, dates as text, pictures by their size."""
    if isinstance(value, bytes):
        return {"bytes": len(value)}
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, PartialDate):
        return "-".join(f"{part:02}" for part in (value.year, value.month, value.day) if part is not None)
    if isinstance(value, tuple):
        parts: tuple[object, ...] = value  # pyright: ignore[reportUnknownVariableType] - parts of a group
        return [_plain(inner) for inner in parts]
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    return value


def _dg1(data: bytes) -> Plain:
    mrz = parse_dg1(data)
    return {
        "lines": list(mrz.lines),
        "document_code": mrz.document_code,
        "issuing_state": mrz.issuing_state,
        "document_number": mrz.document_number,
        "number": mrz.vietnamese_number,
        "nationality": mrz.nationality,
        "birth": mrz.birth.text,
        "sex": mrz.sex,
        "expiry": mrz.expiry.text,
        "surname": mrz.surname,
        "given_names": mrz.given_names,
        "failed_checks": sorted(check.value for check in mrz.failed_checks),
    }


def _dg2(data: bytes) -> Plain:
    faces = parse_dg2(data)
    return {
        "faces": [
            {"format": face.format.value, "bytes": len(face.data), "width": face.width, "height": face.height}
            for face in faces
        ]
    }


def _dg3(data: bytes) -> Plain:
    return {"fingers": _plain(parse_dg3(data))}


def _dg5(data: bytes) -> Plain:
    return {"pictures": _plain(parse_dg5(data))}


def _dg7(data: bytes) -> Plain:
    return {"pictures": _plain(parse_dg7(data))}


def _dg11(data: bytes) -> Plain:
    return _fields(parse_dg11(data))


def _dg12(data: bytes) -> Plain:
    return _fields(parse_dg12(data))


def _dg16(data: bytes) -> Plain:
    return {"people": _plain(parse_dg16(data))}


def _dg13(data: bytes) -> Plain:
    record = parse_dg13(data)
    return {
        "fields": {str(number): list(texts) for number, texts in sorted(record.fields.items())},
        "unreadable": record.unreadable,
    }


def _dg14(data: bytes) -> Plain:
    return {"security_infos": [info.oid for info in parse_dg14(data).entries]}


def _dg15(data: bytes) -> Plain:
    return {"key": str(read_dg15(data))}


_GROUPS: dict[FileId, Callable[[bytes], Plain]] = {
    FileId.DG1: _dg1,
    FileId.DG2: _dg2,
    FileId.DG3: _dg3,
    FileId.DG5: _dg5,
    FileId.DG7: _dg7,
    FileId.DG11: _dg11,
    FileId.DG12: _dg12,
    FileId.DG13: _dg13,
    FileId.DG14: _dg14,
    FileId.DG15: _dg15,
    FileId.DG16: _dg16,
}
