"""The chip's files, read back by the product's parsers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from drivers.emrtd.lds.details import parse_dg11, parse_dg12, parse_dg16
from drivers.emrtd.lds.dg1 import parse_dg1
from drivers.emrtd.lds.dg2 import parse_dg2
from drivers.emrtd.lds.dg3 import parse_dg3
from drivers.emrtd.lds.dg13 import Dg13Field, parse_dg13
from drivers.emrtd.lds.faces import ImageFormat
from drivers.emrtd.lds.pictures import parse_dg7
from drivers.emrtd.lds.security_infos import parse_security_infos
from simulators import citizens
from simulators.chip import der, document
from simulators.chip.content import group_id
from simulators.chip.files import biometrics, groups
from simulators.chip.world import World

PEOPLE = citizens.load_all()
ERIKA = Path(document.__file__).parent / "passports" / "erika.yaml"


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


def erika(**changes: object) -> dict[str, object]:
    """The fields of the passport, changed."""
    return {**yaml.safe_load(ERIKA.read_text(encoding="utf-8")), **changes}


@pytest.mark.parametrize("packed", [False, True])
def test_the_passport_tells_its_details(world: World, packed: bool) -> None:
    files = world.card({"passport": erika(packed_dates=packed)}).content.application
    person, paper = parse_dg11(files[group_id(11)]), parse_dg12(files[group_id(12)])
    assert person.name is not None and (person.name.surname, person.name.given_names) == ("Sáng", "Erika Maria")
    assert person.personal_number == "ZE184226B"
    assert person.birth is not None and person.birth.as_date() == date(1996, 8, 12)
    assert person.address == ("12 Lantern Street", "Bến Trúc", "Utopia")
    assert paper.authority == "Utopian Passport Office"
    assert paper.issued is not None and paper.issued.as_date() == date(2023, 11, 1)


def test_the_passport_names_whom_to_notify(world: World) -> None:
    (contact,) = parse_dg16(world.card({"passport": "erika"}).content.application[group_id(16)])
    assert contact.name is not None and contact.name.surname == "SANG"
    assert contact.telephone == "+99 900 555 0142"
    assert contact.recorded is not None and contact.recorded.as_date() == date(2023, 11, 1)


def test_two_fingers_and_a_signature_are_pictures(world: World) -> None:
    files = world.card({"passport": "erika"}).content.application
    fingers = parse_dg3(files[group_id(3)])
    assert [(finger.position, finger.width, finger.height) for finger in fingers] == [(2, 192, 256), (7, 192, 256)]
    assert all(finger.data.startswith(b"\xff\xd8\xff") for finger in fingers)
    (signature,) = parse_dg7(files[group_id(7)])
    assert signature.format is ImageFormat.JPEG
