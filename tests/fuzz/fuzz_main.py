"""`python tests/fuzz/fuzz_main.py TARGET [libFuzzer options and corpus folders]`: one target under Atheris."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from fuzz_mutator import mutate_objects  # noqa: E402  the path comes first

with atheris.instrument_imports(include=["drivers", "services"]):
    from fuzz_targets import TARGETS

TEXTS = frozenset({"mrz", "qr", "vietqr", "purpose", "scanner", "trust_file", "atr", "active_response"})
"""No data objects: libFuzzer's own changes are enough, and much faster."""
LONGEST_TEXT = 700
DEEP = frozenset({"sod", "cms", "card_security", "certificate", "public_key", "crl", "master_list", "cvc"})
"""Behind many lengths: every second change is made inside the tree."""


def main() -> None:
    """Run until libFuzzer's options end it; a finding ends it with another exit code than 0."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"fuzz: one of: {', '.join(TARGETS)}")
    name = sys.argv.pop(1)
    one_in = 2 if name in DEEP else 8

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        made = mutate_objects(data, seed, longest) if seed % one_in == 0 else None
        return atheris.Mutate(data, longest) if made is None else made

    if name in TEXTS:
        atheris.Setup([*sys.argv, f"-max_len={LONGEST_TEXT}"], TARGETS[name])
    else:
        atheris.Setup(sys.argv, TARGETS[name], custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
