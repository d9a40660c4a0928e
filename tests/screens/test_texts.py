"""Texts, icons and tokens: everything named exists, in both languages, and reads as people write."""

from __future__ import annotations

import json
import re
import string
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from services.journeys import prompts
from services.messages import LANGUAGES, known, money, table, tr

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "screens"
SPEECH_LETTERS_IN_12_SECONDS = 260


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def ids(area: str) -> set[str]:
    return set(re.findall(r'^"([^"]+)"', (ROOT / f"assets/locales/vi/{area}.toml").read_text("utf-8"), re.M))


@pytest.mark.parametrize("area", ["screens", "spoken", "visit", "slips", "procedures", "filing"])
def test_both_languages_have_the_same_ids_with_the_same_arguments(area: str) -> None:
    vietnamese, english = table("vi"), table("en")
    for message in sorted(ids(area)):
        assert message in english, message
        assert fields(vietnamese[message]) == fields(english[message]), message


def test_texts_are_nfc_and_avoid_what_the_look_forbids() -> None:
    for message in ids("screens") | ids("spoken") | ids("visit") | ids("procedures") | ids("filing"):
        text = table("vi")[message]
        assert unicodedata.is_normalized("NFC", text), message
        assert "!" not in text, message
        for word in ("hệ thống", "thao tác", "xác thực", "CCCD", "BHYT", "vui lòng"):
            assert word not in text, (message, word)


def test_money_has_dots_and_a_space() -> None:
    assert money(122500) == "122.500 đ"
    assert money(0) == "0 đ"


def test_an_unknown_message_is_an_error() -> None:
    assert not known("no.such.message")
    with pytest.raises(KeyError):
        tr("no.such.message", "vi")


def test_no_page_or_part_writes_words_colours_or_fonts_of_its_own() -> None:
    for path in sorted(SCREENS.rglob("*.kv")):
        text = path.read_text("utf-8")
        assert not re.search(r"#[0-9A-Fa-f]{6}", text), path
        assert "font" not in text, path
        assert not re.search(r"[À-ỹ]", text), path
    for path in sorted(SCREENS.rglob("*.py")):
        if path.name in {"palettes.py", "theme.py"} or path.name.startswith("samples"):
            continue
        code = re.sub(r'"""[\s\S]*?"""|#.*', "", path.read_text("utf-8"))
        assert not re.search(r'"#[0-9A-Fa-f]{6}"', code), path
        assert not re.search(r'"[^"]*[À-ỹ][^"]*"', code), path


def test_every_kv_stands_beside_its_page() -> None:
    for path in SCREENS.rglob("*.kv"):
        assert path.with_suffix(".py").exists(), path


def test_icons_of_the_look_are_there() -> None:
    icons = json.loads((ROOT / "assets/fonts/icons.json").read_text())
    for path in [*SCREENS.rglob("*.kv"), *SCREENS.rglob("*.py")]:
        for name in re.findall(r"icon(?:_after)?(?::|=) ?['\"]([a-z-]+)['\"]", path.read_text("utf-8")):
            assert name in icons or name.startswith(("icon", "tile", "bar", "hair")), (path, name)


def test_every_sentence_of_every_prompt_has_words(samples: Any) -> None:
    for sample in samples:
        for language in LANGUAGES:
            for sentence in (*sample.prompt.spoken(), *(stop.say for stop in sample.prompt.focus())):
                said = tr(sentence.message, language, **dict(sentence.args))
                assert "{" not in said, sentence.message


def test_a_page_says_no_more_than_twelve_seconds() -> None:
    for message in ids("spoken"):
        assert len(table("vi")[message]) <= SPEECH_LETTERS_IN_12_SECONDS, message


def test_every_prompt_has_a_page_and_a_sample(samples: Any) -> None:
    from screens.registry import PAGES

    asked = {
        name for name in prompts.__all__
        if isinstance(getattr(prompts, name), type) and issubclass(getattr(prompts, name), prompts.Prompt)
    } - {"Prompt"}  # fmt: skip
    assert asked == set(PAGES)
    assert asked == {type(sample.prompt).__name__ for sample in samples}


def test_a_prompt_without_a_page_is_an_error() -> None:
    from screens.registry import NoPage, page_class

    class Unknown(prompts.Prompt[None]):
        pass

    with pytest.raises(NoPage):
        page_class(Unknown)


@pytest.fixture
def samples() -> Any:
    from screens.samples import SAMPLES

    return SAMPLES


@pytest.mark.parametrize(("language", "touch"), [("vi", r"\bchạm\b"), ("en", r"\b(touch|tap)\b")])
def test_what_tells_to_touch_tells_the_key_to_who_listens(language: str, touch: str) -> None:
    words = table(language)
    missing = [
        message
        for message, text in words.items()
        if message.startswith("spoken.") and not message.startswith("spoken.keys.")
        if re.search(touch, text, re.IGNORECASE) and message.replace("spoken.", "spoken.keys.", 1) not in words
    ]
    assert missing == [], "each needs a second sentence in assets/locales/*/keys.toml"


@pytest.mark.parametrize(
    ("language", "at"), [("vi", r"Chọn ở mục ([^.]+)\."), ("en", r"Choose at ([A-Z][^.]+)\.")], ids=LANGUAGES
)
def test_who_listens_is_told_a_button_that_stands_on_the_page(samples: Any, language: str, at: str) -> None:
    told: set[type[Any]] = set()
    sending = (prompts.ReviewFiling, prompts.DeclareFiling, prompts.FillForm)
    for prompt in (sample.prompt for sample in samples if isinstance(sample.prompt, sending)):
        buttons = [tr(stop.say.message, language, **dict(stop.say.args)).rstrip(".") for stop in prompt.focus()]
        for message in (say.message.replace("spoken.", "spoken.keys.", 1) for say in prompt.spoken()):
            for button in re.findall(at, table(language).get(message, "")):
                told.add(type(prompt))
                assert button in buttons, (message, button)
    assert told >= {prompts.ReviewFiling, prompts.DeclareFiling}
