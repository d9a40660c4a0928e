"""The demo's secrets: drawn at the first start, kept in its run folder, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, fields
from pathlib import Path

OPERATOR_NAME = "Nguyễn Thị Thử Nghiệm"
OPERATOR_NUMBER = "099180999901"
"""An invented member of staff in whose name insurance cards are asked."""

SIZES = {"upload_secret": 27}
"""Bytes of a secret that must be longer than the others."""


@dataclass(frozen=True)
class DemoSecrets:
    """What peers of the demo share. None of it protects anything real."""

    webhook_secret: str
    bank_token: str
    insurer_password: str
    operator_name: str
    operator_number: str
    staff_password: str
    hospital_secret: str
    one_stop_secret: str
    one_stop_password: str
    upload_secret: str
    helper_pin: str
    """Of an invented person of the community digital team."""
    technician_pin: str
    """Of the kiosk's technician's mode."""
    metrics_token: str
    bank_client: str
    e_invoice_token: str

    @property
    def environment(self) -> dict[str, str]:
        """As the stand-ins name them, and with TRAM_ before it as the demo site's settings do."""
        return {f"{owner}{name}": value for owner in ("", "TRAM_") for name, value in self._named.items()}

    @property
    def _named(self) -> dict[str, str]:
        return {
            "INSURER_PASSWORD": self.insurer_password,
            "INSURER_OPERATOR_NAME": self.operator_name,
            "INSURER_OPERATOR_NUMBER": self.operator_number,
            "BANK_WEBHOOK_SECRET": self.webhook_secret,
            "BANK_API_TOKEN": self.bank_token,
            "BANK_CLIENT_ID": self.bank_client,
            "E_INVOICE_TOKEN": self.e_invoice_token,
            "HOSPITAL_SECRET": self.hospital_secret,
            "ONE_STOP_SECRET": self.one_stop_secret,
            "ONE_STOP_PASSWORD": self.one_stop_password,
            "UPLOAD_SECRET": self.upload_secret,
            "METRICS_TOKEN": self.metrics_token,
        }


def load_or_draw(folder: Path) -> DemoSecrets:
    """The secrets of this folder, drawn where they are missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fixed = {"operator_name": OPERATOR_NAME, "operator_number": OPERATOR_NUMBER}
    found: dict[str, str] = {}
    for field in fields(DemoSecrets):
        file = folder / field.name
        if not file.exists():
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(fixed.get(field.name) or _drawn(field.name))
        found[field.name] = file.read_text("utf-8")
    return DemoSecrets(**found)


def _drawn(name: str) -> str:
    if name not in {"helper_pin", "technician_pin"}:
        return secrets.token_urlsafe(SIZES.get(name, 18))
    while len(set(pin := f"{secrets.randbelow(10**6):06}")) < 3:
        pass
    return pin
