"""Who asks the insurer, and what the first cost is told."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from gateway.settings.base import Secret, Section


class Insurance(Section):
    """The insurer's gateway and who asks (reference: VSS gateway, `KQNhanLichSuKCB2024`)."""

    url: str
    card_path: str = "/api/egw/KQNhanLichSuKCB2024"
    token_path: str = "/api/token/take"  # noqa: S105 - a path
    username: str
    password: Secret
    operator_name: Secret
    operator_number: Secret
    """The 12-digit number of the member of staff in whose name cards are asked."""
    timeout_seconds: float = Field(default=8.0, gt=0, le=60)
    """For one whole answer. A time-out is never repeated by itself."""
    refused_rest_seconds: float = Field(default=60, ge=0, le=3600)
    """After the account was refused no token is asked for so long: the insurer bars accounts that keep on trying."""
    copayment_path: str | None = None
    """E.g. "/api/TraCuuCCT/TraCuuTienMCCT": patients with five years of insurance without a gap are asked for there."""
    facility: str = Field(pattern="^[0-9A-Z]{5}$")
    route_registered: str = "1.1"
    route_other: str = "1.12"
    """Routing code of an outpatient who chose this facility without being registered here (QĐ 3276/QĐ-BYT)."""
    retry_minutes: tuple[int, ...] = (2, 5, 15, 30, 60)
    """When a look-up that failed at check-in is repeated; the last step goes on for `retry_days`."""
    retry_days: int = Field(default=7, ge=0, le=30)
    """How many days after the patient came such a look-up is still repeated."""


class Xml0(Section):
    """Check-in records (XML0), made at a visit's first cost. Signing and sending are the hospital system's."""

    enabled: bool = True
    directory: Path | None = None
    """Folder where ready records are put for the hospital's software; none: kept until `gateway xml0 take-out`."""
    hospital_fills: frozenset[str] = frozenset({"MA_BN"})
    """Fields the hospital's system fills in when it takes a record: they may be empty here."""
    for_uninsured: bool = False
    """Records of people who use no insurance too (routing code 9)."""
    delay_seconds: float = Field(default=120, ge=0, le=86400)
    """A record is handed over so long after the number: who leaves at once has no visit."""
