"""What every prompt has: its place in the journey, its time, its spoken form and its focus order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Say:
    """One spoken sentence: a message id of `assets/locales/*/spoken.toml` with its arguments.

    `private` sentences (names, numbers of cards, amounts, reasons for priority) are spoken only with
    headphones in (LOOK.md section 6).
    """

    message: str
    args: tuple[tuple[str, str | int], ...] = ()
    private: bool = False


@dataclass(frozen=True)
class Element:
    """One stop of the focus order: the name a screen gives a touchable, and what is said there."""

    name: str
    say: Say
    choosable: bool = True
    weighty: bool = False
    """It sends, pays or wipes: the listening mode asks once more."""


@dataclass(frozen=True)
class Progress:
    """Where the person is: step `number` (from 1) of `total`; `label` is a message id."""

    number: int
    total: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Prompt(Generic[Answer]):
    """Something the kiosk asks or shows. The answer's type stands in the brackets."""

    progress: Progress | None = None
    back: bool = True
    """Whether "Quay lại" is offered; the runner acts on it."""
    demo: bool = False
    """Whether the mark "BẢN THỬ" is shown: on every pay screen and ticket while a stand-in bank is connected."""

    mourning: bool = False
    """A death, and what follows from it: nothing of what is cheerful elsewhere (LOOK.md section 6)."""

    seconds: ClassVar[float | None] = 120.0
    """Time to answer before the idle warning; None while a machine works."""
    is_result: ClassVar[bool] = False
    """A result goes home by itself after `seconds`, without the idle warning."""
    home: ClassVar[bool] = True
    """Whether "Trang đầu" is offered."""

    def spoken(self) -> tuple[Say, ...]:
        """The question and the choices in order, then what to do with the hands (12 s at most)."""
        raise NotImplementedError(type(self).__name__)

    def focus(self) -> tuple[Element, ...]:
        """The order in which the listening mode walks through the content (LOOK.md section 13)."""
        return ()
