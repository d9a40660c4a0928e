"""What the invented hospital offers, read from the demo site's own file: departments, examinations, prices."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SITE = Path(__file__).resolve().parents[2] / "gateway" / "data" / "demo-hoa-giang.toml"
GENERAL = "kham-benh"
"""The department of examinations that name none."""


@dataclass(frozen=True)
class Examination:
    """One examination. Prices in whole đồng."""

    code: str
    name: str
    department: str
    exam_types: tuple[str, ...]
    price: int
    insured_price: int
    surcharge: int
    """What an insured patient pays on top."""


@dataclass(frozen=True)
class Catalogue:
    """Codes to names, and the examinations."""

    exam_types: dict[str, str]
    departments: dict[str, str]
    examinations: tuple[Examination, ...]

    def named(self, code: str) -> str:
        """The name of an examination; its code where there is none."""
        return next((one.name for one in self.examinations if one.code == code), code)


def load(site: Path = SITE) -> Catalogue:
    """The catalogue of a site's settings file."""
    content: dict[str, Any] = tomllib.loads(site.read_text("utf-8"))
    types = {row["id"]: row["name"] for row in content.get("exam_types", [])} or {"dich-vu": "Khám dịch vụ"}
    departments = {row["id"]: row["name"] for row in content.get("departments", [])} | {GENERAL: "Khoa khám bệnh"}
    examinations = tuple(
        Examination(
            code=row["id"],
            name=row["name"],
            department=row.get("department") or GENERAL,
            exam_types=tuple(row.get("exam_types") or types),
            price=row["price"],
            insured_price=row["insured_price"],
            surcharge=max(0, row.get("insured_charge", row["insured_price"]) - row["insured_price"]),
        )
        for row in content["clinics"]
        if not row.get("guide_desk")
    )
    return Catalogue(types, departments, examinations)
