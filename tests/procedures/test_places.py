"""Old addresses to new communes: certain, ambiguous, unknown; suggestions while somebody types."""

from datetime import date
from pathlib import Path
from time import process_time

import pytest

from services.procedures.files import SAMPLE_PLACES
from services.procedures.files import places as places_of
from services.procedures.places import (
    Places,
    bare,
    read_address,
    read_places,
    suggest_communes,
    suggest_provinces,
    written,
)
from services.procedures.places_import import PlacesError, read_lists

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
        ("5 Đinh Tiên Hoàng, P. Đa Kao, Quận 1, Thành phố Hồ Chí Minh", ["26740", "26737"], "5 Đinh Tiên Hoàng"),
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
        ("Xã A, Huyện B, Tỉnh Thừa Thiên Huế", "46"),
        ("Phường A, Quận B, TP.HCM", "79"),
        ("Phường A, Quận B, TP HCM, Việt Nam", "79"),
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
        ("TP. Hồ Chí Minh", "ho chi minh"), ("Thành phố Huế", "hue"), ("Quận 1", "quan 1"), ("P. 05", "phuong 5"),
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
    assert [one.code for one in suggest_communes(places, "da k", DAY, "79")] == ["26740", "26737"]
    assert suggest_communes(places, "hoa giang", DAY)[0].code == "99001"
    assert [one.code for one in suggest_communes(places, "tan", DAY)] == ["26737", "99002"]
    assert suggest_communes(places, "hoa giang", DAY, "01") == ()


# --- the whole country


@pytest.fixture(scope="module")
def country() -> Places:
    return places_of(sample=False)


def test_the_country_is_whole(country: Places):
    assert (len(country.provinces), len(country.communes)) == (34, 3321)
    assert len({one.code for one in country.communes}) == 3321
    wards = {(old.province, old.district, old.name) for one in country.communes for old in one.was}
    assert len(wards) == 10040
    assert len({old.code for one in country.provinces for old in one.was}) == 63
    assert all(one.was for one in country.communes), "every commune was made of something"
    assert country.province("99") is None and places_of(sample=True).province("99") is not None


def test_a_ward_that_went_to_several_communes_is_marked_and_no_other(country: Places):
    went: dict[tuple[str, str, str], list[bool]] = {}
    for one in country.communes:
        for old in one.was:
            went.setdefault((old.province, old.district, old.name), []).append(old.part)
    assert sum(len(parts) > 1 for parts in went.values()) == 471
    for parts in went.values():
        assert all(parts) if len(parts) > 1 else not parts[0]


@pytest.mark.parametrize(
    ("written_there", "now"),
    [
        ("Ấp 3, Xã Tân Thành, Huyện Thới Lai, Thành phố Cần Thơ", {"Xã Trường Thành", "Xã Tân Thạnh"}),
        ("Khu 2, Huyện Côn Đảo, Tỉnh Bà Rịa - Vũng Tàu", {"Đặc khu Côn Đảo"}),
        ("Thôn Lũng Cú, Xã Lũng Cú, Huyện Đồng Văn, Tỉnh Hà Giang", {"Xã Lũng Cú"}),
        ("Khóm 1, Thị trấn Năm Căn, Huyện Năm Căn, Tỉnh Cà Mau", {"Xã Năm Căn", "Xã Đất Mới"}),
    ],
)
def test_old_addresses_of_the_whole_country(country: Places, written_there: str, now: set[str]):
    assert {one.name for one in read_address(country, written_there, DAY).communes} == now


@pytest.mark.parametrize(
    ("written_there", "asked"),
    [
        # The ward was merged before the table begins; the district's own name is a commune's now, and not the answer.
        ("Xã Đã Mất, Huyện Sóc Sơn, Hà Nội", {"Xã Sóc Sơn", "Xã Kim Anh", "Xã Trung Giã", "Xã Đa Phúc", "Xã Nội Bài"}),
        ("Xã Đã Mất, Sóc Sơn, Hà Nội", {"Xã Sóc Sơn", "Xã Kim Anh", "Xã Trung Giã", "Xã Đa Phúc", "Xã Nội Bài"}),
        ("Xã Đã Mất, Huyện Năm Căn, Cà Mau", {"Xã Năm Căn", "Xã Đất Mới", "Xã Tam Giang"}),
        ("Phường 6, Quận 3, TP.HCM", {"Phường Xuân Hòa", "Phường Nhiêu Lộc", "Phường Bàn Cờ"}),
        # The ward stood in another district then.
        ("12 Xuân Thủy, Phường Thảo Điền, Quận 2, TP. Hồ Chí Minh", {"Phường An Khánh"}),
        ("Phường Phú Hội, Thành phố Huế, Tỉnh Thừa Thiên Huế", {"Phường Thuận Hóa"}),
        ("Phường Đã Mất, Quận Đã Mất, Hà Nội", set[str]()),
    ],
)
def test_a_ward_that_is_not_in_the_table_is_asked_for_and_never_guessed(
    country: Places, written_there: str, asked: set[str]
):
    found = read_address(country, written_there, DAY)
    assert {one.name for one in found.communes} == asked
    assert found.certain is None and found.written == written_there


def test_no_district_of_before_gives_its_name_to_a_ward_nobody_knows(country: Places):
    """593 of 691 districts left their name to one of the communes they became."""
    provinces = {old.code: old.name for one in country.provinces for old in one.was}
    districts = {
        (old.province, old.district) for one in country.communes for old in one.was if old.name != old.district
    }
    assert len(districts) > 680
    for province, district in sorted(districts)[::23]:
        found = read_address(country, f"Tổ 1, Xã Đã Mất, {district}, {provinces[province]}", DAY)
        assert found.certain is None and found.communes, district


def test_todays_addresses_are_certain(country: Places):
    for written_there in ("Tổ 1, Phường Ba Đình, Hà Nội", "Ba Đình, Hà Nội", "Thôn 1, Xã Ba Vì, Thành phố Hà Nội"):
        certain = read_address(country, written_there, DAY).certain
        assert certain is not None and certain.province == "01", written_there


def test_every_old_ward_leads_to_where_it_went(country: Places):
    """The way a chip writes it, for every hundredth of them."""
    provinces = {old.code: old.name for one in country.provinces for old in one.was}
    lines = [(one, old) for one in country.communes for old in one.was if old.name != old.district][::100]
    assert len(lines) > 100
    for commune, old in lines:
        address = f"Tổ 1, {old.name}, {old.district}, {provinces[old.province]}"
        assert commune in read_address(country, address, DAY).communes, address


def test_the_province_may_be_typed_behind_and_the_own_one_comes_first(country: Places):
    assert suggest_communes(country, "tan thanh ca mau", DAY)[0].name == "Phường Tân Thành"
    assert suggest_communes(country, "tan thanh", DAY, near="96")[0].province == "96"
    assert [one.code for one in suggest_communes(country, "da kao", DAY)][:2] == ["26737", "26740"]


def test_what_the_old_district_became_comes_first_while_somebody_types(country: Places):
    asked = read_address(country, "Xã Đã Mất, Huyện Sóc Sơn, Hà Nội", DAY).communes
    assert suggest_communes(country, "da ph", DAY, first=asked)[0].name == "Xã Đa Phúc"


def test_a_key_among_all_communes_is_answered_within_a_picture(country: Places):
    country.index  # noqa: B018 - made before anybody types
    for typed in ("ta", "tan", "xa t", "phuong tan th", "ben nghe ho chi"):
        begun = process_time()
        suggest_communes(country, typed, DAY)
        assert process_time() - begun < 0.2, typed


def _lists(folder: Path, communes: str, changes: str) -> Places:
    head = "code,name,province_code,province\n", "old_name,old_district,old_province_code,old_province,new_code,part\n"
    (folder / "communes.csv").write_text(head[0] + communes, encoding="utf-8")
    (folder / "changes.csv").write_text(head[1] + changes, encoding="utf-8")
    return read_lists(
        folder / "communes.csv", folder / "changes.csv", name="n", source="s", accessed=DAY, since=date(2025, 7, 1)
    )


def test_two_lists_become_the_table_and_stay_the_same_when_written(tmp_path: Path):
    communes = "99001,Phường A,99,Tỉnh B\n99002,Xã C,99,Tỉnh B\n"
    old = "Phường Cũ,Quận Cũ,98,Tỉnh Cũ"
    made = _lists(tmp_path, communes, f"{old},99001,x\n{old},99002,x\n,Huyện Đảo,99,Tỉnh B,99002,\n")
    assert [one.name for one in read_address(made, "Phường Cũ, Quận Cũ, Tỉnh Cũ", DAY).communes] == ["Phường A", "Xã C"]
    assert [one.name for one in read_address(made, "Huyện Đảo, Tỉnh B", DAY).communes] == ["Xã C"]
    assert [old.code for old in made.provinces[0].was] == ["99", "98"]
    assert Places.model_validate_json(written(made)) == made


@pytest.mark.parametrize(
    ("communes", "changes", "told"),
    [
        ("99001,A,99,B\n99001,C,99,B\n", "", "communes.csv: a code stands twice"),
        ("99001,A,99,B\n", "W,D,99,B,99009,\n", "changes.csv:2: 99009 is not in communes.csv"),
        ("99001,A,99\n", "", "communes.csv:2: 4 columns are wanted"),
    ],
)
def test_a_list_that_is_wrong_is_told_by_its_line(tmp_path: Path, communes: str, changes: str, told: str):
    with pytest.raises(PlacesError, match=told):
        _lists(tmp_path, communes, changes)
