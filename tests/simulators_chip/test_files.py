"""The chip's files, read back by the product's parsers."""

from __future__ import annotations

import pytest

from drivers.emrtd.lds.dg1 import parse_dg1
from drivers.emrtd.lds.dg2 import parse_dg2
from drivers.emrtd.lds.dg13 import Dg13Field, parse_dg13
from drivers.emrtd.lds.faces import ImageFormat
from drivers.emrtd.lds.security_infos import parse_security_infos
from simulators import citizens
from simulators.chip import der
from simulators.chip.content import group_id
from simulators.chip.files import biometrics, groups
from simulators.chip.world import World

PEOPLE = citizens.load_all()


@pytest.fixture(scope="module")
def world() -> World:
    return World({"photo_bytes": 9000})


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.id)
def test_the_zone_says_who_it_is(world: World, person: citizens.Citizen) -> None:
    zone = parse_dg1(world.card({"citizen": person.id}).content.application[group_id(1)])
    assert not zone.failed_checks
    assert zone.vietnamese_number == person.number
    assert zone.information == world.card({"citizen": person.id}).content.mrz_information


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.id)
def test_the_vietnamese_group_says_who_it_is(person: citizens.Citizen) -> None:
    record = parse_dg13(groups.vietnamese_dg13(person, "VN000000001"))
    assert record.unreadable == 0
    assert (record.number, record.name, record.sex) == (person.number, person.name, person.sex_text)
    assert record.address == person.address
    assert record.fields[Dg13Field.PARENTS] == (person.father, person.mother)
    assert record.for_life is (person.expiry is None)
    assert record.old_number == (person.old_number or None)


@pytest.mark.parametrize("modern", [False, True])
@pytest.mark.parametrize(
    ("citizen", "kind"),
    [("khang", ImageFormat.JPEG), ("hoa", ImageFormat.JPEG2000), ("dai", ImageFormat.JPEG2000_CODESTREAM)],
)
def test_the_face_is_found_in_both_encodings(world: World, citizen: str, kind: ImageFormat, modern: bool) -> None:
    card = world.card({"citizen": citizen, "profile_changes": {"modern_faces": modern}})
    (face,) = parse_dg2(card.content.application[group_id(2)])
    assert (face.format, face.width, face.height) == (kind, 480, 576)


def test_several_faces_stand_one_after_the_other() -> None:
    pictures = [biometrics.Picture(b"\xff\xd8\xff" + bytes([number]) * 50, 10, 20) for number in range(3)]
    for modern in (False, True):
        faces = parse_dg2(biometrics.dg2(pictures, modern))
        assert [face.data for face in faces] == [picture.data for picture in pictures]


def test_the_passport_offers_all_its_protocols(world: World) -> None:
    content = world.card({"passport": "erika"}).content
    infos = parse_security_infos(der.read(content.application[group_id(14)])[1])
    access = parse_security_infos(content.master[0x011C])
    assert len(access.pace) == 2
    assert {info.parameter_id for info in access.pace} == {12, 16}
    assert infos.terminal_authentication is not None
