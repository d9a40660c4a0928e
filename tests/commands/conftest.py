"""The command line as an integrator calls it: exit code, standard output as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from kiosk.__main__ import main


class Outcome(NamedTuple):
    code: int
    json: Any
    out: str
    err: str


@pytest.fixture
def kiosk(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run `python -m kiosk …` in this process."""

    def run(*words: object) -> Outcome:
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 99
        out, err = capsys.readouterr()
        try:
            parsed = json.loads(out)
        except ValueError:
            parsed = None
        return Outcome(int(code), parsed, out, err)

    return run
