"""`kiosk chip verify` and `chip trust` on files: exit codes and JSON."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulators.chip import pki
from simulators.chip.pki import Envelope, Signature

GROUPS = {1: b"\x61\x01a", 13: b"\x6d\x02\x30\x00"}


@pytest.fixture(scope="module")
def csca():
    return pki.make_csca(key="brainpoolP384r1")


@pytest.fixture(scope="module")
def signer(csca):
    return pki.make_dsc(csca)


@pytest.fixture
def trust(tmp_path, csca) -> Path:
    folder = tmp_path / "trust"
    folder.mkdir()
    (folder / "root.cer").write_bytes(csca.certificate)
    return folder


@pytest.fixture
def dump(tmp_path):
    """Write a document's files as `read --dump` does."""

    def write(sod, groups=GROUPS) -> Path:
        folder = tmp_path / "dump"
        folder.mkdir(exist_ok=True)
        if sod is not None:
            (folder / "EF_SOD.bin").write_bytes(sod)
        for number, data in groups.items():
            (folder / f"EF_DG{number}.bin").write_bytes(data)
        (folder / "notes.txt").write_text("left alone")
        return folder

    return write


def test_files_of_a_trusted_signer_are_genuine(kiosk, dump, trust, signer):
    outcome = kiosk("chip", "verify", dump(pki.make_sod(GROUPS, signer)), "--trust", trust, "--json")
    assert (outcome.code, outcome.json["result"]) == (0, "genuine")
    assert outcome.json["verdicts"]["passive"]["groups"] == {"DG1": "matches", "DG13": "matches"}


def test_missing_files_are_named_as_unchecked(kiosk, dump, trust, signer):
    folder = dump(pki.make_sod(GROUPS | {2: b"\x75\x00"}, signer))
    outcome = kiosk("chip", "verify", folder, "--trust", trust, "--json")
    assert outcome.code == 0
    assert outcome.json["verdicts"]["passive"]["groups"]["DG2"] == "unchecked"


def test_an_altered_file_is_not_genuine(kiosk, dump, trust, signer):
    folder = dump(pki.make_sod(GROUPS, signer), GROUPS | {1: b"\x61\x01b"})
    outcome = kiosk("chip", "verify", folder, "--trust", trust, "--json")
    assert (outcome.code, outcome.json["reason"]) == (1, "group-differs")


def test_an_unknown_signer_is_not_proven(kiosk, dump, trust):
    other = pki.make_dsc(pki.make_csca(name="CSCA khác", key="secp256r1"), key="secp256r1")
    outcome = kiosk("chip", "verify", dump(pki.make_sod(GROUPS, other)), "--trust", trust, "--json")
    assert (outcome.code, outcome.json["result"], outcome.json["reason"]) == (4, "not-proven", "no-root")


def test_an_unreadable_signature_is_not_genuine_and_a_missing_one_not_readable(kiosk, dump, trust):
    assert kiosk("chip", "verify", dump(b"\x77\x01\x00"), "--trust", trust).code == 1
    (trust.parent / "dump" / "EF_SOD.bin").unlink()
    outcome = kiosk("chip", "verify", dump(None), "--trust", trust, "--json")
    assert (outcome.code, outcome.json["result"]) == (2, "not-readable")


def test_rsa_pss_is_named_in_the_report(kiosk, dump, trust, csca):
    dsc = pki.make_dsc(csca, key=pki.shared_key("rsa2048", "dsc"))
    sod = pki.make_sod(GROUPS, dsc, "sha512", Envelope(signature=Signature("pss", "sha512")))
    report = kiosk("chip", "verify", dump(sod), "--trust", trust, "--json").json
    assert report["verdicts"]["passive"]["algorithm"] == "RSA-PSS sha512"


@pytest.mark.parametrize(
    "words",
    [
        ("chip",),
        ("chip", "verify"),
        ("chip", "verify", "nowhere", "--trust", "nowhere"),
        ("chip", "read"),
        ("chip", "read", "--can", "12345"),
        ("chip", "read", "--can", "123456", "--mrz", "X"),
        ("chip", "read", "--mrz", "IDVNM"),
        ("chip", "read", "--qr", "rubbish"),
        ("chip", "read", "--can", "123456", "--nonce", "00"),
        ("chip", "read", "--can", "123456", "--nonce", "xx"),
        ("chip", "read", "--can", "123456", "--trust", "nowhere"),
        ("chip", "read", "--can", "123456", "--unknown"),
        ("chip", "trust"),
        ("chip", "trust", "import", "a.cer"),
        ("chip", "trust", "list", "nowhere"),
    ],
)
def test_a_wrong_command_line_ends_with_3(kiosk, words):
    outcome = kiosk(*words)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err


def test_trust_is_imported_and_listed(kiosk, tmp_path, csca, signer, trust_schema):
    crl = pki.make_crl(csca, {1: datetime(2024, 1, 1, tzinfo=UTC)})
    (tmp_path / "a.cer").write_bytes(csca.certificate)
    (tmp_path / "b.crl").write_bytes(crl)
    (tmp_path / "c.cer").write_bytes(signer.certificate)
    store = tmp_path / "store"
    outcome = kiosk("chip", "trust", "import", tmp_path / "a.cer", tmp_path / "b.crl", "--into", store, "--json")
    assert (outcome.code, outcome.json["counts"]["added"]) == (0, 2)
    trust_schema.check(outcome.json)
    assert kiosk("chip", "trust", "import", tmp_path / "c.cer", "--into", store).code == 1
    assert kiosk("chip", "trust", "import", tmp_path / "c.cer", "--into", store, "--pin").code == 0
    listed = kiosk("chip", "trust", "list", store, "--json")
    assert listed.code == 0
    trust_schema.check(listed.json)
    assert [entry["role"] for entry in listed.json["certificates"]] == ["root"]
    assert listed.json["revocation_lists"][0]["revoked"] == 1
    assert len(listed.json["pins"]) == 1
    assert "CSCA" in kiosk("chip", "trust", "list", store).out


def test_what_cannot_be_imported_is_refused_clearly_and_the_rest_is_taken(kiosk, tmp_path, csca, trust_schema):
    (tmp_path / "rubbish.cer").write_bytes(b"rubbish")
    (tmp_path / "cut.cer").write_bytes(csca.certificate[:-1])
    (tmp_path / "empty.pem").write_bytes(b"")
    (tmp_path / "good.cer").write_bytes(csca.certificate)
    files = [tmp_path / name for name in ("rubbish.cer", "cut.cer", "empty.pem", "missing.cer", "good.cer")]
    outcome = kiosk("chip", "trust", "import", *files, "--into", tmp_path / "store", "--json")
    assert (outcome.code, outcome.json["counts"]["added"], outcome.json["counts"]["refused"]) == (1, 1, 4)
    trust_schema.check(outcome.json)
    assert all(line["detail"] for line in outcome.json["lines"] if line["result"] == "refused")
    again = kiosk("chip", "trust", "import", tmp_path / "good.cer", "--into", tmp_path / "store", "--json")
    assert (again.code, again.json["counts"]["known"]) == (0, 1)


def test_a_store_with_an_unreadable_file_lists_it_and_ends_with_1(kiosk, trust, trust_schema):
    (trust / "bad.crl").write_bytes(b"rubbish")
    listed = kiosk("chip", "trust", "list", trust, "--json")
    assert (listed.code, listed.json["problems"][0]["file"]) == (1, "bad.crl")
    trust_schema.check(listed.json)


def test_every_report_keeps_the_published_schema(kiosk, dump, trust, signer, csca, chip_schema):
    crl = pki.make_crl(csca, {signer.serial: datetime(2024, 1, 1, tzinfo=UTC)})
    for how in (Envelope(), Envelope(break_signature=True), Envelope(signing_time=datetime(2023, 1, 1, tzinfo=UTC))):
        folder = dump(pki.make_sod(GROUPS, signer, how=how))
        chip_schema.check(kiosk("chip", "verify", folder, "--trust", trust, "--json").json)
        (trust / "list.crl").write_bytes(crl)
    chip_schema.check(kiosk("chip", "verify", dump(b"rubbish"), "--trust", trust, "--json").json)


def test_a_report_with_a_wrong_word_would_break_the_schema(chip_schema):
    with pytest.raises(AssertionError):
        chip_schema.check({"schema": "tram-chip-1", "command": "read", "result": "fine"})


def test_the_report_is_json_with_vietnamese_letters_as_they_are(kiosk, dump, trust, signer):
    out = kiosk("chip", "verify", dump(pki.make_sod(GROUPS, signer)), "--trust", trust, "--json").out
    assert "Trạm" in out
    json.loads(out)
