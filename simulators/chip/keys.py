"""The private keys of one chip, made for a profile, and the DG14, DG15 and EF.CardSecurity that name them."""

from __future__ import annotations

from dataclasses import dataclass

from simulators.chip import der
from simulators.chip.active import ActiveAuthentication
from simulators.chip.chipauth import ChipKey
from simulators.chip.domain import STANDARDISED, DhGroup, EcGroup
from simulators.chip.files import groups
from simulators.chip.files import security_infos as infos
from simulators.chip.pace import Mapping
from simulators.chip.pki import EcKey, make_key, shared_key
from simulators.chip.profile import Profile


@dataclass(frozen=True)
class ChipKeys:
    """What a chip can prove."""

    active: ActiveAuthentication | None
    chip: tuple[ChipKey, ...]
    mapping: ChipKey | None
    """Key of the chip authentication mapping; its identifier is that of its parameters."""


def make_keys(profile: Profile, owner: str) -> ChipKeys:
    """Fresh keys; RSA keys are shared by all chips of an `owner` in this process, because they take long to make."""
    wanted = profile.active_authentication
    active = None
    if wanted is not None:
        key = shared_key(wanted.key, owner) if wanted.key.startswith("rsa") else make_key(wanted.key)
        active = ActiveAuthentication(key, wanted.digest, wanted.plain, wanted.least)
    chip = tuple(
        ChipKey(STANDARDISED[one.parameters], STANDARDISED[one.parameters].draw(), one.suites, one.key_id)
        for one in profile.chip_authentication
    )
    mappings = [one for one in profile.pace if one.protocol.mapping is Mapping.CHIP_AUTHENTICATION]
    mapping = None
    if mappings:
        group = STANDARDISED[mappings[0].parameters]
        mapping = ChipKey(group, group.draw(), (mappings[0].protocol.suite,), mappings[0].parameters)
    return ChipKeys(active, chip, mapping)


def key_groups(profile: Profile, keys: ChipKeys) -> dict[int, bytes]:
    """DG14 and DG15, as far as there is something to say."""
    made: dict[int, bytes] = {}
    listed = [offer.info() for offer in profile.pace]
    if keys.active is not None:
        made[15] = groups.dg15(keys.active.key.public_info(explicit=True))
        if isinstance(keys.active.key, EcKey):
            listed.append(infos.active_authentication_info(keys.active.digest))
    for key in keys.chip:
        listed += [infos.chip_authentication_info(key.protocol_oid(suite), key.key_id) for suite in key.suites]
        listed.append(infos.chip_public_key_info(key.agreement, _public_info(key), key.key_id))
    if profile.terminal_authentication:
        listed.append(infos.terminal_authentication_info())
    if listed:
        made[14] = groups.dg14(listed)
    return made


def card_access(profile: Profile) -> bytes | None:
    """EF.CardAccess, if the chip does PACE."""
    return der.set_of(*(offer.info() for offer in profile.pace)) if profile.pace else None


def card_security_infos(profile: Profile, keys: ChipKeys) -> bytes | None:
    """What EF.CardSecurity signs, if the chip does the chip authentication mapping."""
    key = keys.mapping
    if key is None or key.key_id is None:
        return None
    point = infos.standardised_point_info(key.key_id, key.public)
    public = infos.chip_public_key_info("ECDH", point, key.key_id)
    return der.set_of(*(offer.info() for offer in profile.pace), public)


def _public_info(key: ChipKey) -> bytes:
    group = key.group
    if isinstance(group, EcGroup):
        return group.curve.public_info(group.curve.decode(key.public), explicit=True)
    assert isinstance(group, DhGroup)  # noqa: S101  there is no third kind
    return infos.integer_public_info(group.prime, group.generator, group.order, key.public)
