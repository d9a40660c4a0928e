"""The test country's public key infrastructure: authorities, signers, revocation lists, signed objects, master lists.

    csca = make_csca(); signer = make_dsc(csca); sod = make_sod({1: dg1, 2: dg2}, signer); crl = make_crl(csca)

Keys are fresh unless one is given; nothing is ever written here.
"""

from simulators.chip.pki.certificates import (
    END,
    START,
    Authority,
    make_crl,
    make_csca,
    make_dsc,
    make_link_certificate,
    make_name,
)
from simulators.chip.pki.cvc import (
    CVCA,
    DV_DOMESTIC,
    DV_FOREIGN,
    FINGERS,
    IRISES,
    TERMINAL,
    CvHolder,
    make_cv_certificate,
)
from simulators.chip.pki.keys import EcKey, KeyPair, RsaKey, Signature, make_key, shared_key
from simulators.chip.pki.signed import Envelope, make_card_security, make_master_list, make_signed_data, make_sod

__all__ = [
    "CVCA",
    "DV_DOMESTIC",
    "DV_FOREIGN",
    "END",
    "FINGERS",
    "IRISES",
    "START",
    "TERMINAL",
    "Authority",
    "CvHolder",
    "EcKey",
    "Envelope",
    "KeyPair",
    "RsaKey",
    "Signature",
    "make_card_security",
    "make_crl",
    "make_csca",
    "make_cv_certificate",
    "make_dsc",
    "make_key",
    "make_link_certificate",
    "make_master_list",
    "make_name",
    "make_signed_data",
    "make_sod",
    "shared_key",
]
