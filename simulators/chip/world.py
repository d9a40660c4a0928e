"""From the options of an `insert` to a card: who, which profile, which behaviour, which faults and forgeries."""

from __future__ import annotations

import functools
import json
import threading
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from simulators import citizens
from simulators.chip import document as documents
from simulators.chip import profile as profiles
from simulators.chip.behaviour import Behaviour, Faults, from_options
from simulators.chip.card import Card
from simulators.chip.content import ChipContent
from simulators.chip.document import Document
from simulators.chip.issuer import Algorithms, Issuer, Signer
from simulators.chip.personalise import Forgery, Order, personalise
from simulators.chip.pki import CVCA, DV_DOMESTIC, CvHolder, EcKey, make_cv_certificate
from simulators.chip.profile import Profile
from simulators.citizens import Citizen

_FAULTS = Path(__file__).with_name("faults.yaml")
_BY_YEAR = {2021: "vietnam-2021", 2024: "vietnam-2024"}
_NAMES = {"VN": "CSCA thử của Trạm", "UT": "CSCA of Utopia, for tests"}


@dataclass(frozen=True)
class Laboratory:
    """A terminal that may read fingers: its chain and private key, for laboratories and tests only."""

    cvca: CvHolder
    dv: CvHolder
    terminal: CvHolder

    @classmethod
    def make(cls) -> Laboratory:
        """Fresh keys on brainpoolP256r1, valid for a year from today."""
        make = functools.partial(
            make_cv_certificate, effective=date.today(), expires=date.today() + timedelta(days=365)
        )
        cvca = make("VNTESTCVCA00001", role=CVCA)
        dv = make("VNTESTDV0000001", cvca, role=DV_DOMESTIC)
        return cls(cvca, dv, make("VNTESTIS0000001", dv))

    def write(self, folder: Path) -> None:
        """cvca.cvcert, dv.cvcert, is.cvcert and the terminal's key is.pem (PKCS #8)."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, holder in (("cvca", self.cvca), ("dv", self.dv), ("is", self.terminal)):
            (folder / f"{name}.cvcert").write_bytes(holder.certificate)
        assert isinstance(self.terminal.key, EcKey)  # noqa: S101  made so above
        key = ec.derive_private_key(self.terminal.key.private, ec.BrainpoolP256R1())
        text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path = folder / "is.pem"
        path.touch(mode=0o600)
        path.write_bytes(text)


class World:
    """Makes cards. The same options of content make the same card whenever it is laid down."""

    def __init__(self, defaults: dict[str, Any] | None = None) -> None:
        """`defaults` are options every insert starts from."""
        self._defaults = dict(defaults or {})
        self._issuers: dict[tuple[str, Algorithms], Issuer] = {}
        self._contents: dict[str, ChipContent] = {}
        self._trust: Path | None = None
        self._turn = threading.Lock()
        self.laboratory = Laboratory.make()
        """Whom the cards let read fingers."""

    def issuer(self, profile: Profile) -> Issuer:
        """Who signs documents of that profile."""
        key = profile.country, profile.algorithms
        if key not in self._issuers:
            made = Issuer(profile.country, _NAMES.get(profile.country, f"CSCA {profile.country}"), profile.algorithms)
            self._issuers[key] = made
            if self._trust is not None:
                made.write_trust(self._trust)
        return self._issuers[key]

    def write_trust(self, folder: Path) -> None:
        """What a site's trust folder would hold: the Vietnamese authority now, others when they first sign."""
        self._trust = folder
        self.issuer(profiles.load("vietnam-2021")).write_trust(folder)

    def card(self, options: dict[str, Any]) -> Card:
        """A card for the options. KeyError for an unknown person or profile, ValueError or TypeError otherwise."""
        chosen = {**self._defaults, **options}
        if (fault := chosen.pop("fault", None)) is not None:
            chosen = {**fault_options(fault), **chosen}
        extended = chosen.get("extended", True)
        behaviour = from_options(Behaviour, chosen)
        faults = Faults(**from_options(Faults, chosen))
        profile = _profile(chosen)
        behaviour.setdefault("select_mf", int(profile.select_mf, 16))
        return Card(self._content(chosen, profile, extended), Behaviour(**behaviour), faults)

    def _content(self, chosen: dict[str, Any], profile: Profile, extended: bool) -> ChipContent:
        key = json.dumps([chosen, extended, repr(profile)], sort_keys=True, default=str)
        with self._turn:
            return self._contents.get(key) or self._personalised(key, chosen, profile, extended)

    def _personalised(self, key: str, chosen: dict[str, Any], profile: Profile, extended: bool) -> ChipContent:
        document = _document(chosen)
        order = Order(**_taken(Order, chosen), extended=extended)
        forgery = _forgery(chosen)
        if chosen:
            raise ValueError(f"unknown options: {', '.join(sorted(chosen))}")
        made = personalise(document, profile, self.issuer(profile), forgery, order, self.laboratory.cvca)
        self._contents[key] = made
        return made

    def prepare(self) -> None:
        """Make the cards of all citizens ahead, so that laying one down takes no time."""
        for person in citizens.load_all():
            self.card({"citizen": person.id})


@functools.cache
def fault_names() -> tuple[str, ...]:
    """Names of the prepared cards with a fault."""
    return tuple(_prepared_faults())


def fault_options(name: str) -> dict[str, Any]:
    """Options of a prepared card with a fault. KeyError when there is none of that name."""
    return _prepared_faults()[name]


@functools.cache
def _prepared_faults() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(_FAULTS.read_text(encoding="utf-8"))


def _profile(options: dict[str, Any]) -> Profile:
    """By name or as fields, with `profile_changes` on top."""
    wanted = options.pop("profile", None)
    changes = options.pop("profile_changes", {})
    if isinstance(wanted, dict):
        return profiles.from_mapping({**wanted, **changes})
    if wanted is None:
        passport = "passport" in options
        wanted = "passport" if passport else _BY_YEAR[_citizen(options.get("citizen", "khang")).card_year]
    return profiles.from_mapping({**profiles.record(wanted), **changes}) if changes else profiles.load(wanted)


def _document(options: dict[str, Any]) -> Document:
    passport, citizen = options.pop("passport", None), options.pop("citizen", "khang")
    if isinstance(passport, dict):
        made = documents.of_passport("passport", {**passport})
    elif passport is not None:
        made = documents.passport(passport)
    else:
        made = documents.of_citizen(_citizen(citizen))
    return made if options.pop("photo", True) else made.without_photo()


def _citizen(wanted: str | dict[str, Any]) -> Citizen:
    """By id, or a person given as fields."""
    if isinstance(wanted, str):
        return citizens.load(wanted)
    return citizens.from_mapping(str(wanted.get("id", "citizen")), {**wanted})


def _taken(kind: type[Order] | type[Forgery], options: dict[str, Any]) -> dict[str, Any]:
    return {one.name: options.pop(one.name) for one in fields(kind) if one.name in options}


def _forgery(options: dict[str, Any]) -> Forgery:
    taken = _taken(Forgery, options)
    if "signer" in taken:
        taken["signer"] = Signer(taken["signer"])
    for name in ("altered", "missing"):
        taken[name] = tuple(taken.get(name, ()))
    return Forgery(**taken)
