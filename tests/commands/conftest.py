"""The command line as an integrator calls it: exit code, standard output as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kiosk.__main__ import main


class Outcome(NamedTuple):
    code: int
    json: Any
    out: str
    err: str


@pytest.fixture
def kiosk(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run `python -m kiosk …` in this process."""

    def run(*words: object) -> Outcome:
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 99
        out, err = capsys.readouterr()
        try:
            parsed = json.loads(out)
        except ValueError:
            parsed = None
        return Outcome(int(code), parsed, out, err)

    return run


class Schema:
    """As much of JSON Schema 2020-12 as the published schemas use; `check` raises AssertionError with the place."""

    KNOWN = frozenset({
        "$schema", "$id", "title", "description", "$defs", "$ref", "oneOf", "anyOf", "type", "enum", "const", "pattern",
        "properties", "required", "items", "additionalProperties",
    })  # fmt: skip
    TYPES: dict[str, Any] = {  # noqa: RUF012  a constant
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "null": type(None),
    }

    def __init__(self, path: Path) -> None:
        self.root = json.loads(path.read_text("utf-8"))

    def check(self, value: Any, schema: Any = None, place: str = "$") -> None:
        schema = self.root if schema is None else schema
        if isinstance(schema, bool):
            assert schema, f"{place}: not allowed"
            return
        assert not schema.keys() - self.KNOWN, f"{place}: keywords this checker does not know"
        if "$ref" in schema:
            self.check(value, self.root["$defs"][schema["$ref"].removeprefix("#/$defs/")], place)
        for word, wanted in (("oneOf", 1), ("anyOf", None)):
            if word in schema:
                fits = [self._fits(value, one, place) for one in schema[word]]
                count = sum(error is None for error in fits)
                assert count == wanted if wanted else count, f"{place}: {word}: {fits}"
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        assert not kinds or any(self._is(value, kind) for kind in kinds), f"{place}: {value!r} is no {kinds}"
        assert "enum" not in schema or value in schema["enum"], f"{place}: {value!r} is none of {schema['enum']}"
        assert "const" not in schema or value == schema["const"], f"{place}: {value!r} is not {schema['const']!r}"
        if "pattern" in schema and isinstance(value, str):
            assert re.search(schema["pattern"], value), f"{place}: {value!r}"
        if isinstance(value, dict):
            missing = [name for name in schema.get("required", []) if name not in value]
            assert not missing, f"{place}: {missing} missing"
            for name, inner in value.items():
                one = schema.get("properties", {}).get(name, schema.get("additionalProperties", True))
                self.check(inner, one, f"{place}.{name}")
        if isinstance(value, list):
            for at, inner in enumerate(value):
                self.check(inner, schema.get("items", True), f"{place}[{at}]")

    def _is(self, value: Any, kind: str) -> bool:
        return isinstance(value, self.TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))

    def _fits(self, value: Any, schema: Any, place: str) -> str | None:
        try:
            self.check(value, schema, place)
        except AssertionError as error:
            return str(error)
        return None


DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="session")
def chip_schema() -> Schema:
    """docs/chip-read.schema.json."""
    return Schema(DOCS / "chip-read.schema.json")


@pytest.fixture(scope="session")
def trust_schema() -> Schema:
    """docs/chip-trust.schema.json."""
    return Schema(DOCS / "chip-trust.schema.json")


@pytest.fixture(scope="session")
def qr_schema() -> Schema:
    """docs/qr-decode.schema.json."""
    return Schema(DOCS / "qr-decode.schema.json")
