"""Recorded clips as data (assets/voice/README.md): a hospital can replace the voice without touching the program.

`assets/voice/<language>/clips.toml` gives for a message id the parts of its sentence: file names, and "{name}" for an
argument that is spelt with the clips "characters/<letter>.wav". A sentence with any part missing is synthesised whole.
"""

from __future__ import annotations

import logging
import re
import tomllib
from functools import lru_cache
from pathlib import Path

from drivers.audio.pcm import NotPcm, from_wav
from services.journeys.prompts.base import Say
from services.messages import table

log = logging.getLogger(__name__)

VOICE = Path(__file__).resolve().parents[2] / "assets" / "voice"
SPOKEN = "spoken."
_ARGUMENT = re.compile(r"\{(\w+)\}")
_FILE = re.compile(r"[\w.-]+(/[\w.-]+)?\.wav")


class Clips:
    """The clips of one folder; a missing or broken file is no clip, never an error."""

    def __init__(self, folder: Path = VOICE) -> None:
        self._folder = folder
        self._tables: dict[str, dict[str, list[str]]] = {}

    def sentence(self, sentence: Say, language: str) -> bytes | None:
        """The samples of the whole sentence, or None where a part is missing."""
        parts = self._table(language).get(sentence.message)
        if not parts:
            return None
        arguments = dict(sentence.args)
        samples: list[bytes] = []
        for part in parts:
            if argument := _ARGUMENT.fullmatch(part):
                letters = [letter for letter in str(arguments.get(argument[1], "")).lower() if letter.isalnum()]
                pieces = [self._clip(language, f"characters/{letter}.wav") for letter in letters]
            else:
                pieces = [self._clip(language, part)]
            for piece in pieces:
                if piece is None:
                    return None
                samples.append(piece)
        return b"".join(samples)

    def missing(self, language: str) -> list[str]:
        """Ids of spoken messages that have no recorded sentence: what a studio still has to do."""
        recorded = self._table(language)
        return [
            message
            for message in sorted(table(language))
            if message.startswith(SPOKEN) and not self._complete(recorded.get(message, []), language)
        ]

    def _complete(self, parts: list[str], language: str) -> bool:
        files = [part for part in parts if not _ARGUMENT.fullmatch(part)]
        return bool(parts) and all(self._clip(language, part) is not None for part in files)

    def _table(self, language: str) -> dict[str, list[str]]:
        if language not in self._tables:
            self._tables[language] = self._read_table(self._folder / language / "clips.toml")
        return self._tables[language]

    @staticmethod
    def _read_table(path: Path) -> dict[str, list[str]]:
        try:
            entries: dict[str, str | list[str]] = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            log.warning("%s: %s", path, error)
            return {}
        return {message: _parts(entry) for message, entry in entries.items()}

    def _clip(self, language: str, name: str) -> bytes | None:
        return _load(self._folder / language / name) if _FILE.fullmatch(name) else None


def _parts(entry: str | list[str]) -> list[str]:
    return [entry] if isinstance(entry, str) else [str(part) for part in entry]


@lru_cache(maxsize=256)
def _load(path: Path) -> bytes | None:
    try:
        return from_wav(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, NotPcm) as error:
        log.warning("%s: %s", path, error)
        return None
