"""The sample data that comes along, and the schemas of the two formats as the documentation prints them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from services.procedures.calendar import WorkingCalendar
from services.procedures.places import Places, read_places
from services.procedures.records import Catalogue

_DATA = Path(__file__).resolve().parents[2] / "assets" / "data" / "procedures"
SAMPLE = _DATA / "sample.json"
SAMPLE_CALENDAR = _DATA / "calendar-sample.json"

SAMPLE_PLACES = _DATA.parent / "places" / "sample.json"
"""A few places, and the invented province of the demo."""
PLACES = _DATA.parent / "places" / "viet-nam.json"
"""34 provinces, 3,321 communes, and the 10,040 wards they were made of."""

FORMS = _DATA.parent / "forms"

SCHEMAS = {"procedures": Catalogue, "calendar": WorkingCalendar, "places": Places}


@cache
def places(*, sample: bool) -> Places:
    """The country; with the demo's invented province where the catalogue is a sample."""
    country = read_places(PLACES)
    if not sample:
        return country
    demo = read_places(SAMPLE_PLACES)
    invented = tuple(one for one in demo.provinces if country.province(one.code) is None)
    codes = {one.code for one in invented}
    return country.model_copy(
        update={
            "provinces": (*country.provinces, *invented),
            "communes": (*country.communes, *(one for one in demo.communes if one.province in codes)),
        }
    )


def schema_text(name: str) -> str:
    """The JSON Schema (2020-12) of "procedures", "calendar" or "places", as docs/NAME.schema.json has it."""
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema.update(SCHEMAS[name].model_json_schema())
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
