"""The player's thread: sounds before speech, stop at once, silent without a card, no work while idle."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from drivers.audio.pcm import RATE
from drivers.audio.player import Player
from drivers.device import DeviceState

SPEECH = b"\x11\x11" * RATE
SOUND = b"\x22\x22" * (RATE // 10)
Make = Callable[..., Player]


def ready(card: Any, player: Player) -> None:
    card.until(lambda: player.state is not DeviceState.UNKNOWN or bool(card.ends))
    while player.state is DeviceState.UNKNOWN:
        time.sleep(0.001)


def test_speech_is_played_whole_and_the_card_rests_afterwards(sound_card: Any, make_player: Make) -> None:
    player = make_player()
    ready(sound_card, player)
    player.speak(SPEECH)
    sound_card.until(lambda: len(sound_card.ends) == 2)
    assert sound_card.heard == SPEECH
    assert sound_card.ends == ["finish", "finish"]


def test_a_stop_is_heard_within_two_blocks_and_fades(sound_card: Any, make_player: Make) -> None:
    player = make_player()
    ready(sound_card, player)
    sound_card.gate.clear()
    player.speak(SPEECH)
    player.speak(SPEECH)
    sound_card.until(lambda: len(sound_card.heard) > 0)
    player.stop_speech()
    sound_card.gate.set()
    sound_card.until(lambda: len(sound_card.ends) == 2)
    assert len(sound_card.heard) <= 2 * 2 * (RATE // 50)
    assert int.from_bytes(sound_card.heard[-2:], "little") < 0x1111 / 50
    assert not player.speaking


def test_a_sound_ends_speech_and_is_played_whole(sound_card: Any, make_player: Make) -> None:
    player = make_player()
    ready(sound_card, player)
    sound_card.gate.clear()
    player.speak(SPEECH)
    sound_card.until(lambda: len(sound_card.heard) > 0)
    player.sound(SOUND)
    sound_card.gate.set()
    sound_card.until(lambda: sound_card.heard.endswith(SOUND) and sound_card.ends[-1] == "finish")
    assert len(sound_card.heard) < len(SPEECH)


def test_a_polite_sound_keeps_quiet_while_a_sentence_is_spoken(sound_card: Any, make_player: Make) -> None:
    player = make_player()
    ready(sound_card, player)
    sound_card.gate.clear()
    player.speak(SPEECH)
    sound_card.until(lambda: len(sound_card.heard) > 0)
    player.sound(SOUND, polite=True)
    sound_card.gate.set()
    sound_card.until(lambda: len(sound_card.ends) == 2)
    assert sound_card.heard == SPEECH


def test_sounds_are_played_before_waiting_speech(sound_card: Any, make_player: Make) -> None:
    player = make_player()
    ready(sound_card, player)
    sound_card.gate.clear()
    player.sound(SOUND)
    sound_card.until(lambda: len(sound_card.heard) > 0)
    player.speak(SPEECH)
    sound_card.gate.set()
    sound_card.until(lambda: len(sound_card.heard) == len(SOUND + SPEECH))
    assert sound_card.heard == SOUND + SPEECH


def test_volume_is_heard_at_once_and_zero_is_silence(sound_card: Any, make_player: Make) -> None:
    player = make_player(volume=50)
    ready(sound_card, player)
    player.sound(SOUND)
    sound_card.until(lambda: len(sound_card.ends) == 2)
    half = sound_card.heard
    assert half[:2] == (0x2222 // 4).to_bytes(2, "little")
    player.set_volume(0)
    player.sound(SOUND)
    sound_card.until(lambda: len(sound_card.ends) == 3)
    assert sound_card.heard[len(half) :] == bytes(len(SOUND))


def test_without_a_card_nothing_fails_and_a_card_plugged_in_later_is_found(sound_card: Any, make_player: Make) -> None:
    sound_card.present = False
    player = make_player()
    ready(sound_card, player)
    assert player.state is DeviceState.NO_DEVICE
    player.sound(SOUND)
    player.speak(SPEECH)
    player.stop_speech()
    sound_card.present = True
    sound_card.until(lambda: "finish" in sound_card.ends)
    while player.state is DeviceState.NO_DEVICE:
        time.sleep(0.001)
    # What was said to nobody is not said later.
    assert sound_card.heard == b""
    player.sound(SOUND)
    sound_card.until(lambda: sound_card.heard == SOUND)


def test_a_card_pulled_in_mid_sentence_is_lost_and_found_again(sound_card: Any, make_player: Make) -> None:
    player = make_player(probe_seconds=0.2)
    ready(sound_card, player)
    sound_card.gate.clear()
    player.speak(SPEECH)
    sound_card.until(lambda: len(sound_card.heard) > 0)
    sound_card.present = False
    sound_card.gate.set()
    sound_card.until(lambda: sound_card.closed > 0)
    while player.state is not DeviceState.NO_DEVICE:
        time.sleep(0.001)
    sound_card.present = True
    while player.state is not DeviceState.ONLINE:
        time.sleep(0.001)


def test_an_idle_player_does_nothing(sound_card: Any, make_player: Make) -> None:
    player = make_player()
    ready(sound_card, player)
    player.sound(SOUND)
    sound_card.until(lambda: len(sound_card.ends) == 2)
    starts = sound_card.starts
    threading.Event().wait(0.3)
    # Probing every 50 ms is for a missing card only.
    assert sound_card.starts == starts


def test_closing_ends_the_thread_in_mid_sentence(sound_card: Any, make_player: Make) -> None:
    before = threading.active_count()
    player = make_player()
    ready(sound_card, player)
    player.speak(SPEECH * 20)
    player.close()
    assert threading.active_count() <= before
    assert sound_card.closed
