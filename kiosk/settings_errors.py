"""What is wrong in a settings file, where, and what is allowed: for the technician who has only the file."""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

Loc = tuple[str | int, ...]
Fault = tuple[int | None, str]
"""A line number (from 1, None for the whole file) and a sentence."""

_HEADER = re.compile(r"^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")


class SettingsError(Exception):
    """Every fault of one settings file; its text has one line each: `file:line: what, allowed: ...`."""

    def __init__(self, path: Path, faults: Sequence[Fault]) -> None:
        self.path = path
        self.faults = tuple(faults)
        where = [f"{path}:{line}" if line else f"{path}" for line, _ in faults]
        super().__init__("\n".join(f"{place}: {what}" for place, (_, what) in zip(where, faults, strict=True)))


def explain(error: ValidationError, text: str, model: type[BaseModel]) -> list[Fault]:
    """One fault for each of pydantic's errors, in the order of the file."""
    faults: list[Fault] = []
    for item in error.errors(include_url=False):
        loc, owners = _walk(item["loc"], model)
        sentence = _sentence(item["type"], item["msg"], loc, item.get("ctx") or {}, owners)
        place = (*loc, "kind") if item["type"] == "union_tag_invalid" else loc
        faults.append((line_of(text, place), sentence))
    return sorted(faults, key=lambda fault: fault[0] or 0)


def line_of(text: str, loc: Loc) -> int | None:
    """The line where the key `loc` stands, else that of its table, else None."""
    wanted = tuple(str(part) for part in loc if isinstance(part, str))
    table: tuple[str, ...] = ()
    best: tuple[int, int] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            table = _split(header.group(1))
            here = table
        elif key := _KEY.match(line):
            here = table + _split(key.group(1))
        else:
            continue
        if here == wanted[: len(here)] and (best is None or len(here) > best[0]):
            best = (len(here), number)
    return best[1] if best else None


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.split(r"\.(?=(?:[^\"']*[\"'][^\"']*[\"'])*[^\"']*$)", dotted))


def _walk(loc: Loc, model: type[BaseModel]) -> tuple[Loc, list[type[BaseModel]]]:
    """The keys of `loc` as the file spells them, and the models the last of them may belong to.

    pydantic puts in a tag for a chosen kind: ("printer", "network", "port") is the file's printer.port.
    """
    kept: list[str | int] = []
    models: list[type[BaseModel]] = [model]
    owners = models
    for part in loc:
        tagged = [each for each in models if part in _tags(each)]
        if tagged and not any(part in each.model_fields for each in models):
            models = tagged
            continue
        kept.append(part)
        owners, models = models, [inner for each in models for inner in _inner(each.model_fields.get(str(part)))]
    return tuple(kept), owners


def _tags(model: type[BaseModel]) -> set[str]:
    kind = model.model_fields.get("kind")
    return set(typing.get_args(kind.annotation)) if kind else set()


def _inner(field: FieldInfo | None) -> list[type[BaseModel]]:
    if field is None:
        return []
    return list(_models(field.annotation))


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every model an annotation may stand for, however deep: one of several kinds, or none at all."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _models(part)


def _sentence(kind: str, message: str, loc: Loc, context: dict[str, Any], owners: list[type[BaseModel]]) -> str:
    name = ".".join(str(part) for part in loc) or "the file"
    if kind == "extra_forbidden":
        keys = sorted({key for each in owners for key in each.model_fields})
        near = difflib.get_close_matches(str(loc[-1]), keys, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        return f"{name} is no setting{hint}; allowed: {', '.join(keys)}"
    if kind == "missing":
        return f"{name} is missing; it must be given"
    if kind == "literal_error":
        return f"{name}: allowed: {context.get('expected', message)}"
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        kinds = sorted(
            {tag for each in owners for inner in _inner(each.model_fields.get(str(loc[-1]))) for tag in _tags(inner)}
        )
        return f"{name}.kind: allowed: {', '.join(kinds)}"
    if kind == "value_error":
        return f"{name}: allowed: {context.get('error', message)}"
    return f"{name}: {message[:1].lower()}{message[1:]}"
