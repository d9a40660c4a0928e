"""A waiting room's board in Vietnamese, or in Vietnamese with English below it: the site's choice."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from gateway.app import build
from gateway.queue import boards
from gateway.settings import Place
from gateway.web.board import BOARD_COOKIE

DEMO = Path(__file__).resolve().parents[2] / "gateway" / "data" / "demo-hoa-giang.toml"


def _page(gateway: Any, *languages: str, connected: bool = True) -> str:
    place = gateway.house.settings.place.model_copy(update={"board_languages": languages})
    house = replace(gateway.house, settings=gateway.house.settings.model_copy(update={"place": place}))
    gateway.client.serve(build(house, with_background=False))
    with house.store.write() as transaction:
        asked = boards.ask(house, transaction)
        if connected:
            boards.connect(house, transaction, asked.code, "Sảnh A", (), "tam")
    answer = gateway.client.get("/board", headers={"Cookie": f"{BOARD_COOKIE}={asked.token}"})
    assert answer.status_code == 200
    return answer.text


def test_a_board_is_vietnamese_alone_unless_the_site_wants_both(gateway: Any) -> None:
    page = _page(gateway, "vi")
    assert "Đang gọi" in page and "Now calling" not in page and "Hòa Giang General Hospital" not in page


def test_a_board_of_two_languages_has_english_below_every_text_people_need(gateway: Any) -> None:
    page = _page(gateway, "vi", "en")
    for vietnamese, english in (
        ("Đang gọi", "Now calling"),
        ("Đã gọi", "Called before"),
        ("Mất kết nối, mời nghe nhân viên gọi", "No connection, please listen to the staff"),
        ("Ưu tiên: gọi xen kẽ với số thường", "Priority: called in turn with ordinary numbers"),
        ("Bệnh viện Đa khoa Hòa Giang", "Hòa Giang General Hospital"),
    ):
        assert vietnamese in page and f'lang="en">{english}<' in page


def test_a_screen_that_is_not_connected_tells_how_in_both_languages(gateway: Any) -> None:
    page = _page(gateway, "vi", "en", connected=False)
    assert "Mã nối bảng" in page and "Code of this board" in page


def test_a_board_is_never_without_vietnamese() -> None:
    place = tomllib.loads(DEMO.read_text(encoding="utf-8"))["place"]
    with pytest.raises(ValidationError):
        Place.model_validate(place | {"board_languages": ["en"]})
    with pytest.raises(ValidationError):
        Place.model_validate(place | {"board_languages": ["vi", "fr"]})
    assert Place.model_validate(place | {"board_languages": ["vi", "en"]}).board_languages == ("vi", "en")
