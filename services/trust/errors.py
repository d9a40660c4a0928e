"""The one error of this room, and the fence that keeps every other one inside."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from asn1crypto.core import Void


class TrustErrorReason(Enum):
    """What to make of it."""

    MALFORMED = "malformed"
    """The bytes do not have the structure they must have."""
    UNSUPPORTED = "unsupported"
    """Well-formed, but with an algorithm, curve or extension this room does not know: never a success."""
    STORE = "store"
    """The trust store cannot be read or written."""


class TrustError(Exception):
    """Raised by the parsers of `services.trust`. The text holds no bytes of a document."""

    def __init__(self, reason: TrustErrorReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def malformed(detail: str) -> TrustError:
    """Bytes without their structure."""
    return TrustError(TrustErrorReason.MALFORMED, detail)


def unsupported(detail: str) -> TrustError:
    """Something this room does not know."""
    return TrustError(TrustErrorReason.UNSUPPORTED, detail)


@contextmanager
def parsing(what: str) -> Generator[None]:
    """Turn whatever a lazy ASN.1 parser throws at broken bytes into a TrustError.

    Every field that is used must be touched inside: asn1crypto parses on access. MemoryError is not caught: lengths
    never exceed the bytes that are there.
    """
    try:
        yield
    except TrustError:
        raise
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError) as error:
        raise malformed(f"{what} has not the structure it must have ({type(error).__name__})") from None


def whole_octets(value: Any) -> bytes:
    """Octets of a BIT STRING. Raises TrustError when it claims unused bits: one value would have two spellings."""
    octets = bytes(value.native)
    if bytes(value.contents[:1]) != b"\x00":
        raise malformed("bit string with unused bits")
    return octets


def absent(value: object) -> bool:
    """Whether an optional field of an asn1crypto structure is not there, without opening what is."""
    return isinstance(value, Void)
