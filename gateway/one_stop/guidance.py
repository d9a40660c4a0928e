"""Notices and guides of the home screen, as data a site replaces: `guidance.toml` and its pictures in one folder."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from gateway.settings import SettingsError
from services.contract.one_stop import Guidance, Guide, PlaceNotice

_PICTURE = re.compile(r"[0-9a-z][0-9a-z_-]{0,60}\.(png|jpg)")
_KINDS = {"png": "image/png", "jpg": "image/jpeg"}

_notices = TypeAdapter(tuple[PlaceNotice, ...])
_guides = TypeAdapter(tuple[Guide, ...])


@dataclass(frozen=True)
class GuidanceFolder:
    """What stands in the folder, checked when the gateway starts."""

    folder: Path
    notices: tuple[PlaceNotice, ...]
    guides: tuple[Guide, ...]

    @classmethod
    def open(cls, folder: Path) -> GuidanceFolder:
        """Read it. Raises SettingsError that names the place in the file, or a picture that is missing."""
        file = folder / "guidance.toml"
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
            notices = _notices.validate_python(content.get("notices", ()))
            guides = _guides.validate_python(content.get("guides", ()))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"{file}: {error}") from error
        except ValidationError as error:
            fault = error.errors()[0]
            raise SettingsError(f"{file}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}") from error
        made = cls(folder, notices, guides)
        for picture in made.pictures:
            if _PICTURE.fullmatch(picture) is None or not (folder / picture).is_file():
                raise SettingsError(f"{file}: picture {picture}: not a .png or .jpg of this folder")
        return made

    @property
    def pictures(self) -> frozenset[str]:
        """Every picture that is named."""
        named = [notice.picture for notice in self.notices]
        named += [step.picture for guide in self.guides for step in guide.steps]
        return frozenset(picture for picture in named if picture)

    def on(self, day: date) -> Guidance:
        """What holds on a day."""
        return Guidance(
            notices=tuple(notice for notice in self.notices if notice.first <= day <= notice.last), guides=self.guides
        )

    def picture(self, name: str) -> tuple[bytes, str] | None:
        """A named picture and its kind; None for anything else in the folder."""
        if name not in self.pictures:
            return None
        return (self.folder / name).read_bytes(), _KINDS[name.rpartition(".")[2]]
