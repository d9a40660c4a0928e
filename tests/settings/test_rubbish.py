"""Whatever stands in the file, the answer is settings or a sentence with a place: never another error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.settings import Settings, parse
from kiosk.settings_errors import SettingsError

SCALARS = st.one_of(
    st.integers(-5, 10**20).map(str),
    st.floats(allow_nan=True).map(repr),
    st.sampled_from(
        ["true", "false", '""', '"vi"', '"network"', '"http://127.0.0.1"', "[]", "{}", "2026-11-21", "[{}]"]
    ),
)
KEYS = st.sampled_from(
    [
        "gateway",
        "printer",
        "scanner",
        "site",
        "trust",
        "demo",
        "url",
        "kind",
        "host",
        "port",
        "path",
        "x",
        "times",
        '"a b"',
    ]
)
LINES = st.one_of(
    st.tuples(KEYS, SCALARS).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    st.tuples(KEYS, KEYS, SCALARS).map(lambda triple: f"{triple[0]}.{triple[1]} = {triple[2]}"),
    KEYS.map(lambda key: f"[{key}]"),
    KEYS.map(lambda key: f"[[{key}]]"),
    st.text(max_size=20).map(lambda text: text.replace("\n", " ")),
)


def outcome(text: str) -> Settings | SettingsError:
    try:
        return parse(text, Path("k.toml"))
    except SettingsError as error:
        return error


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES, max_size=12).map("\n".join))
@example("gateway = 3\nprinter = []\nscanner = 'x'\n")
@example("[[gateway]]\nurl = 1\n[[printer]]\nkind = 'network'\n")
@example("trust = 5\n")
@example("[gateway]\nurl = 'http://[::1'\n")
def test_rubbish_is_refused_with_a_place(text: str) -> None:
    found = outcome(text)
    if isinstance(found, SettingsError):
        lines = len(text.splitlines())
        assert found.faults
        for line, sentence in found.faults:
            assert (line is None or 1 <= line <= lines + 1) and sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gateway = 3\n", "k.toml:1: gateway"),
        ("[[printer]]\nkind = 'usb'\n", "k.toml:1: printer"),
        ("[gateway]\nurl = 'http://[::1'\n", "k.toml:2: gateway.url"),
        ("[site]\nvolume = nan\n", "k.toml:2: site.volume"),
        ("[reader]\nexclude = 'x'\n", "k.toml:2: reader.exclude"),
    ],
)
def test_a_value_of_the_wrong_kind_is_found_where_it_stands(text: str, said: str) -> None:
    found: Any = outcome(text)
    assert said in str(found), str(found)
