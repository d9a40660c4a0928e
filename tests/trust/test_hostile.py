"""Inputs made to cost time or memory: each ends as the room's own error or as a verdict, in no noticeable time."""

import pytest

from services.trust import passive
from services.trust.certificate import read_certificate
from services.trust.crl import read_crl
from services.trust.errors import TrustError
from services.trust.ldif import read_ldif
from services.trust.master_list import read_master_list
from services.trust.public_key import read_public_key
from services.trust.signed_data import read_signed_data
from services.trust.store import TrustStore, der_objects
from services.trust.verdicts import PassiveOutcome
from simulators.chip import der


def deep(levels: int) -> bytes:
    data = b""
    for _ in range(levels):
        data = der.tlv(0x30, data)
    return data


HOSTILE = {
    "indefinite-nesting": b"\x30\x80" * 30_000,
    "deep-nesting": deep(2000),
    "endless-oid": der.sequence(der.tlv(0x06, b"\xff" * 50_000 + b"\x7f"), der.explicit(0, b"")),
    "four-gigabytes": b"\x30\x84\xff\xff\xff\xff" + bytes(100),
    "eight-exabytes": b"\x30\x88" + b"\x7f" * 8,
    "many-certificates": der.sequence(
        der.oid("1.2.840.113549.1.7.2"),
        der.explicit(
            0,
            der.sequence(
                der.integer(3),
                der.set_of(),
                der.sequence(der.oid("2.23.136.1.1.1"), der.explicit(0, der.octets(b"x"))),
                der.explicit(0, *[der.sequence()] * 10_000),
                der.set_of(der.sequence()),
            ),
        ),
    ),
    "endless-integer": der.sequence(der.tlv(0x02, b"\x7f" * 60_000)),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_structures_made_to_be_expensive_are_refused(data, now):
    for read in (
        read_certificate,
        read_crl,
        read_master_list,
        read_public_key,
        lambda data: read_signed_data(data, "2.23.136.1.1.1"),
    ):
        with pytest.raises(TrustError):
            read(data)
    verdict = passive.authenticate(der.tlv(0x77, data), {1: data, 12: data, 13: data}, TrustStore(), now)
    assert verdict.outcome is PassiveOutcome.UNREADABLE


@pytest.mark.timeout(20)
def test_pem_that_begins_a_thousand_times_and_never_ends_is_refused():
    with pytest.raises(TrustError):
        der_objects(b"-----BEGIN CERTIFICATE-----" * 100_000)


@pytest.mark.timeout(20)
def test_ldif_of_a_million_folded_lines_is_read_in_one_pass():
    assert read_ldif(b"dn:: " + b"\n A" * 300_000) == ()
