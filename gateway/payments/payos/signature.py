"""payOS signatures: HMAC-SHA256 in lower-case hexadecimal, over texts that each kind of message makes its own way."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from decimal import Decimal

CREATE_FIELDS = ("amount", "cancelUrl", "description", "orderCode", "returnUrl")


def of_create(key: str, fields: Mapping[str, object]) -> str:
    """Of a request: exactly five fields in alphabetical order, not URL-encoded."""
    return _sign(key, "&".join(f"{name}={fields[name]}" for name in CREATE_FIELDS))


def of_data(key: str, data: Mapping[str, object]) -> str:
    """Of a notification or an answer: every key of `data` sorted, `k=v` joined with `&`."""
    return _sign(key, "&".join(f"{name}={_text(data[name])}" for name in sorted(data)))


def holds(key: str, data: Mapping[str, object], signature: object) -> bool:
    """Whether a signature is that of the data, compared in constant time."""
    given = signature.encode("utf-8", "replace") if isinstance(signature, str) else b""
    return hmac.compare_digest(of_data(key, data).encode(), given)


def _text(value: object) -> str:
    """Null is empty, booleans are JavaScript's, what nests is compact JSON with sorted keys."""
    if value is None or value in ("null", "undefined"):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_number)
    return str(value)


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)


def _sign(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
