"""Personalisation: a document, a profile and an issuer become the content of one chip."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, timezone

from simulators.chip import content as ef
from simulators.chip import der
from simulators.chip.content import ChipContent, group_id
from simulators.chip.document import Document
from simulators.chip.files import biometrics, groups, pictures
from simulators.chip.issuer import Issuer, Signer
from simulators.chip.keys import ChipKeys, card_access, card_security_infos, key_groups, make_keys
from simulators.chip.pki import CvHolder, Envelope, make_card_security, make_sod
from simulators.chip.profile import Profile
from simulators.citizens.portrait import encode

PHOTO_BYTES = 19_600
"""Picture size that makes a DG2 of about 19.7 KB."""
_VIETNAM_TIME = timezone(timedelta(hours=7))
_SIGNED_AT = time(8, 0, tzinfo=_VIETNAM_TIME)
_EXTENDED_LENGTH = der.tlv(0x7F66, der.tlv(0x02, b"\x00\xff\xff"), der.tlv(0x02, b"\x00\xff\xff"))
_CVCA_FILE_BYTES = 36
_VERSIONS = ("0108", "040000")


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
    missing: tuple[str, ...] = ()
    """Files that are listed and signed, but not there: COM, SOD, DG13 ..."""
    break_signature: bool = False
    signing_time: bool = True
    """False: the security object does not say when it was signed."""


@dataclass(frozen=True)
class Order:
    """Sizes and limits of a chip."""

    photo_bytes: int = PHOTO_BYTES
    sod_with_csca: bool = False
    """The security object also carries the authority's certificate: about 2.5 KB."""
    extended: bool = True


def personalise(
    document: Document,
    profile: Profile,
    issuer: Issuer,
    forgery: Forgery | None = None,
    order: Order | None = None,
    authority: CvHolder | None = None,
) -> ChipContent:
    """Make the chip. Keys are fresh each time. `authority` is the CVCA that terminal authentication trusts."""
    forgery, order = forgery or Forgery(), order or Order()
    keys = make_keys(profile, "chip")
    signed = _groups(document, profile, keys, order)
    if forgery.broken_dg13 and 13 in signed:
        signed[13] = _broken(signed[13])
    if forgery.absurd_group in signed:
        signed[forgery.absurd_group] = _absurd(signed[forgery.absurd_group])
    application = {ef.COM: groups.com(list(signed)), ef.SOD: _sign(signed, document, profile, issuer, forgery, order)}
    application |= {group_id(number): data for number, data in signed.items()}
    master = _master_files(document, profile, keys, issuer, forgery, order.extended)
    if forgery.swapped_keys:
        keys = make_keys(profile, "forger")
        application |= {group_id(number): data for number, data in key_groups(profile, keys).items()}
    elif forgery.cloned:
        keys = make_keys(profile, "clone")
    for name in forgery.altered:
        application[_file_id(name)] = _altered(_file_id(name), application[_file_id(name)])
    for name in forgery.missing:
        application.pop(_file_id(name), None)
    references = (authority.reference,) if authority and profile.terminal_authentication else ()
    if references:
        application[ef.CVCA] = _references(references)
    return ChipContent(
        atr=make_atr(order.extended),
        application=application,
        master=master,
        mrz_information=document.mrz_information,
        can=document.can if profile.can else "",
        basic_access=profile.basic_access,
        active=keys.active,
        pace=profile.pace,
        pace_chip_key=None if keys.mapping is None else keys.mapping.private,
        chip_keys=keys.chip,
        anchor=authority.certificate if authority and references else None,
        authorities=references,
    )


def make_atr(extended: bool) -> bytes:
    """ATR as PC/SC part 3 builds it for a contactless card: historical bytes with the card capabilities."""
    historical = bytes.fromhex("8073C821") + (b"\xc0" if extended else b"\x80")
    body = bytes([0x80 | len(historical), 0x80, 0x01]) + historical
    return b"\x3b" + body + bytes([functools.reduce(lambda check, byte: check ^ byte, body)])


def _groups(document: Document, profile: Profile, keys: ChipKeys, order: Order) -> dict[int, bytes]:
    made = {**document.details, 1: groups.dg1(document.mrz), **key_groups(profile, keys)}
    if document.portrait is not None:
        drawn = encode(document.portrait, order.photo_bytes)
        face = biometrics.Picture(drawn.data, drawn.width, drawn.height)
        made[2] = biometrics.dg2([face], profile.modern_faces)
    elif profile.empty_faces:
        made[2] = biometrics.dg2([], profile.modern_faces)
    made[3] = biometrics.dg3([pictures.finger(document.id + side) for side in ("right", "left")])
    made[7] = groups.dg7(pictures.signature(document.id).data)
    return {number: made[number] for number in profile.groups if number in made}


def _master_files(
    document: Document, profile: Profile, keys: ChipKeys, issuer: Issuer, forgery: Forgery, extended: bool
) -> dict[int, bytes]:
    files = {ef.DIR: der.tlv(0x61, der.tlv(0x4F, ef.APPLICATION))}
    if extended:
        files[ef.ATR_INFO] = _EXTENDED_LENGTH
    access = card_access(profile)
    if access is not None:
        files[ef.CARD_ACCESS] = access
    security = card_security_infos(profile, keys)
    if security is not None:
        files[ef.CARD_SECURITY] = make_card_security(
            security, issuer.signer(forgery.signer), _envelope(document, forgery)
        )
    return files


def _sign(
    files: Mapping[int, bytes], document: Document, profile: Profile, issuer: Issuer, forgery: Forgery, order: Order
) -> bytes:
    versions = _VERSIONS if profile.sod_versions else None
    how = _envelope(document, forgery)
    if order.sod_with_csca:
        how = replace(how, more_certificates=(issuer.csca.certificate,))
    return make_sod(files, issuer.signer(forgery.signer), profile.sod_digest, how, versions=versions)


def _envelope(document: Document, forgery: Forgery) -> Envelope:
    moment = datetime.combine(document.issue_date, _SIGNED_AT) if forgery.signing_time else None
    return Envelope(signing_time=moment, break_signature=forgery.break_signature)


def _references(names: tuple[bytes, ...]) -> bytes:
    """EF.CVCA: references, filled with zeros."""
    return b"".join(der.tlv(0x42, name) for name in names).ljust(_CVCA_FILE_BYTES, b"\x00")


def _file_id(name: str) -> int:
    """COM, SOD or DGn. ValueError for anything else."""
    return {"COM": ef.COM, "SOD": ef.SOD}.get(name) or group_id(int(name.removeprefix("DG")))


def _altered(identifier: int, data: bytes) -> bytes:
    """One letter of the name in DG1, the last byte of any other file."""
    if identifier == group_id(1):
        place = _name_at(data)
        other = b"B" if data[place : place + 1] == b"A" else b"A"
        return data[:place] + other + data[place + 1 :]
    return data[:-1] + bytes([data[-1] ^ 1])


def _name_at(dg1: bytes) -> int:
    """Where the name begins: third line of TD1, behind the issuer on the first line of TD3."""
    zone = der.read(der.read(dg1)[1])[1]
    start = len(dg1) - len(zone)
    return start + (60 if len(zone) == 90 else 5)


def _broken(group: bytes) -> bytes:
    """The list inside claims more than there is."""
    tag, value, _ = der.read(group)
    return der.tlv(tag, b"\x30\x82\x7f\xff", der.read(value)[1])


def _absurd(group: bytes) -> bytes:
    """A length of four gigabytes behind the outer tag."""
    tag, value, _ = der.read(group)
    return der.tag_bytes(tag) + b"\x84\xff\xff\xff\xff" + value
