"""Personalisation: an invented person, a profile and an issuer become the content of one chip."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, timezone

from simulators.chip import der
from simulators.chip.active import ActiveAuthentication
from simulators.chip.content import ATR_INFO, COM, SOD, ChipContent, group_id
from simulators.chip.files import biometrics, groups, pictures, security_infos
from simulators.chip.issuer import Issuer, Signer
from simulators.chip.pki import EcKey, Envelope, make_key, make_sod, shared_key
from simulators.chip.profile import Profile
from simulators.citizens import Citizen
from simulators.citizens.portrait import HEIGHT, WIDTH, encode

PHOTO_BYTES = 19_600
"""Picture size that makes a DG2 of about 19.7 KB."""
_VIETNAM_TIME = timezone(timedelta(hours=7))
_SIGNED_AT = time(8, 0, tzinfo=_VIETNAM_TIME)
_EXTENDED_LENGTH = der.tlv(0x7F66, der.tlv(0x02, b"\x00\xff\xff"), der.tlv(0x02, b"\x00\xff\xff"))


@dataclass(frozen=True)
class Forgery:
    """How a card's content is not what it should be."""

    signer: Signer = Signer.GOOD
    altered: tuple[str, ...] = ()
    """Files changed after signing: DG1, DG2, DG13, DG14, DG15, SOD."""
    cloned: bool = False
    """Copied files, without the private keys."""
    swapped_keys: bool = False
    """DG14 and DG15 carry the forger's own keys, and the chip proves those."""
    broken_dg13: bool = False
    """DG13 is signed, but damaged inside."""
    absurd_group: int | None = None
    """The signed group of that number claims four gigabytes."""
    break_signature: bool = False
    signing_time: bool = True
    """False: the security object does not say when it was signed."""


def personalise(
    person: Citizen,
    profile: Profile,
    issuer: Issuer,
    forgery: Forgery | None = None,
    photo_bytes: int = PHOTO_BYTES,
    extended: bool = True,
) -> ChipContent:
    """Make the chip. The same arguments give other keys each time, but RSA keys are shared in the process."""
    forgery = forgery or Forgery()
    mrz = person.mrz()
    active = _active_authentication(profile, "chip")
    files = _groups(person, profile, mrz, active, photo_bytes)
    if forgery.broken_dg13 and 13 in files:
        files[13] = _broken(files[13])
    if forgery.absurd_group in files:
        files[forgery.absurd_group] = _absurd(files[forgery.absurd_group])
    sod = _sign(files, person, profile, issuer, forgery)
    if forgery.swapped_keys:
        active = _active_authentication(profile, "forger")
        files |= _key_groups(profile, active)
    elif forgery.cloned:
        active = _active_authentication(profile, "clone")
    application = {COM: groups.com(list(files)), SOD: sod} | {group_id(number): data for number, data in files.items()}
    for name in forgery.altered:
        identifier = SOD if name == "SOD" else group_id(int(name.removeprefix("DG")))
        application[identifier] = _altered(identifier, application[identifier])
    return ChipContent(
        atr=make_atr(extended),
        application=application,
        master={ATR_INFO: _EXTENDED_LENGTH} if extended else {},
        mrz_information=mrz[0][5:15] + mrz[1][:7] + mrz[1][8:15],
        can=person.number[-6:],
        basic_access=profile.basic_access,
        active=active,
    )


def make_atr(extended: bool) -> bytes:
    """ATR as PC/SC part 3 builds it for a contactless card: historical bytes with the card capabilities."""
    historical = bytes.fromhex("8073C821") + (b"\xc0" if extended else b"\x80")
    body = bytes([0x80 | len(historical), 0x80, 0x01]) + historical
    return b"\x3b" + body + bytes([functools.reduce(lambda check, byte: check ^ byte, body)])


def _groups(
    person: Citizen, profile: Profile, mrz: tuple[str, ...], active: ActiveAuthentication | None, photo_bytes: int
) -> dict[int, bytes]:
    made: dict[int, bytes] = {1: groups.dg1(mrz), 13: groups.vietnamese_dg13(person, f"VN{person.number[-9:]}")}
    if person.portrait is not None:
        face = biometrics.Picture(encode(person.portrait, photo_bytes), WIDTH, HEIGHT)
        made[2] = biometrics.dg2([face], profile.modern_faces)
    made[3] = biometrics.dg3([pictures.finger(person.id + side) for side in ("right", "left")])
    made |= _key_groups(profile, active)
    return {number: made[number] for number in profile.groups if number in made}


def _key_groups(profile: Profile, active: ActiveAuthentication | None) -> dict[int, bytes]:
    infos: list[bytes] = []
    made: dict[int, bytes] = {}
    if active is not None:
        made[15] = groups.dg15(active.key.public_info(explicit=True))
        if isinstance(active.key, EcKey):
            infos.append(security_infos.active_authentication_info(active.digest))
    if infos:
        made[14] = groups.dg14(infos)
    return made


def _active_authentication(profile: Profile, owner: str) -> ActiveAuthentication | None:
    wanted = profile.active_authentication
    if wanted is None:
        return None
    rsa = wanted.key.startswith("rsa")
    key = shared_key(wanted.key, owner) if rsa else make_key(wanted.key)
    return ActiveAuthentication(key, wanted.digest, wanted.plain)


def _sign(files: Mapping[int, bytes], person: Citizen, profile: Profile, issuer: Issuer, forgery: Forgery) -> bytes:
    moment = datetime.combine(person.issue_date, _SIGNED_AT) if forgery.signing_time else None
    how = Envelope(signing_time=moment, break_signature=forgery.break_signature)
    return make_sod(files, issuer.signer(forgery.signer), profile.sod_digest, how)


def _altered(identifier: int, data: bytes) -> bytes:
    """One letter of the name in DG1, the last byte of any other file."""
    if identifier == group_id(1):
        place = len(data) - 30
        other = b"B" if data[place : place + 1] == b"A" else b"A"
        return data[:place] + other + data[place + 1 :]
    return data[:-1] + bytes([data[-1] ^ 1])


def _broken(group: bytes) -> bytes:
    """The list inside claims more than there is."""
    tag, value, _ = der.read(group)
    inner = der.read(value)[1]
    return der.tlv(tag, b"\x30\x82\x7f\xff", inner)


def _absurd(group: bytes) -> bytes:
    """A length of four gigabytes behind the outer tag."""
    tag, value, _ = der.read(group)
    return der.tag_bytes(tag) + b"\x84\xff\xff\xff\xff" + value


def without_photo(person: Citizen) -> Citizen:
    """The same person with a card that carries no picture."""
    return replace(person, portrait=None)
