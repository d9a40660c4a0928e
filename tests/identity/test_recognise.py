"""From a reading to a citizen: what is shown, what is not, and which faults of a card end how."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.emrtd.reading import AccessProtocol, ActiveAuthentication, ChipReading, FileId, Transcript
from services.identity.citizen import BirthDate, EvidenceLevel, Sex
from services.identity.names import fold
from services.identity.recognise import OtherPersonsCard, Recogniser, recognise
from services.journeys.offload import InlineOffload
from services.journeys.ports import Nonce
from services.trust.store import TrustStore, load_store
from simulators import citizens
from simulators.chip import pki
from simulators.chip.content import COM, SOD, group_id
from simulators.chip.document import of_citizen
from simulators.chip.files import groups as dg1
from simulators.chip.issuer import Algorithms, Issuer, Signer
from simulators.chip.personalise import Forgery, Order, personalise
from simulators.chip.profile import load as load_profile
from simulators.citizens import mrz

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NONCE = Nonce("n-1", bytes.fromhex("0102030405060708"))
FILES = {COM: FileId.COM, SOD: FileId.SOD} | {group_id(n): FileId[f"DG{n}"] for n in range(1, 17)}
SMALL = Order(photo_bytes=6000)
REFUSED = {FileId.DG3, FileId.DG4}


@pytest.fixture(scope="module")
def country() -> Issuer:
    return Issuer(algorithms=Algorithms(csca="brainpoolP384r1"))


@pytest.fixture(scope="module")
def site(country, tmp_path_factory) -> TrustStore:
    folder = tmp_path_factory.mktemp("trust")
    country.write_trust(folder)
    return load_store(folder)


def read(person, country, forgery=None, profile="vietnam-2021", nonce=NONCE, proof=True):
    """The reading a whole reader would give of that chip, without a wire."""
    content = personalise(of_citizen(person), load_profile(profile), country, forgery, SMALL)
    files = {FILES[name]: data for name, data in content.application.items() if FILES[name] not in REFUSED}
    answer = None
    if proof and content.active is not None and nonce is not None:
        answer = ActiveAuthentication(nonce.value, content.active.answer(nonce.value))
    return ChipReading(MappingProxyType(files), Transcript(AccessProtocol.BAC, active_authentication=answer))


@pytest.mark.parametrize("id", ["khang", "hoa", "tam", "sau", "na", "dai"])
@pytest.mark.parametrize("profile", ["vietnam-2021", "vietnam-2024"])
def test_every_citizen_of_the_demo_is_recognised_as_they_are(id, profile, country, site):
    person = citizens.load(id)
    citizen = recognise(read(person, country, profile=profile), person.qr_text(), NONCE, site, NOW)
    assert citizen.evidence.level is EvidenceLevel.CHIP_GENUINE, citizen.evidence.reason
    assert citizen.evidence.failure_code is None
    assert (citizen.number, citizen.name) == (person.number, person.name)
    assert str(citizen.birth) == person.birth
    assert citizen.sex is Sex(person.sex)
    assert citizen.address == person.address
    assert citizen.expiry == person.expiry
    assert (citizen.photo is not None) is (person.portrait is not None)


def test_a_jpeg_photo_is_kept_as_it_is_and_jpeg_2000_becomes_jpeg(country, site):
    for id in ("khang", "hoa"):
        photo = recognise(read(citizens.load(id), country), None, NONCE, site, NOW).photo
        assert photo is not None and photo.startswith(b"\xff\xd8\xff")
        with Image.open(io.BytesIO(photo)) as image:
            image.load()
            assert image.width > 100


def test_the_evidence_holds_what_the_gateway_checks_and_neither_photo_nor_fingers(country, site):
    person = citizens.load("khang")
    reading = read(person, country)
    chip = recognise(reading, person.qr_text(), NONCE, site, NOW).evidence.chip
    assert chip is not None
    assert chip.sod == reading.files[FileId.SOD]
    assert set(chip.groups) <= {1, 13, 14, 15} and {1, 13, 15} <= set(chip.groups)
    assert (chip.aa_nonce_id, chip.aa_nonce) == ("n-1", NONCE.value)
    assert chip.aa_response


def test_a_nonce_of_our_own_leaves_no_id(country, site):
    reading = read(citizens.load("khang"), country, nonce=Nonce(None, NONCE.value))
    chip = recognise(reading, None, Nonce(None, NONCE.value), site, NOW).evidence.chip
    assert chip is not None and (chip.aa_nonce_id, chip.aa_nonce) == (None, NONCE.value)


@pytest.mark.parametrize(
    ("forgery", "reason"),
    [
        (Forgery(signer=Signer.EXPIRED), "failed: signer-not-valid-at-signing-time"),
        (Forgery(signer=Signer.REVOKED), "failed: revoked"),
        (Forgery(signer=Signer.IMPOSTOR), "failed: signer-forged"),
        (Forgery(altered=("DG1",)), "failed: group-differs (DG1)"),
        (Forgery(altered=("DG2",)), "failed: group-differs (DG2)"),
        (Forgery(altered=("DG13",)), "failed: group-differs (DG13)"),
        (Forgery(altered=("DG15",)), "failed: group-differs (DG15)"),
        (Forgery(altered=("SOD",)), "failed: signature-wrong"),
        (Forgery(break_signature=True), "failed: signature-wrong"),
        (Forgery(swapped_keys=True), "failed: group-differs"),
        (Forgery(cloned=True), "the chip's signature over the nonce does not hold"),
    ],
    ids=lambda value: "" if isinstance(value, str) else repr(value)[:60],
)
def test_a_forged_card_shows_nothing_of_anybody(forgery, reason, country, site):
    person = citizens.load("khang")
    citizen = recognise(read(person, country, forgery), person.qr_text(), NONCE, site, NOW)
    assert citizen.evidence.level is EvidenceLevel.CHIP_FAILED
    assert citizen.evidence.failure_code == "CR-06"
    assert citizen.evidence.reason.startswith(reason)
    assert citizen.evidence.chip is not None
    assert (citizen.number, citizen.name, citizen.birth, citizen.photo) == (None, None, None, None)


@pytest.mark.parametrize(
    ("forgery", "reason"),
    [
        (Forgery(signer=Signer.UNKNOWN_ROOT), "no-trust-root: no-root"),
        (Forgery(signer=Signer.REVOKED_LATER), "revoked-after-signing: revoked-after-signing"),
    ],
)
def test_a_card_with_less_than_full_proof_is_read(forgery, reason, country, site):
    person = citizens.load("khang")
    citizen = recognise(read(person, country, forgery), person.qr_text(), NONCE, site, NOW)
    assert (citizen.evidence.level, citizen.evidence.reason) == (EvidenceLevel.CHIP_READ, reason)
    assert citizen.name == person.name


def test_without_a_trust_store_every_card_is_only_read(country):
    person = citizens.load("khang")
    citizen = recognise(read(person, country), person.qr_text(), NONCE, TrustStore(), NOW)
    assert citizen.evidence.level is EvidenceLevel.CHIP_READ


def test_a_chip_without_active_authentication_is_only_read(country, site):
    profile = replace(load_profile("vietnam-2021"), active_authentication=None)
    content = personalise(of_citizen(citizens.load("khang")), profile, country, order=SMALL)
    files = {FILES[name]: data for name, data in content.application.items() if FILES[name] not in REFUSED}
    citizen = recognise(ChipReading(files, Transcript(AccessProtocol.BAC)), None, NONCE, site, NOW)
    assert citizen.evidence.level is EvidenceLevel.CHIP_READ
    assert "without a proof" in citizen.evidence.reason


def test_a_chip_that_refuses_to_prove_its_signed_key_fails(country, site):
    citizen = recognise(read(citizens.load("khang"), country, proof=False), None, NONCE, site, NOW)
    assert citizen.evidence.level is EvidenceLevel.CHIP_FAILED


def test_a_reading_without_a_security_object_fails_and_keeps_no_evidence(country, site):
    reading = read(citizens.load("khang"), country)
    files = {name: data for name, data in reading.files.items() if name is not FileId.SOD}
    citizen = recognise(replace(reading, files=files), None, NONCE, site, NOW)
    assert (citizen.evidence.level, citizen.evidence.chip) == (EvidenceLevel.CHIP_FAILED, None)


def test_a_broken_dg13_falls_back_to_the_code_and_then_to_dg1(country, site):
    person = citizens.load("khang")
    reading = read(person, country, Forgery(broken_dg13=True))
    assert recognise(reading, person.qr_text(), NONCE, site, NOW).name == "Nguyễn Minh Khang"
    assert recognise(reading, None, NONCE, site, NOW).name == "NGUYEN MINH KHANG"
    other = person.qr_text().replace("Khang", "Khánh")
    assert recognise(reading, other, NONCE, site, NOW).name == "NGUYEN MINH KHANG"


def test_a_field_of_dg13_that_is_another_text_than_the_name_is_not_shown_as_the_name(country, site):
    person = citizens.load("khang")
    groups = {
        1: dg1.dg1(person.mrz()),
        13: dg1.vietnamese_dg13(replace(person, name="Cục Cảnh sát"), "VN1"),
    }
    assert recognise(signed(country, groups), None, NONCE, site, NOW).name == "NGUYEN MINH KHANG"
    assert recognise(signed(country, groups), person.qr_text(), NONCE, site, NOW).name == person.name


def test_only_a_year_of_birth_stays_only_a_year_without_dg13(country, site):
    person = citizens.load("sau")
    citizen = recognise(read(person, country, Forgery(broken_dg13=True)), person.qr_text(), NONCE, site, NOW)
    assert citizen.birth == BirthDate(1952)


def test_another_persons_card_is_never_shown(country, site):
    for forgery in (None, Forgery(altered=("DG13",))):
        reading = read(citizens.load("hoa"), country, forgery)
        with pytest.raises(OtherPersonsCard):
            recognise(reading, citizens.load("khang").qr_text(), NONCE, site, NOW)


def test_an_expired_card_goes_to_the_desk(country, site):
    person = replace(citizens.load("khang"), expiry=date(2026, 11, 20))
    citizen = recognise(read(person, country), person.qr_text(), NONCE, site, NOW)
    assert (citizen.evidence.level, citizen.evidence.reason) == (EvidenceLevel.CHIP_FAILED, "the card has expired")
    assert citizen.name is None


def test_on_its_last_day_a_card_still_holds(country, site):
    person = replace(citizens.load("khang"), expiry=date(2026, 11, 21))
    assert recognise(read(person, country), None, NONCE, site, NOW).evidence.level is EvidenceLevel.CHIP_GENUINE


def test_without_a_signing_time_the_date_of_issue_of_dg13_counts(country, site):
    person = citizens.load("khang")
    citizen = recognise(read(person, country, Forgery(signing_time=False)), None, NONCE, site, NOW)
    assert citizen.evidence.level is EvidenceLevel.CHIP_GENUINE


def signed(country, groups):
    """A reading of just these groups, signed by the test country's good signer."""
    sod = pki.make_sod(groups, country.signer(Signer.GOOD))
    files = {FileId[f"DG{number}"]: data for number, data in groups.items()}
    return ChipReading(files | {FileId.SOD: sod}, Transcript(AccessProtocol.BAC))


@pytest.mark.parametrize("birth", ["880704", "270229", "<<<<<<", "88<<<<", "881399", "999999"])
@pytest.mark.parametrize("expiry", ["280704", "310231", "<<<<<<", "991231", "000000"])
def test_signed_dates_that_no_calendar_has_are_no_dates_and_no_crash(country, site, birth, expiry):
    lines = mrz.vietnamese_td1("099088000145", birth, "M", expiry, "Nguyễn Minh Khang")
    citizen = recognise(signed(country, {1: dg1.dg1(lines)}), None, NONCE, site, NOW)
    assert citizen.evidence.level in {EvidenceLevel.CHIP_READ, EvidenceLevel.CHIP_FAILED}
    if citizen.evidence.level is EvidenceLevel.CHIP_READ:
        assert citizen.name == "NGUYEN MINH KHANG"


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_was_signed_by_mistake_recognising_never_crashes(country, site, data):
    groups = {
        number: data.draw(st.binary(max_size=60).map(lambda body, tag=tag: bytes([tag, len(body)]) + body))
        for number, tag in ((1, 0x61), (2, 0x75), (13, 0x6D), (14, 0x6E), (15, 0x6F))
    }
    groups[1] = data.draw(st.sampled_from([groups[1], dg1.dg1(citizens.load("khang").mrz())]))
    citizen = recognise(signed(country, groups), None, NONCE, site, NOW)
    assert citizen.photo is None


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Nguyễn Thị Đào", "NGUYEN THI DAO"),
        ("Bùi Thị Ợ", "BUI THI O"),
        ("Hohenlohe-Langenburg", "HOHENLOHE LANGENBURG"),
        ("  Trần   Ý ", "TRAN Y"),
        ("", ""),
    ],
)
def test_names_fold_as_the_zone_writes_them(name, folded):
    assert fold(name) == folded


class FixedClock:
    def now(self) -> datetime:
        return NOW


@pytest.mark.trio
async def test_the_recogniser_reads_the_store_anew_when_the_site_changes_it(country, tmp_path: Path):
    person = citizens.load("khang")
    recogniser = Recogniser(tmp_path / "trust", InlineOffload(), FixedClock())
    reading = read(person, country)
    before = await recogniser.recognise(reading, person.qr_text(), NONCE)
    assert before.evidence.level is EvidenceLevel.CHIP_READ
    country.write_trust(tmp_path / "trust")
    after = await recogniser.recognise(reading, person.qr_text(), NONCE)
    assert after.evidence.level is EvidenceLevel.CHIP_GENUINE


def test_before_the_photo_is_read_the_person_is_known_by_everything_else(country, site):
    person = citizens.load("khang")
    whole = read(person, country)
    early = replace(whole, files={file: data for file, data in whole.files.items() if file is not FileId.DG2})
    without, with_photo = (recognise(one, person.qr_text(), NONCE, site, NOW) for one in (early, whole))
    assert without.evidence.level is EvidenceLevel.CHIP_GENUINE
    assert without.photo is None and with_photo.photo is not None
    assert replace(without, photo=with_photo.photo) == with_photo


def test_an_altered_photo_is_found_when_it_comes(country, site):
    person = citizens.load("khang")
    whole = read(person, country, Forgery(altered=("DG2",)))
    early = replace(whole, files={file: data for file, data in whole.files.items() if file is not FileId.DG2})
    assert recognise(early, person.qr_text(), NONCE, site, NOW).evidence.level is EvidenceLevel.CHIP_GENUINE
    failed = recognise(whole, person.qr_text(), NONCE, site, NOW)
    assert failed.evidence.level is EvidenceLevel.CHIP_FAILED
    assert (failed.name, failed.photo) == (None, None)


@pytest.mark.trio
async def test_the_store_is_read_before_the_first_card_comes(country, tmp_path: Path, monkeypatch):
    country.write_trust(tmp_path)
    loaded: list[Path] = []

    def load(folder: Path) -> TrustStore:
        loaded.append(folder)
        return load_store(folder)

    monkeypatch.setattr("services.identity.recognise.load_store", load)
    recogniser = Recogniser(tmp_path, InlineOffload(), FixedClock())
    await recogniser.prepare()
    assert loaded == [tmp_path]
    person = citizens.load("khang")
    citizen = await recogniser.recognise(read(person, country), person.qr_text(), NONCE)
    assert citizen.evidence.level is EvidenceLevel.CHIP_GENUINE
    assert loaded == [tmp_path], "the card waits for no file"


@pytest.mark.trio
async def test_a_store_that_cannot_be_read_keeps_no_kiosk_from_starting(tmp_path: Path, monkeypatch):
    def broken(_: Path) -> TrustStore:
        raise OSError("gone")

    monkeypatch.setattr("services.identity.recognise.load_store", broken)
    await Recogniser(tmp_path, InlineOffload(), FixedClock()).prepare()
