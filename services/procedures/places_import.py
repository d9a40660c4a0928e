"""The table of places from two lists, as a site gets them: what there is now, and what each old ward became.

`communes.csv`: code, name, province_code, province. `changes.csv`: old_name, old_district, old_province_code,
old_province, new_code, part; one line for each old ward and each commune it went to, `part` filled in where only a part
of it did. An old district without wards (an island) has no old_name. UTF-8, with a head line.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from services.procedures.places import Places
from services.procedures.records import SourceMark

COMMUNES = ("code", "name", "province_code", "province")
CHANGES = ("old_name", "old_district", "old_province_code", "old_province", "new_code", "part")
FORMAT = "tram-places/1"


class PlacesError(ValueError):
    """A list that cannot be taken over: the file, the line, what is wrong."""


def read_lists(communes: Path, changes: Path, *, name: str, source: str, accessed: date, since: date) -> Places:
    """Both lists as one table, from the day `since` on. Raises PlacesError, OSError, pydantic.ValidationError."""
    was: dict[str, list[dict[str, Any]]] = defaultdict(list)
    provinces: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    rows = list(_lines(communes, COMMUNES))
    province_of = {row["code"]: row["province_code"] for _, row in rows}
    if len(province_of) != len(rows):
        raise PlacesError(f"{communes.name}: a code stands twice")
    for line, row in _lines(changes, CHANGES):
        if row["new_code"] not in province_of:
            raise PlacesError(f"{changes.name}:{line}: {row['new_code']} is not in {communes.name}")
        old = {"name": row["old_name"] or row["old_district"], "district": row["old_district"]}
        unit: dict[str, Any] = {**old, "province": row["old_province_code"]}
        was[row["new_code"]].append(unit | {"part": True} if row["part"] else unit)
        before = {"code": row["old_province_code"], "name": row["old_province"]}
        provinces[province_of[row["new_code"]]][row["old_province_code"]] = before
    names = {row["province_code"]: row["province"] for _, row in rows}
    return Places.model_validate(
        {
            "format": FORMAT,
            "sample": False,
            "name": name,
            "updated": accessed,
            "provinces": [
                # What it was, itself first.
                {"code": code, "name": names[code], "valid_from": since, "was": _own_first(code, provinces[code])}
                for code in sorted(names)
            ],
            "communes": [
                {
                    "code": row["code"],
                    "name": row["name"],
                    "province": row["province_code"],
                    "valid_from": since,
                    "was": was[row["code"]],
                }
                for _, row in rows
            ],
            "source": {"name": source, "mark": SourceMark.SECOND_HAND, "accessed": accessed},
        }
    )


def _own_first(code: str, before: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    return [before[one] for one in sorted(before, key=lambda other: (other != code, other))]


def _lines(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if tuple(reader.fieldnames or ()) != columns:
            raise PlacesError(f"{path.name}:1: the head line must be {','.join(columns)}")
        for row in reader:
            if None in row or None in row.values():
                raise PlacesError(f"{path.name}:{reader.line_num}: {len(columns)} columns are wanted")
            yield reader.line_num, {name: text.strip() for name, text in row.items()}
