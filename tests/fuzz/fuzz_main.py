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


def main() -> None:
    """Run until libFuzzer's options end it; a finding ends it with another exit code than 0."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"fuzz: one of: {', '.join(TARGETS)}")
    target = TARGETS[sys.argv.pop(1)]

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        made = mutate_objects(data, seed, longest) if seed & 1 else None
        return atheris.Mutate(data, longest) if made is None else made

    atheris.Setup(sys.argv, target, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
