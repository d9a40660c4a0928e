"""The listening mode's keys and socket of the settings, joined to window, voice and the time people are given."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

from drivers.device import BackOff
from drivers.keypad import HeadphoneJack, KeyNames, Keypad, Presses, code_of, grab
from drivers.supervisor import Supervisor
from kiosk.settings import ListeningSettings
from kiosk.technician.taps import ListeningTaps
from screens.stage import KivyStage
from services.announcements import Announcer
from services.device_health import JACK, KEYPAD, Health, of_jack, of_keypad
from services.journeys.pace import Pace
from services.journeys.stage import PadKey


def listen_in(
    settings: ListeningSettings,
    stage: KivyStage,
    voice: Announcer,
    pace: Pace,
    taps: ListeningTaps,
    report: Callable[[Health], None],
    take: Callable[[int], None] = grab,
) -> dict[str, Supervisor]:
    """Join them; the supervisors of what hangs on a cable. `taps` goes first while a technician tests them. `take` is
    the keypad's grab, another one in tests only."""
    stage.listening.watchers.append(lambda on: pace.listen(on=on))

    def pressed(meaning: str) -> None:
        if taps.key is not None:
            taps.key(meaning)
        else:
            stage.pad(PadKey(meaning))

    def plugged(headphones: bool) -> None:
        voice.headphones = headphones
        if taps.socket is not None:
            taps.socket(headphones)
            return
        stage.headphones(plugged=headphones)

    if settings.own_headphones:
        # A handset, or a keypad with a socket of its own: what is said there nobody else hears.
        stage.listening.watchers.append(lambda on: setattr(voice, "headphones", on))
    watched: dict[str, Supervisor] = {}
    if settings.keypad is not None:
        keypad = Keypad(settings.keypad, codes_of(settings.keys), pressed, take)
        watched[KEYPAD] = Supervisor(
            f"keypad {settings.keypad}", keypad, lambda state: report(of_keypad(state)), BackOff(0.2, 1)
        )
    if settings.jack:
        watched[JACK] = Supervisor(
            f"headphone socket {settings.jack}",
            HeadphoneJack(settings.jack, plugged),
            lambda state: report(of_jack(state)),
            BackOff(0.2, 1),
        )
    if settings.window_keys:
        listen_to_window(settings.keys, pressed)
    return watched


def codes_of(keys: KeyNames) -> dict[int, str]:
    """The kernel's numbers; the settings have checked the names."""
    named = {code_of(name): meaning for meaning, name in keys.items()}
    return {code: meaning for code, meaning in named.items() if code is not None}


def listen_to_window(keys: KeyNames, act: Callable[[str], None]) -> Callable[[], None]:
    """Keys that reach the window: only these count, all others stay swallowed. Returns what undoes it."""
    from kivy.core.window import Window

    numbers = cast("dict[str, int]", cast("Any", import_module("kivy.core.window")).Keyboard.keycodes)
    codes: dict[int, str] = {}
    for meaning, name in keys.items():
        code = numbers.get(_KIVY.get(name, name.removeprefix("KEY_").lower()))
        if code is not None:
            codes[code] = meaning
    presses = Presses(codes, act)

    def down(_window: object, key: int, *_: object) -> bool:
        presses.stroke(key, down=True)
        return True

    def up(_window: object, key: int, *_: object) -> bool:
        presses.stroke(key, down=False)
        return True

    Window.bind(on_key_down=down, on_key_up=up)
    return lambda: Window.unbind(on_key_down=down, on_key_up=up)


_KIVY = {
    "KEY_SPACE": "spacebar",
    "KEY_LEFTSHIFT": "shift",
    "KEY_RIGHTSHIFT": "rshift",
    "KEY_ESC": "escape",
    "KEY_KPENTER": "numpadenter",
    **{f"KEY_KP{digit}": f"numpad{digit}" for digit in range(10)},
}
"""Kivy's names where they are not the kernel's in small letters."""
