# Parsed lazily and without types: every use stands inside services.trust.errors.parsing.
from typing import Any

def __getattr__(name: str) -> Any: ...
