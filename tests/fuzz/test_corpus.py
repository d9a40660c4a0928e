"""Every kept input, and every input that was a finding once, goes through its target without a foreign error."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
INPUTS = sorted((HERE / "corpus").glob("*/*"))


def load(name: str) -> ModuleType:
    """A module of this folder, which is no package."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


targets = load("fuzz_targets").TARGETS
mutate_objects = load("fuzz_mutator").mutate_objects


def test_every_target_has_a_kept_corpus():
    assert {path.parent.name for path in INPUTS} == set(targets)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_kept_input_raises_nothing_foreign(path):
    targets[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", sorted(targets))
def test_small_changes_to_kept_inputs_raise_nothing_foreign(name):
    draw = random.Random(name)
    inputs = [path.read_bytes() for path in INPUTS if path.parent.name == name]
    for _ in range(40):
        data = draw.choice(inputs)
        changed = mutate_objects(data, draw.randrange(1 << 30), 65536)
        if changed is None:
            at = draw.randrange(len(data) + 1)
            changed = data[:at] + draw.randbytes(2) + data[at + 1 :]
        targets[name](changed)
