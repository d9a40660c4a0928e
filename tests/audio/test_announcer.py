"""What is said, to whom, and what is not: interruption, private sentences, clips before synthesis."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.audio.pcm import note
from drivers.audio.player import Player
from drivers.audio.tones import Tone, samples
from drivers.device import DeviceState
from screens.speech import Controls, Speaker
from services import messages
from services.announcements import Announcer
from services.announcements.clips import Clips
from services.announcements.wording import spoken_text
from services.journeys.ports import Sounds
from services.journeys.prompts.base import Say

WORDS = {
    "spoken.t.put": "Mời đặt thẻ lên đầu đọc.",
    "spoken.t.how": "Mặt có ảnh ngửa lên.",
    "spoken.t.number": "Số của ông/bà là {number}.",
    "spoken.t.amount": "Trả {amount} đồng cho {payee}.",
    "spoken.t.wait": "{count} người chờ.",
}


class NotedPlayer(Player):
    """Notes what is played instead of playing it."""

    def __init__(self) -> None:
        self.log: list[tuple[str, bytes]] = []
        self.volume = -1
        self.card = DeviceState.ONLINE
        self.happened = threading.Condition()

    @property
    def state(self) -> DeviceState:
        return self.card

    @property
    def speaking(self) -> bool:
        return False

    def start(self) -> None:
        pass

    def close(self) -> None:
        pass

    def set_volume(self, percent: int) -> None:
        self.volume = percent

    def sound(self, samples: bytes, *, polite: bool = False) -> None:
        self._note("polite" if polite else "sound", samples)

    def speak(self, samples: bytes) -> None:
        self._note("speech", samples)

    def stop_speech(self) -> None:
        self._note("stop", b"")

    def _note(self, what: str, samples: bytes) -> None:
        with self.happened:
            self.log.append((what, samples))
            self.happened.notify_all()


class NotedVoice:
    """Synthesis that returns the text as samples."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.gate = threading.Event()
        self.gate.set()

    def render(self, text: str, language: str) -> bytes:
        self.asked.append((text, language))
        assert self.gate.wait(10)
        return text.encode("utf-16-le")

    def close(self) -> None:
        self.gate.set()


class Desk:
    """One announcer and its doubles."""

    def __init__(self, clips: Path) -> None:
        self.player, self.voice = NotedPlayer(), NotedVoice()
        self.announcer = Announcer(self.player, self.voice, Clips(clips), volume=60)
        self.announcer.start()

    def spoken(self, count: int) -> list[str]:
        with self.player.happened:
            assert self.player.happened.wait_for(lambda: len(self._speech()) >= count, 10), self.player.log
        return self._speech()

    def _speech(self) -> list[str]:
        return [data.decode("utf-16-le").rstrip("\0") for what, data in self.player.log if what == "speech"]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Desk]:
    for language in ("vi", "en"):
        for message, text in WORDS.items():
            monkeypatch.setitem(messages.table(language), message, text)
    made = Desk(tmp_path)
    yield made
    made.voice.gate.set()
    made.announcer.close()


def test_sentences_are_spoken_in_order(desk: Desk) -> None:
    speaker: Speaker = desk.announcer
    speaker.say((Say("spoken.t.put"), Say("spoken.t.how")), "vi")
    assert desk.spoken(2) == ["Mời đặt thẻ lên đầu đọc.", "Mặt có ảnh ngửa lên."]


def test_a_new_announcement_ends_the_old_one_even_while_it_is_rendered(desk: Desk) -> None:
    desk.voice.gate.clear()
    desk.announcer.say((Say("spoken.t.put"), Say("spoken.t.how")), "vi")
    while not desk.voice.asked:
        threading.Event().wait(0.001)
    desk.announcer.say((Say("spoken.t.wait", (("count", 3),)),), "vi")
    desk.voice.gate.set()
    assert desk.spoken(1) == ["3 người chờ."]


def test_a_stop_is_at_once_and_nothing_comes_after_it(desk: Desk) -> None:
    desk.voice.gate.clear()
    desk.announcer.say((Say("spoken.t.put"),), "vi")
    while not desk.voice.asked:
        threading.Event().wait(0.001)
    desk.announcer.stop()
    desk.voice.gate.set()
    desk.announcer.say((Say("spoken.t.how"),), "vi")
    assert desk.spoken(1) == ["Mặt có ảnh ngửa lên."]
    assert ("stop", b"") in desk.player.log


def test_private_sentences_are_for_headphones_only(desk: Desk) -> None:
    sentences = (Say("spoken.t.put"), Say("spoken.t.number", (("number", "U047"),), private=True))
    controls: Controls = desk.announcer
    assert not controls.headphones
    desk.announcer.say(sentences, "vi")
    assert desk.spoken(1) == ["Mời đặt thẻ lên đầu đọc."]
    desk.announcer.headphones = True
    desk.announcer.say(sentences, "vi")
    assert desk.spoken(3)[1:] == ["Mời đặt thẻ lên đầu đọc.", "Số của ông/bà là U 0 4 7."]


def test_pulling_the_headphones_ends_the_private_sentence(desk: Desk) -> None:
    desk.announcer.headphones = True
    desk.player.log.clear()
    desk.announcer.headphones = False
    assert desk.player.log == [("stop", b"")]


def test_what_may_tell_of_a_person_is_never_kept(desk: Desk) -> None:
    desk.announcer.headphones = True
    for _ in range(2):
        desk.announcer.say((Say("spoken.t.put"), Say("spoken.t.number", (("number", "U047"),), private=True)), "vi")
        desk.spoken(2)
        desk.player.log.clear()
    texts = [text for text, _ in desk.voice.asked]
    assert texts.count("Mời đặt thẻ lên đầu đọc.") == 1
    assert texts.count("Số của ông/bà là U 0 4 7.") == 2


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (Say("spoken.t.number", (("number", "K7M4-2Q9D"),)), "Số của ông/bà là K 7 M 4 2 Q 9 D."),
        (Say("spoken.t.number", (("number", "047"),)), "Số của ông/bà là 0 4 7."),
        (
            Say("spoken.t.amount", (("amount", 122500), ("payee", "BENH VIEN HOA GIANG"))),
            "Trả một trăm hai mươi hai nghìn năm trăm đồng cho BENH VIEN HOA GIANG.",
        ),
        (Say("spoken.t.wait", (("count", 6),)), "6 người chờ."),
        (Say("spoken.t.wait", (("count", "25"),)), "25 người chờ."),
        (Say("spoken.t.number", (("number", "13:00"),)), "Số của ông/bà là 13 giờ."),
        (Say("spoken.t.number", (("number", "07:40"),)), "Số của ông/bà là 7 giờ 40."),
        (Say("spoken.t.number", (("number", "Nguyễn Thị Hòa"),)), "Số của ông/bà là Nguyễn Thị Hòa."),
    ],
)
def test_numbers_are_read_digit_by_digit_and_amounts_in_words(desk: Desk, sentence: Say, words: str) -> None:
    assert spoken_text(sentence, "vi") == words


def test_an_unknown_sentence_is_passed_over(desk: Desk) -> None:
    desk.announcer.say((Say("spoken.no.such"), Say("spoken.t.number"), Say("spoken.t.put")), "vi")
    assert desk.spoken(1) == ["Mời đặt thẻ lên đầu đọc."]


def test_sounds_have_their_tones_and_reset_brings_the_default_volume(desk: Desk) -> None:
    sounds: Sounds = desk.announcer
    assert desk.player.volume == 60
    desk.announcer.set_volume(100)
    sounds.card_read()
    sounds.error()
    sounds.ticket_ready()
    sounds.card_forgotten()
    desk.announcer.tick()
    assert desk.player.log == [
        ("sound", samples(Tone.CARD_READ)),
        ("sound", samples(Tone.ERROR)),
        ("sound", samples(Tone.CHIME)),
        ("polite", samples(Tone.FORGOTTEN)),
        ("polite", samples(Tone.TICK)),
    ]
    sounds.reset()
    assert desk.player.volume == 60
    assert desk.player.log[-1] == ("stop", b"")


def test_a_sound_ends_a_sentence_that_is_being_rendered(desk: Desk) -> None:
    desk.voice.gate.clear()
    desk.announcer.say((Say("spoken.t.put"),), "vi")
    while not desk.voice.asked:
        threading.Event().wait(0.001)
    desk.announcer.card_read()
    desk.voice.gate.set()
    desk.announcer.say((Say("spoken.t.how"),), "vi")
    assert desk.spoken(1) == ["Mặt có ảnh ngửa lên."]


def test_without_a_card_nothing_is_rendered(desk: Desk) -> None:
    desk.player.card = DeviceState.NO_DEVICE
    assert not desk.announcer.available
    desk.announcer.say((Say("spoken.t.put"),), "vi")
    desk.player.card = DeviceState.ONLINE
    desk.announcer.say((Say("spoken.t.how"),), "vi")
    desk.spoken(1)
    assert [text for text, _ in desk.voice.asked][-1] == "Mặt có ảnh ngửa lên."


def wav_of(data: bytes) -> bytes:
    import io
    import wave

    target = io.BytesIO()
    with wave.open(target, "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(22050)
        clip.writeframes(data)
    return target.getvalue()


def record(folder: Path, table: str, **clips: bytes) -> None:
    (folder / "vi" / "characters").mkdir(parents=True)
    (folder / "vi" / "clips.toml").write_text(table, "utf-8")
    for name, data in clips.items():
        (folder / "vi" / f"{name.replace('__', '/')}.wav").write_bytes(wav_of(data))


def test_recorded_clips_go_before_synthesis_and_numbers_are_joined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, zero, four = note(400, 0.01), note(500, 0.01), note(600, 0.01)
    table = '"spoken.t.put" = "put.wav"\n"spoken.t.number" = ["first.wav", "{number}"]\n'
    record(tmp_path, table, put=first, first=first, characters__0=zero, characters__4=four)
    clips = Clips(tmp_path)
    assert clips.sentence(Say("spoken.t.put"), "vi") == first
    assert clips.sentence(Say("spoken.t.number", (("number", "40"),)), "vi") == first + four + zero
    # One letter is missing: the whole sentence is synthesised, never half of it.
    assert clips.sentence(Say("spoken.t.number", (("number", "U40"),)), "vi") is None
    assert clips.sentence(Say("spoken.t.put"), "en") is None
    monkeypatch.setattr(
        "services.announcements.clips.table", lambda _language: {"spoken.t.put": "", "spoken.t.how": "", "other": ""}
    )
    assert clips.missing("vi") == ["spoken.t.how"]
    assert clips.missing("en") == ["spoken.t.how", "spoken.t.put"]


def test_broken_clips_and_paths_outside_the_folder_are_no_clips(tmp_path: Path) -> None:
    (tmp_path / "secret.wav").write_bytes(wav_of(note(400, 0.01)))
    record(tmp_path / "voice", '"a" = "broken.wav"\n"b" = "../../secret.wav"\n"c" = "missing.wav"\n"d" = []\n')
    (tmp_path / "voice" / "vi" / "broken.wav").write_bytes(b"RIFF?")
    clips = Clips(tmp_path / "voice")
    assert [clips.sentence(Say(name), "vi") for name in "abcd"] == [None] * 4
    (tmp_path / "voice" / "vi" / "clips.toml").write_text("this is not TOML")
    assert Clips(tmp_path / "voice").sentence(Say("a"), "vi") is None


def test_what_the_kiosk_says_it_says_in_both_languages() -> None:
    spoken = {message for message in messages.table("vi") if message.startswith("spoken.")}
    assert spoken == {message for message in messages.table("en") if message.startswith("spoken.")}


@pytest.mark.parametrize(
    ("label", "vietnamese", "english"),
    [
        ("122.500 đ", "một trăm hai mươi hai nghìn năm trăm đồng", "122500 dong"),
        ("•••• •••• •829", "829", "829"),
        ("Số U047 lúc 07:15", "Số U 0 4 7 lúc 7 giờ 15", "Số U 0 4 7 lúc 07:15"),
        ("Tài khoản •••• 4471", "Tài khoản 4 4 7 1", "Tài khoản 4 4 7 1"),
        ("Năm sinh 1958", "Năm sinh 1958", "Năm sinh 1958"),
        ("TRM4K82QX", "T R M 4 K 8 2 Q X", "T R M 4 K 8 2 Q X"),
        ("1 2 _ _", "1 2", "1 2"),
    ],
)
def test_a_label_of_the_screen_is_said_as_people_say_it(label: str, vietnamese: str, english: str) -> None:
    said = Say("spoken.screen", (("words", label),))
    assert (spoken_text(said, "vi"), spoken_text(said, "en")) == (vietnamese, english)
