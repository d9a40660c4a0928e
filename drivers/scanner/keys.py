"""Key strokes of a keyboard wedge back to the bytes of its code. Pure: numbers of linux/input-event-codes.h in.

A wedge types ASCII as a US keyboard would, and every other byte as Alt and its decimal number on the keypad ("ALT mode"
in makers' manuals: `Alt 0 1 9 5`, `Alt 0 1 6 9` for the two bytes of é). So a scanner that is set to send its code's
raw bytes delivers UTF-8 here, whatever layout and language the system has; numbers above 255 are Unicode code points.
"""

from __future__ import annotations

from typing import Final

RELEASED, PRESSED = 0, 1
"""Values of EV_KEY; 2 is the kernel's own repeat, which no scanner means."""
_SHIFT: Final = frozenset({42, 54})
_CONTROL: Final = frozenset({29, 97})
_ALT: Final = frozenset({56, 100})
_CAPS_LOCK: Final = 58
_PLAIN: Final = {
    **dict(zip(range(2, 14), "1234567890-=", strict=True)),
    15: "\t",
    **dict(zip(range(16, 29), "qwertyuiop[]\r", strict=True)),
    **dict(zip(range(30, 42), "asdfghjkl;'`", strict=True)),
    **dict(zip(range(43, 54), "\\zxcvbnm,./", strict=True)),
    57: " ",
}
_SHIFTED: Final = dict(zip("1234567890-=[];'`\\,./", '!@#$%^&*()_+{}:"~|<>?', strict=True))
_KEYPAD: Final = {
    **dict(zip((71, 72, 73, 75, 76, 77, 79, 80, 81, 82), "7894561230", strict=True)),
    55: "*", 74: "-", 78: "+", 83: ".", 96: "\r", 98: "/",
}  # fmt: skip
_LONGEST_NUMBER: Final = 7


class KeyDecoder:
    """Holds which keys are down; `press` answers the bytes a stroke completes."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Another cable or lost strokes: no key is down, nothing is begun."""
        self._down: set[int] = set()
        self._capitals = False
        self._number = ""

    def key(self, code: int, value: int) -> bytes:
        """One EV_KEY event."""
        if value == RELEASED:
            self._down.discard(code)
            return self._end_of_number() if code in _ALT else b""
        if value != PRESSED:
            return b""
        self._down.add(code)
        if code in _ALT:
            self._number = ""
        elif code == _CAPS_LOCK:
            self._capitals = not self._capitals
        elif self._down & _ALT:
            self._digit(code)
        else:
            return self._letter(code)
        return b""

    def _digit(self, code: int) -> None:
        digit = _KEYPAD.get(code, "")
        if digit.isdecimal() and len(self._number) < _LONGEST_NUMBER:
            self._number += digit

    def _end_of_number(self) -> bytes:
        number, self._number = self._number, ""
        if not number:
            return b""
        value = int(number)
        if value < 0x100:
            return bytes((value,))
        return b"" if value > 0x10FFFF else chr(value).encode("utf-8", "replace")

    def _letter(self, code: int) -> bytes:
        letter = _PLAIN.get(code) or _KEYPAD.get(code, "")
        if not letter:
            return b""
        if self._down & _CONTROL:
            # Ctrl and ] is GS, as scanners type the separators of GS1.
            return bytes((ord(letter.upper()) & 0x1F,)) if letter.isalpha() or letter in "[\\]" else b""
        shift = bool(self._down & _SHIFT)
        if letter.isalpha():
            return (letter.upper() if shift != self._capitals else letter).encode()
        return (_SHIFTED.get(letter, letter) if shift and code in _PLAIN else letter).encode()
