"""What the kiosk keeps, only the gateway opens, and only as what it was kept for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contract.sealed import CannotUnseal, new_sealing_key, seal, unseal
from services.contract.ticket_codes import clean_reprint_code, reprint_code, ticket_code

PRIVATE, PUBLIC = new_sealing_key()
OLD_PRIVATE, OLD_PUBLIC = new_sealing_key()


@given(st.binary(max_size=200))
def test_what_was_sealed_comes_out_again(body: bytes) -> None:
    assert unseal(seal(body, PUBLIC, path="/v1/x", key="k1"), [PRIVATE], path="/v1/x", key="k1") == body


def test_after_a_rotation_old_boxes_still_open() -> None:
    sealed = seal(b"{}", OLD_PUBLIC, path="/v1/x", key="k1")
    assert unseal(sealed, [PRIVATE, OLD_PRIVATE], path="/v1/x", key="k1") == b"{}"
    with pytest.raises(CannotUnseal, match="not held"):
        unseal(sealed, [PRIVATE], path="/v1/x", key="k1")


@pytest.mark.parametrize(("path", "key"), [("/v1/y", "k1"), ("/v1/x", "k2"), ("/v1/x\nk1", ""), ("/v1/x\nk", "1")])
def test_a_box_cannot_be_moved_to_another_path_or_key(path: str, key: str) -> None:
    sealed = seal(b"{}", PUBLIC, path="/v1/x", key="k1")
    with pytest.raises(CannotUnseal):
        unseal(sealed, [PRIVATE], path=path, key=key)


@given(
    st.binary(max_size=120)
    | st.binary(max_size=120).map(lambda tail: seal(b"{}", PUBLIC, path="p", key="k")[:7] + tail)
)
def test_rubbish_is_refused(rubbish: bytes) -> None:
    with pytest.raises(CannotUnseal):
        unseal(rubbish, [PRIVATE], path="p", key="k")


def test_any_changed_byte_is_refused() -> None:
    sealed = seal(b'{"a":1}', PUBLIC, path="p", key="k")
    for place in range(len(sealed)):
        broken = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(CannotUnseal):
            unseal(broken, [PRIVATE], path="p", key="k")


def test_two_boxes_of_the_same_body_differ_and_show_nothing_of_it() -> None:
    first, second = (seal(b"NGUYEN VAN A", PUBLIC, path="p", key="k") for _ in range(2))
    assert first != second and b"NGUYEN" not in first


@given(st.uuids().map(str))
def test_slip_codes_are_of_their_form_and_do_not_tell_the_key(key: str) -> None:
    assert len(ticket_code(key)) == 26 and ticket_code(key).isalnum()
    code = reprint_code(key)
    assert len(code) == 9 and code[4] == "-" and not set(code) & set("ILOU")
    assert clean_reprint_code(code.lower().replace("-", " ")) == code


@pytest.mark.parametrize(("typed", "meant"), [("o0il-2q9d", "0011-2Q9D"), ("K7M42Q9D", "K7M4-2Q9D"), ("abc", "ABC")])
def test_a_typed_code_is_understood(typed: str, meant: str) -> None:
    assert clean_reprint_code(typed) == meant
