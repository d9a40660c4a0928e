"""Amounts in words, as they stand on Vietnamese receipts (docs/decisions/0010-amounts-in-words.md)."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu")


def amount_in_words(amount: int, language: str) -> str:
    """Whole đồng (0 or more) in words with the currency, first letter large: "Một trăm … nghìn năm trăm đồng"."""
    if amount < 0:
        raise ValueError("an amount is 0 or more")
    words = vietnamese(amount) if language == "vi" else _english(amount)
    return f"{words[:1].upper()}{words[1:]} đồng"


def _english(number: int) -> str:
    from num2words import num2words  # fifty languages: loaded for the first English receipt, not at the start

    return num2words(number, lang="en")


def vietnamese(number: int) -> str:
    """A whole number from 0 in Vietnamese words (northern usage: nghìn, linh, không trăm)."""
    if number == 0:
        return _DIGITS[0]
    return " ".join(_billions(number, leading=True))


def _billions(number: int, leading: bool) -> list[str]:
    """Tỷ counts again and again (a million tỷ is "triệu tỷ"), so it is split off before the rest."""
    above, rest = divmod(number, 1_000_000_000)
    words = [*_billions(above, leading), "tỷ"] if above else []
    return words + _below_billion(rest, leading and not above)


def _below_billion(number: int, leading: bool) -> list[str]:
    words: list[str] = []
    for power in (2, 1, 0):
        group = number // 1000**power % 1000
        if group:
            words += _group(group, full=not leading)
            words += [_SCALES[power]] if power else []
            leading = False
        elif not leading and power and number % 1000**power:
            # Said although it is empty: "hai triệu năm trăm" is two and a half million to everybody.
            words += [_DIGITS[0], _SCALES[power]]
    return words


def _group(group: int, full: bool) -> list[str]:
    """Three digits. `full`: something stands before, so missing hundreds are said ("không trăm linh năm")."""
    hundreds, tens, units = group // 100, group // 10 % 10, group % 10
    words: list[str] = []
    if hundreds or full:
        words += [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        if not units:
            return words
        return [*words, "linh", _DIGITS[units]] if words else [_DIGITS[units]]
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if units == 1 and tens > 1:
        return [*words, "mốt"]
    if units == 5:
        return [*words, "lăm"]
    return [*words, _DIGITS[units]] if units else words


def in_lines(words: str) -> list[str]:
    """The words in pieces that belong together, so that a line ends after tỷ, triệu, nghìn or a comma."""
    pieces: list[list[str]] = [[]]
    for word in words.split():
        pieces[-1].append(word)
        if word in {"tỷ", "triệu", "nghìn"} or word.endswith(","):
            pieces.append([])
    return [" ".join(piece) for piece in pieces if piece]
