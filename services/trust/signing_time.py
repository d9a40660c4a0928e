"""When a document was signed: what the signature says, else the date of issue, else unknown (9303-12 section 4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone

from drivers.emrtd.lds.details import parse_dg12
from drivers.emrtd.lds.dg13 import parse_dg13
from drivers.emrtd.lds.tlv import LdsError
from services.trust.security_object import SecurityObject
from services.trust.verdicts import GroupState, SigningTime, TimeSource

LOCAL = timezone(timedelta(hours=7))
"""Dates of issue are days in Vietnam; elsewhere a day's difference is within the tolerance of a day."""


def signing_time_of(
    security: SecurityObject, groups: Mapping[int, bytes], states: Mapping[int, GroupState]
) -> SigningTime | None:
    """The signing time; a date of issue counts only from a group with its signed hash. None when it is unknown."""
    signed = security.signed.signing_time
    if signed is not None:
        return SigningTime(TimeSource.SIGNING_TIME, signed, signed)
    for number, source, read in (
        (12, TimeSource.DATE_OF_ISSUE_DG12, _issued_by_dg12),
        (13, TimeSource.DATE_OF_ISSUE_DG13, _issued_by_dg13),
    ):
        day = read(groups[number]) if states.get(number) is GroupState.MATCHES else None
        if day is not None:
            start = datetime.combine(day, time.min, LOCAL)
            return SigningTime(source, start, start + timedelta(days=1))
    return None


def _issued_by_dg12(data: bytes) -> date | None:
    try:
        issued = parse_dg12(data).issued
    except LdsError:
        return None
    return None if issued is None else issued.as_date()


def _issued_by_dg13(data: bytes) -> date | None:
    issued = parse_dg13(data).issued
    return None if issued is None else issued.as_date()
