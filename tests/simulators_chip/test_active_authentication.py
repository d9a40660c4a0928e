"""Active authentication from the card's side (ICAO 9303-11 section 6.1 and appendix F), opened by plain arithmetic."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from simulators.chip.active import ActiveAuthentication, representative
from simulators.chip.apdu import Refusal
from simulators.chip.pki import EcKey, RsaKey, make_key, shared_key

NONCE = bytes.fromhex("0102030405060708")
TRAILERS = {"sha1": "BC", "sha224": "38CC", "sha256": "34CC", "sha384": "36CC", "sha512": "35CC"}


def test_the_message_representative_of_appendix_f(emrtd_vectors: dict[str, Any]) -> None:
    example = emrtd_vectors["icao_9303_11_F_active_auth_rsa"]["values"]
    first, challenge = bytes.fromhex(example["M1"]), bytes.fromhex(example["RND_IFD"])
    made = representative(128, challenge, "sha1", first)
    assert made.hex().upper() == example["F"]
    assert made[-21:-1].hex().upper() == example["digest"]


@pytest.mark.parametrize("digest", TRAILERS)
@pytest.mark.parametrize("kind", ["rsa1024", "rsa2048"])
def test_an_rsa_answer_opens_to_the_signed_message(kind: str, digest: str) -> None:
    key = shared_key(kind, "test")
    assert isinstance(key, RsaKey)
    public = key.private.public_key().public_numbers()
    answer = ActiveAuthentication(key, digest).answer(NONCE)
    size = public.n.bit_length() // 8
    opened = pow(int.from_bytes(answer, "big"), public.e, public.n).to_bytes(size, "big")
    trailer = bytes.fromhex(TRAILERS[digest])
    assert opened[:1] == b"\x6a" and opened.endswith(trailer)
    hash_size = hashlib.new(digest).digest_size
    body = opened[1 : -len(trailer)]
    assert hashlib.new(digest, body[:-hash_size] + NONCE).digest() == body[-hash_size:]


def test_two_answers_to_one_nonce_differ() -> None:
    proof = ActiveAuthentication(shared_key("rsa1024", "test"), "sha1")
    assert proof.answer(NONCE) != proof.answer(NONCE)


@pytest.mark.parametrize("curve", ["secp224r1", "secp256r1", "brainpoolP320r1", "secp521r1"])
def test_an_elliptic_answer_is_plain_or_der(curve: str) -> None:
    key = make_key(curve)
    assert isinstance(key, EcKey)
    plain = ActiveAuthentication(key, "sha256").answer(NONCE)
    size = (key.curve.n.bit_length() + 7) // 8
    assert len(plain) == 2 * size
    public = key.curve.decode(key.point)
    assert key.curve.verify_plain(public, NONCE, "sha256", plain)
    assert not key.curve.verify_plain(public, bytes(8), "sha256", plain)
    assert ActiveAuthentication(key, "sha256", plain=False).answer(NONCE)[0] == 0x30


@pytest.mark.parametrize("challenge", [b"", bytes(7), bytes(9)])
def test_a_nonce_of_another_length_is_refused(challenge: bytes) -> None:
    with pytest.raises(Refusal):
        ActiveAuthentication(shared_key("rsa1024", "test"), "sha1").answer(challenge)
