"""One syllable: what stands before the vowels, the vowels, what follows; and which vowel carries the tone.

Tones stand where readers of schoolbooks expect them: "hòa", "thúy", but "hoàn", "thuyền"; "quà" and "giá" because the
u of "qu" and the i of "gi" belong to the consonant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.writing.letters import VOWELS, Tone, apart, together

_NUCLEI = (
    "a ă â e ê i o ô ơ u ư y "
    "ai ao au ay âu ây eo êu ia iê iu oa oă oe oi oo ôi ơi ua uâ uă uê ui uơ uô uy ưa ưi ươ ưu yê "
    "iêu yêu oai oao oay oeo uây uôi uya uyê uyu ươi ươu"
)
NUCLEI = frozenset(_NUCLEI.split())
"""Vowels that stand together in Vietnamese, tones left out."""

CODAS = frozenset(["", "c", "ch", "k", "m", "n", "ng", "nh", "p", "t"])
"""What may follow the vowels; k in names of the Central Highlands ("Đắk Lắk")."""

_STRONG = "ăâêôơ"
"""A vowel with a mark of its own takes the tone; ư only where none of these stands beside it."""


@dataclass(frozen=True)
class Syllable:
    """The parts without tones, capitals kept, and the tone."""

    onset: str
    nucleus: str
    coda: str
    tone: Tone

    def text(self) -> str:
        """Written, the tone in its place."""
        if self.tone is Tone.LEVEL or not self.nucleus:
            return self.onset + self.nucleus + self.coda
        place = self._place()
        marked = together(self.nucleus[place], self.tone)
        return self.onset + self.nucleus[:place] + marked + self.nucleus[place + 1 :] + self.coda

    def with_tone(self, tone: Tone) -> Syllable:
        """The same with another tone."""
        return replace(self, tone=tone)

    def _place(self) -> int:
        vowels = self.nucleus.lower()
        for place, vowel in reversed(tuple(enumerate(vowels))):
            if vowel in _STRONG:
                return place
        if "ư" in vowels:
            return vowels.index("ư")
        if len(vowels) == 1:
            return 0
        if len(vowels) == 2:
            return 1 if self.coda else 0
        return 1


def split(word: str) -> Syllable:
    """Take a word apart; without a vowel everything is onset. Of several tones the last one counts."""
    tone = Tone.LEVEL
    bare = ""
    for letter in word:
        vowel, own = apart(letter)
        bare += vowel
        tone = own if own is not Tone.LEVEL else tone
    low = bare.lower()
    start = next((place for place, letter in enumerate(low) if letter in VOWELS), len(low))
    end = start
    while end < len(low) and low[end] in VOWELS:
        end += 1
    glide = low[:start] + low[start : start + 1]
    if end - start > 1 and glide in {"qu", "gi"}:
        start += 1
    return Syllable(bare[:start], bare[start:end], bare[end:], tone)
