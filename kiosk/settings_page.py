"""docs/settings.md: every setting with what is allowed, its default and what it is for, drawn from `kiosk.settings`."""

from __future__ import annotations

import ast
import inspect
import types
import typing
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kiosk import settings as source
from kiosk.settings import Settings

HEAD = """# Settings of a kiosk

Made by `python -m kiosk settings --markdown > docs/settings.md`; a test holds that it is current. One TOML file, given
by `--settings FILE`. Relative paths are relative to that file. A wrong key or value ends the start with its line and
what is allowed. No setting is a secret: keys live in the state directory.

`kiosk run` takes files with `demo = false` only, `kiosk demo` files with `demo = true` only.

The shortest file:

```toml
[gateway]
url = "https://gateway.hospital.example:8443"
ca = "gateway-ca.pem"

[printer]
kind = "network"
host = "10.20.0.31"

[scanner]
path = "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0"
```
"""


def page() -> str:
    """The whole page, Markdown."""
    notes = _notes()
    top = [name for name, field in Settings.model_fields.items() if not _parts(field.annotation)]
    lines = [HEAD, "## The file itself\n", *_table(Settings, notes, top)]
    for name, field in Settings.model_fields.items():
        for part in _parts(field.annotation):
            kind = part.model_fields.get("kind")
            title = f"[{name}]" if kind is None else f'[{name}] with kind = "{typing.get_args(kind.annotation)[0]}"'
            lines += [f"\n## {title}\n", f"{inspect.getdoc(part)}\n", *_table(part, notes, list(part.model_fields))]
    return "\n".join(lines) + "\n"


def _table(model: type[BaseModel], notes: dict[tuple[str, str], str], names: list[str]) -> list[str]:
    rows = ["| key | allowed | default | |", "|---|---|---|---|"]
    for name in names:
        field = model.model_fields[name]
        default = "must be given" if field.is_required() else f"`{_shown(field.default)}`"
        note = " ".join(notes.get((model.__name__, name), "").split())
        rows.append(f"| `{name}` | {_allowed(field)} | {default} | {note} |")
    return rows


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | Path):
        return f'"{value}"'
    return "[]" if value == () else str(value)


def _allowed(field: FieldInfo) -> str:
    bounds = {
        word: getattr(rule, name)
        for rule in field.metadata
        for name, word in (("ge", "from"), ("gt", "over"), ("le", "to"), ("multiple_of", "in steps of"))
        if hasattr(rule, name)
    }
    return " ".join([_kind(field.annotation), *(f"{word} {value:g}" for word, value in bounds.items())])


def _kind(annotation: Any) -> str:
    choices = typing.get_args(annotation)
    if typing.get_origin(annotation) is typing.Literal:
        return " or ".join(f'`"{choice}"`' for choice in choices)
    if typing.get_origin(annotation) is tuple:
        return "texts in brackets"
    if isinstance(annotation, types.UnionType):
        return " or ".join(_kind(choice) for choice in choices if choice is not type(None))
    return {bool: "true or false", int: "whole number", float: "number", str: "text", Path: "path"}[annotation]


def _parts(annotation: Any) -> list[type[BaseModel]]:
    if typing.get_origin(annotation) is typing.Union:  # one of several parts, or none
        inner = [each for each in typing.get_args(annotation) if each is not type(None)]
        annotation = (
            typing.get_args(inner[0])[0] if len(inner) == 1 and hasattr(inner[0], "__metadata__") else annotation
        )
    candidates: tuple[Any, ...] = (annotation, *typing.get_args(annotation))
    return [each for each in candidates if isinstance(each, type) and issubclass(each, BaseModel)]


def _notes() -> dict[tuple[str, str], str]:
    """The texts below the fields in the sources: (model, field) to text."""
    found: dict[tuple[str, str], str] = {}
    for part in ast.parse(inspect.getsource(source)).body:
        if not isinstance(part, ast.ClassDef):
            continue
        for field, after in zip(part.body, part.body[1:], strict=False):
            text = after.value if isinstance(after, ast.Expr) else None
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(text, ast.Constant)
            ):
                found[part.name, field.target.id] = str(text.value)
    return found
