"""Whether a resource is one: the models of `fhir.resources` R4B, and references that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from fhir.resources.R4B import get_fhir_model_class
from pydantic import BaseModel, ValidationError

from simulators.hospital_fhir.search import KINDS
from simulators.hospital_fhir.store import Json, Store


class Invalid(ValueError):
    """`code` of an OperationOutcome issue, and where in the resource."""

    def __init__(self, code: str, place: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.place = place


def check(store: Store, kind: str, resource: Json) -> None:
    """Raises Invalid for what is no R4B resource of this kind, or refers to something that is not there."""
    if resource.get("resourceType") != kind:
        raise Invalid("invalid", "resourceType", f"a {kind} is needed")
    model = cast("type[BaseModel]", get_fhir_model_class(kind))
    try:
        model.model_validate(resource)
    except ValidationError as error:
        fault = error.errors()[0]
        raise Invalid("structure", ".".join(str(part) for part in fault["loc"]), fault["msg"]) from error
    for reference in _references(resource):
        parts = reference.split("/")
        if len(parts) != 2 or parts[0] not in KINDS or store.read(parts[0], parts[1]) is None:
            raise Invalid("not-found", "reference", f"{reference} is not here")


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:  # pyright: ignore[reportUnknownVariableType] - JSON
            yield from _references(one)
    elif isinstance(value, dict):
        for name, one in cast(Json, value).items():
            if name == "reference" and isinstance(one, str):
                yield one
            else:
                yield from _references(one)
