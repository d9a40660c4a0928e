"""The sample data that comes along, and the schemas of the two formats as the documentation prints them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from services.procedures.calendar import WorkingCalendar
from services.procedures.places import Places
from services.procedures.records import Catalogue

_DATA = Path(__file__).resolve().parents[2] / "assets" / "data" / "procedures"
SAMPLE = _DATA / "sample.json"
SAMPLE_CALENDAR = _DATA / "calendar-sample.json"

SAMPLE_PLACES = _DATA.parent / "places" / "sample.json"

FORMS = _DATA.parent / "forms"

SCHEMAS = {"procedures": Catalogue, "calendar": WorkingCalendar, "places": Places}


def schema_text(name: str) -> str:
    """The JSON Schema (2020-12) of "procedures", "calendar" or "places", as docs/NAME.schema.json has it."""
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema.update(SCHEMAS[name].model_json_schema())
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
