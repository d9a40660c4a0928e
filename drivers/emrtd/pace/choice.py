"""What a PACEInfo asks for: key agreement, mapping, cipher suite, domain parameters; impossible ones have a reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from drivers.emrtd.crypto.domain_parameters import group
from drivers.emrtd.crypto.groups import FieldGroup, Group
from drivers.emrtd.crypto.suites import AES_128, AES_192, AES_256, TRIPLE_DES, Suite
from drivers.emrtd.lds.security_infos import ID_PACE, PaceInfo


class Mapping(Enum):
    """How the nonce becomes a generator (section 4.4.3.3)."""

    GENERIC = "GM"
    INTEGRATED = "IM"
    CHIP_AUTHENTICATION = "CAM"


_ARMS = {
    1: ("DH", Mapping.GENERIC),
    2: ("ECDH", Mapping.GENERIC),
    3: ("DH", Mapping.INTEGRATED),
    4: ("ECDH", Mapping.INTEGRATED),
    6: ("ECDH", Mapping.CHIP_AUTHENTICATION),
}
_SUITES: dict[int, Suite] = {1: TRIPLE_DES, 2: AES_128, 3: AES_192, 4: AES_256}


class UnsupportedPace(Exception):
    """A PACEInfo that no reader can perform, with the reason."""


@dataclass(frozen=True)
class Choice:
    """A PACEInfo understood."""

    info: PaceInfo
    agreement: str
    mapping: Mapping
    suite: Suite
    group: Group

    @property
    def name(self) -> str:
        """E.g. "PACE-ECDH-GM-AES-CBC-CMAC-128, brainpoolP256r1"."""
        return f"PACE-{self.agreement}-{self.mapping.value}-{self.suite.name}, {self.group.name}"


def understand(info: PaceInfo) -> Choice:
    """What this PACEInfo asks for. Raises UnsupportedPace."""
    arm, suite = (int(number) for number in info.oid.removeprefix(ID_PACE + ".").split("."))
    if info.version != 2:
        raise UnsupportedPace(f"PACE version {info.version}")
    if arm not in _ARMS or suite not in _SUITES:
        raise UnsupportedPace(f"unknown PACE protocol {info.oid}")
    agreement, mapping = _ARMS[arm]
    if mapping is Mapping.CHIP_AUTHENTICATION and suite == 1:
        raise UnsupportedPace("chip authentication mapping is not defined with 3DES")
    if info.parameter_id is None:
        raise UnsupportedPace("no domain parameters are named")
    chosen = group(info.parameter_id)
    if chosen is None:
        raise UnsupportedPace(f"domain parameters {info.parameter_id} are not standardised")
    if isinstance(chosen, FieldGroup) != (agreement == "DH"):
        raise UnsupportedPace(f"{agreement} does not work over {chosen.name}")
    if mapping is Mapping.INTEGRATED and agreement == "ECDH" and chosen.modulus % 4 != 3:
        raise UnsupportedPace(f"integrated mapping needs p = 3 mod 4, which {chosen.name} does not have")
    return Choice(info, agreement, mapping, _SUITES[suite], chosen)


def choices(infos: tuple[PaceInfo, ...]) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    """What can be performed, the chip's own proof (CAM) first, else in the order of the file; and why others not."""
    possible: list[Choice] = []
    reasons: list[str] = []
    for info in infos:
        try:
            possible.append(understand(info))
        except UnsupportedPace as reason:
            reasons.append(str(reason))
    possible.sort(key=lambda choice: choice.mapping is not Mapping.CHIP_AUTHENTICATION)
    return tuple(possible), tuple(reasons)
