"""Old addresses to new communes: certain, ambiguous, unknown; suggestions while somebody types."""

from datetime import date

import pytest

from services.procedures.files import SAMPLE_PLACES
from services.procedures.places import (
    Places,
    bare,
    read_address,
    read_places,
    suggest_communes,
    suggest_provinces,
)

DAY = date(2026, 11, 30)


@pytest.fixture(scope="module")
def places() -> Places:
    return read_places(SAMPLE_PLACES)


def test_thirty_four_provinces_of_sixty_three_and_one_invented(places: Places):
    real = [one for one in places.provinces if one.code != "99"]
    assert len(real) == 34
    assert len({old.code for one in real for old in one.was}) == 63
    assert places.sample


def test_every_commune_stands_in_a_province_of_the_file(places: Places):
    assert {one.province for one in places.communes} <= {one.code for one in places.provinces}


@pytest.mark.parametrize(
    ("written", "communes", "detail"),
    [
        ("12 Nguyễn Huệ, Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh", ["26740"], "12 Nguyễn Huệ"),
        ("5 Đinh Tiên Hoàng, P. Đa Kao, Quận 1, Thành phố Hồ Chí Minh", ["26740", "26734"], "5 Đinh Tiên Hoàng"),
        ("1 Phố Huế, phường Hàng Bông, quận Hoàn Kiếm, Hà Nội", ["00070", "00082"], "1 Phố Huế"),
        ("27 đường Hoa Gạo, phường Bến Trúc, tỉnh Hòa Giang", ["99003"], "27 đường Hoa Gạo"),
        ("Tổ 5, thôn Suối Mơ, xã Đồng Hạ, tỉnh Hòa Giang", ["99004"], "Tổ 5, thôn Suối Mơ"),
        ("Phường Sài Gòn, Thành phố Hồ Chí Minh", ["26740"], ""),
        ("Phường Bến Nghé, Thành phố Hồ Chí Minh", ["26740"], ""),
        ("Xã Nào Đó, Huyện Nào Đó, Tỉnh Nghệ An", [], "Xã Nào Đó, Huyện Nào Đó"),
    ],
)
def test_an_old_address_and_what_it_can_mean_now(places: Places, written: str, communes: list[str], detail: str):
    found = read_address(places, written, DAY)
    assert [one.code for one in found.communes] == communes
    assert found.detail == detail
    assert found.written == written
    assert (found.certain is not None) == (len(communes) == 1)


@pytest.mark.parametrize(
    ("written", "province"),
    [
        ("Xã A, Huyện B, Tỉnh Bình Dương", "79"),
        ("Xã A, Huyện B, tỉnh Bà Rịa – Vũng Tàu", "79"),
        ("Xã A, Huyện B, Hà Giang", "08"),
        ("Xã A, Tỉnh Gia Lai", "52"),
        ("Xã A, Huyện B, Tỉnh Bình Định", "52"),
        ("Xã A, TX. B, Tỉnh Thừa Thiên", None),
        ("", None),
        (",,", None),
    ],
)
def test_a_province_that_is_no_more(places: Places, written: str, province: str | None):
    found = read_address(places, written, DAY).province
    assert (None if found is None else found.code) == province


def test_before_the_reform_the_table_says_nothing(places: Places):
    assert read_address(places, "Phường Sài Gòn, Thành phố Hồ Chí Minh", date(2025, 6, 30)).province is None


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("TP. Hồ Chí Minh", "ho chi minh"), ("Thành phố Huế", "hue"), ("Quận 1", "quan 1"), ("P. 5", "p. 5"),
        ("Xã Xã Tắc", "xa tac"), ("Tỉnh Đắk Lắk", "dak lak"), ("Thị trấn Hòa Giang", "hoa giang"),
    ],
)  # fmt: skip
def test_names_without_their_kind(name: str, short: str):
    assert bare(name) == short


def test_suggestions_of_provinces_by_names_of_now_and_then(places: Places):
    assert [one.code for one in suggest_provinces(places, "binh duong", DAY)] == ["79"]
    assert [one.code for one in suggest_provinces(places, "hồ chí", DAY)] == ["79"]
    assert len(suggest_provinces(places, "", DAY)) == 35


def test_suggestions_of_communes_stay_in_the_province(places: Places):
    assert [one.code for one in suggest_communes(places, "da k", DAY, "79")] == ["26740", "26734"]
    assert [one.code for one in suggest_communes(places, "hoa giang", DAY)] == ["99001"]
    assert [one.code for one in suggest_communes(places, "tan", DAY)] == ["26734", "99002"]
    assert suggest_communes(places, "hoa giang", DAY, "01") == ()
