"""Telex as people know it from their phones: s f r x j tones, z none, aa ee oo dd, w for ă ơ ư.

Keys may come late: "tieengs", "tiengse" and "duongwf" all work, and the tone moves as the word grows ("hoaf" is "hòa",
with an n "hoàn"). The same key again takes its mark back and writes the letter itself; the rest of that word is then
taken as it is typed. A mark that would make no Vietnamese vowels is not set: "khoeo" stays "khoeo".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.writing.letters import Tone, is_letter
from services.writing.syllable import CODAS, NUCLEI, Syllable, split

TONE_KEYS = {"s": Tone.ACUTE, "f": Tone.GRAVE, "r": Tone.HOOK, "x": Tone.TILDE, "j": Tone.DOT}
_DOUBLED = {"a": ("aă", "â"), "e": ("e", "ê"), "o": ("oơ", "ô")}
_HORNS = {"a": "ă", "â": "ă", "o": "ơ", "ô": "ơ", "u": "ư"}
_BACK = {"ă": "a", "ơ": "o", "ư": "u"}
_UO_OPEN = {"h", "th", "kh", "q", "qu"}
"""After these "uơ" ends a word ("thuở"); elsewhere it is "ươ"."""


@dataclass(frozen=True)
class Typed:
    """Text with the caret at its end. `plain`: a mark was taken back, the present word is taken as typed."""

    text: str = ""
    plain: bool = False

    def press(self, key: str) -> Typed:
        """A key of the keyboard: one letter, or any other single character."""
        if not is_letter(key):
            return Typed(self.text + key)
        before, word = _last_word(self.text)
        low = key.lower()
        if self.plain and word:
            return Typed(self.text + key, plain=True)
        syllable = split(word)
        changed = _tone(syllable, key) if low in "sfrxjz" else _mark(syllable, key) if low in "aeowd" else None
        if changed is None:
            return Typed(before + _grown(split(word + key)).text())
        text, plain = changed
        return Typed(before + text, plain)

    def tone(self, tone: Tone) -> Typed:
        """A tone key (á à ả ã ạ): on the last word's vowels; the same again takes it away."""
        before, word = _last_word(self.text)
        syllable = split(word)
        if not syllable.nucleus:
            return self
        return replace(self, text=before + syllable.with_tone(Tone.LEVEL if syllable.tone is tone else tone).text())

    def letter(self, letter: str) -> Typed:
        """A letter key with a mark of its own (ă â đ ê ô ơ ư), or a letter that is not to be understood as Telex."""
        before, word = _last_word(self.text)
        return replace(self, text=before + split(word + letter).text())

    def erase(self) -> Typed:
        """The last character away; the tone finds its place again."""
        before, word = _last_word(self.text[:-1])
        return Typed(before + split(word).text(), plain=self.plain and bool(word))


def _last_word(text: str) -> tuple[str, str]:
    start = len(text)
    while start and is_letter(text[start - 1]):
        start -= 1
    return text[:start], text[start:]


def _grown(syllable: Syllable) -> Syllable:
    """ "ưo" before a consonant can only become "ươ": "dduwong" needs no second w."""
    if not syllable.coda or syllable.nucleus.lower() != "ưo":
        return syllable
    return replace(syllable, nucleus=_put(syllable.nucleus, 1, "ơ"))


def _tone(syllable: Syllable, key: str) -> tuple[str, bool] | None:
    if not syllable.nucleus or syllable.coda.lower() not in CODAS:
        return None
    if key.lower() == "z":
        return None if syllable.tone is Tone.LEVEL else (syllable.with_tone(Tone.LEVEL).text(), False)
    tone = TONE_KEYS[key.lower()]
    if syllable.tone is tone:
        return syllable.with_tone(Tone.LEVEL).text() + key, True
    return syllable.with_tone(tone).text(), False


def _mark(syllable: Syllable, key: str) -> tuple[str, bool] | None:
    match key.lower():
        case "d":
            return _stroke(syllable, key)
        case _ if syllable.coda.lower() not in CODAS:
            return None
        case "w":
            return _horn(syllable, key)
        case low:
            return _doubled(syllable, key, *_DOUBLED[low])


def _stroke(syllable: Syllable, key: str) -> tuple[str, bool] | None:
    onset = syllable.onset
    if onset.lower() == "d":
        return replace(syllable, onset=_like("đ", onset)).text(), False
    if onset.lower() == "đ":
        return replace(syllable, onset=_like("d", onset)).text() + key, True
    return None


def _doubled(syllable: Syllable, key: str, bases: str, marked: str) -> tuple[str, bool] | None:
    nucleus = syllable.nucleus
    place = next((place for place, vowel in enumerate(nucleus) if vowel.lower() in bases), None)
    if place is not None:
        changed = _put(nucleus, place, marked)
        return (replace(syllable, nucleus=changed).text(), False) if _sound(changed) else None
    if marked not in nucleus.lower():
        return None
    place = nucleus.lower().index(marked)
    back = replace(syllable, nucleus=_put(nucleus, place, key.lower()))
    return back.text() + key, True


def _horn(syllable: Syllable, key: str) -> tuple[str, bool] | None:
    nucleus, low = syllable.nucleus, syllable.nucleus.lower()
    if not syllable.onset and nucleus.lower() + syllable.coda == "ư":
        return key, True
    if not nucleus:
        return (syllable.onset + _like("ư", key), False) if not syllable.coda and syllable.onset != "w" else None
    for candidate in _horned(syllable):
        if candidate.lower() != low and _sound(candidate):
            return replace(syllable, nucleus=candidate).text(), False
    if any(vowel in _BACK for vowel in low):
        bare = "".join(_like(_BACK.get(vowel.lower(), vowel.lower()), vowel) for vowel in nucleus)
        return replace(syllable, nucleus=bare).text() + key, True
    return None


def _horned(syllable: Syllable) -> tuple[str, ...]:
    """What w may make of the vowels, the likelier first."""
    nucleus, low = syllable.nucleus, syllable.nucleus.lower()
    pair = next((place for place in range(len(low) - 1) if low[place] in "uư" and low[place + 1] in "oôơ"), None)
    if pair is not None:
        both = _put(_put(nucleus, pair, "ư"), pair + 1, "ơ")
        open_end = len(low) == 2 and not syllable.coda and syllable.onset.lower() in _UO_OPEN and low[pair + 1] != "ơ"
        return (_put(nucleus, pair + 1, "ơ"),) if open_end else (both,)
    order = sorted((place for place, vowel in enumerate(low) if vowel in _HORNS), key=lambda place: low[place] != "u")
    return tuple(_put(nucleus, place, _HORNS[low[place]]) for place in order)


def _sound(nucleus: str) -> bool:
    """Whether vowels can stand together, or can still become so."""
    low = nucleus.lower()
    return any(known.startswith(low) for known in NUCLEI)


def _put(nucleus: str, place: int, vowel: str) -> str:
    return nucleus[:place] + _like(vowel, nucleus[place]) + nucleus[place + 1 :]


def _like(letter: str, model: str) -> str:
    """A letter as large as another."""
    return letter.upper() if model != model.lower() else letter
