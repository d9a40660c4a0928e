"""Invented people with chip cards that a test country signed, made before the clock runs; and how their chips answer.

Half of the cards are of the kind of 2021 (active authentication with RSA), half of 2024 (ECDSA on a Brainpool curve).
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from gmpy2 import powmod

from simulators import citizens
from simulators.chip.active import representative
from simulators.chip.content import SOD, group_id
from simulators.chip.document import of_citizen
from simulators.chip.issuer import Issuer
from simulators.chip.personalise import Order, personalise
from simulators.chip.pki.keys import EcKey
from simulators.chip.profile import load as load_profile

_PROFILES = ("vietnam-2021", "vietnam-2024")
_GROUPS = (1, 13, 14, 15)


@dataclass(frozen=True)
class Patient:
    """One person: the JSON of everything a kiosk tells of them but the chip's answer, and the chip's key."""

    number: str
    name: str
    birth: str
    told: str
    """The inside of the `patient` object, without `evidence`'s answer and without closing braces."""
    chip: rsa.RSAPrivateNumbers | ec.EllipticCurvePrivateKey

    def answer(self, nonce: bytes) -> bytes:
        """What the chip signs (ICAO 9303-11 section 6.1)."""
        if isinstance(self.chip, rsa.RSAPrivateNumbers):
            return _sign_rsa(self.chip, representative(128, nonce, "sha1"))
        digest = hashlib.sha256(nonce).digest()
        r, s = utils.decode_dss_signature(self.chip.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256()))))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _sign_rsa(key: rsa.RSAPrivateNumbers, message: bytes) -> bytes:
    """By the Chinese remainder theorem, as chips do; by gmpy2, since the load program shares the machine."""
    value = int.from_bytes(message, "big")
    one, two = int(powmod(value, key.dmp1, key.p)), int(powmod(value, key.dmq1, key.q))
    return (two + (one - two) * key.iqmp % key.p * key.q).to_bytes(128, "big")


def make_people(count: int, trust: Path, first: int = 0) -> list[Patient]:
    """`count` people from number `first` on; the authority that signed their cards goes into the folder `trust`."""
    country = Issuer()
    country.write_trust(trust)
    return [_person(first + index, country) for index in range(count)]


def _person(index: int, country: Issuer) -> Patient:
    model = citizens.load("khang")
    citizen = replace(model, id=f"load-{index}", number=f"099088{index:06}")
    content = personalise(
        of_citizen(citizen), load_profile(_PROFILES[index % 2]), country, None, Order(photo_bytes=2000)
    )
    assert content.active is not None
    evidence = {
        "sod": base64.b64encode(content.application[SOD]).decode(),
        "groups": {str(n): base64.b64encode(content.application[group_id(n)]).decode() for n in _GROUPS},
    }
    told = {
        "number": citizen.number,
        "name": citizen.name,
        "birth": citizen.birth,
        "sex": citizen.sex,
        "address": citizen.address,
        "level": "chip-genuine",
        "evidence": evidence,
    }
    key = content.active.key
    chip = (
        ec.derive_private_key(key.private, ec.BrainpoolP256R1())
        if isinstance(key, EcKey)
        else key.private.private_numbers()
    )
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return Patient(citizen.number, citizen.name, citizen.birth, text.removesuffix("}}"), chip)
