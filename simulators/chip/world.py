"""From the options of an `insert` to a card: who, which profile, which behaviour, which faults and forgeries."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from simulators import citizens
from simulators.chip import profile as profiles
from simulators.chip.behaviour import Behaviour, Faults, from_options
from simulators.chip.card import Card
from simulators.chip.content import ChipContent
from simulators.chip.issuer import Issuer, Signer
from simulators.chip.personalise import PHOTO_BYTES, Forgery, personalise, without_photo

_BY_YEAR = {2021: "vietnam-2021", 2024: "vietnam-2024"}


class World:
    """Makes cards. The same person with the same profile and forgery is the same card whenever it is laid down."""

    def __init__(self, defaults: dict[str, Any] | None = None, issuer: Issuer | None = None) -> None:
        self._defaults = dict(defaults or {})
        self._issuer = issuer or Issuer()
        self._contents: dict[tuple[object, ...], ChipContent] = {}

    def write_trust(self, folder: Path) -> None:
        """What a site's trust folder would hold."""
        self._issuer.write_trust(folder)

    def card(self, options: dict[str, Any]) -> Card:
        """A card for the options. KeyError for an unknown person or profile, ValueError for any other mistake."""
        chosen = {**self._defaults, **options}
        person = citizens.load(chosen.pop("citizen", "khang"))
        if not chosen.pop("photo", True):
            person = without_photo(person)
        profile = profiles.load(chosen.pop("profile", None) or _BY_YEAR[person.card_year])
        photo_bytes = int(chosen.pop("photo_bytes", PHOTO_BYTES))
        chosen.setdefault("select_mf", profile.select_mf)
        behaviour = Behaviour(**from_options(Behaviour, chosen))
        faults = Faults(**from_options(Faults, chosen))
        forgery = _forgery(chosen)
        if chosen:
            raise ValueError(f"unknown options: {', '.join(sorted(chosen))}")
        key = person, profile, forgery, photo_bytes, behaviour.extended
        if key not in self._contents:
            self._contents[key] = personalise(person, profile, self._issuer, forgery, photo_bytes, behaviour.extended)
        return Card(self._contents[key], behaviour, faults)


def _forgery(options: dict[str, Any]) -> Forgery:
    taken: dict[str, Any] = {one.name: options.pop(one.name) for one in fields(Forgery) if one.name in options}
    if "signer" in taken:
        taken["signer"] = Signer(taken["signer"])
    if "altered" in taken:
        taken["altered"] = tuple(taken["altered"])
    return Forgery(**taken)
