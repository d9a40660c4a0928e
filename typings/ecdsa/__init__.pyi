from collections.abc import Callable, Iterable
from typing import Any

from ecdsa.curves import Curve

class BadSignatureError(Exception): ...

class VerifyingKey:
    @classmethod
    def from_string(
        cls,
        string: bytes,
        curve: Curve = ...,
        hashfunc: Callable[[bytes], Any] = ...,
        validate_point: bool = True,
        valid_encodings: Iterable[str] | None = None,
    ) -> VerifyingKey: ...
    def to_string(self, encoding: str = "raw") -> bytes: ...
    def verify_digest(
        self,
        signature: bytes,
        digest: bytes,
        sigdecode: Callable[[bytes, int], tuple[int, int]] = ...,
        allow_truncate: bool = False,
    ) -> bool: ...

def __getattr__(name: str) -> Any: ...
