"""Filling the trust store: what goes in, what is refused, and master lists with their own signature."""

import base64
from datetime import UTC, datetime

import pytest

from services.trust import passive
from services.trust.importing import Imported, import_files
from services.trust.ldif import read_ldif
from services.trust.master_list import ListState, judge_master_list, read_master_list
from services.trust.store import TrustStore, load_store
from services.trust.verdicts import PassiveOutcome, RevocationState
from simulators.chip import der, pki
from simulators.chip.pki import Envelope

GROUPS = {1: b"\x61\x01a"}


@pytest.fixture(scope="module")
def germany():
    return pki.make_csca("DE", "csca-germany", key="brainpoolP384r1")


@pytest.fixture(scope="module")
def list_signer(germany):
    return pki.make_dsc(germany, "Master List Signer", "brainpoolP256r1", country="DE", master_list_signer=True)


@pytest.fixture
def do_import(tmp_path, now):
    """Import the given file contents by name; give back (report lines, folder)."""

    def run(pin=False, **files):
        paths = []
        for name, data in files.items():
            path = tmp_path / name.replace("_", ".")
            path.write_bytes(data)
            paths.append(path)
        folder = tmp_path / "trust"
        return import_files(paths, folder, now, pin=pin), folder

    return run


def results(lines):
    return [line.result for line in lines]


def master_list(certificates, signer, csca, **how):
    return pki.make_master_list(certificates, signer, csca, Envelope(**how))


def test_a_root_is_added_once_and_known_afterwards(do_import, csca, signer, now):
    lines, folder = do_import(root_cer=csca.certificate)
    assert results(lines) == [Imported.ADDED]
    assert results(do_import(again_crt=csca.certificate)[0]) == [Imported.KNOWN]
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, load_store(folder), now)
    assert verdict.outcome is PassiveOutcome.TRUSTED


def test_pem_with_several_certificates_is_taken_whole(do_import, csca, germany):
    blocks = b"".join(
        b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(data) + b"-----END CERTIFICATE-----\n"
        for data in (csca.certificate, germany.certificate)
    )
    assert results(do_import(roots_pem=blocks)[0]) == [Imported.ADDED, Imported.ADDED]


@pytest.mark.parametrize(
    "written",
    [
        lambda data: data + b"\r\n",
        lambda data: data + bytes(16),
        base64.b64encode,
        base64.encodebytes,
        lambda data: (
            b"Bag Attributes\n-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(data) + b"-----END CERTIFICATE-----"
        ),
    ],
    ids=["line end", "zeros", "base64", "base64 in lines", "PEM with words before"],
)
def test_a_root_is_read_however_a_program_wrote_it(do_import, csca, written):
    assert results(do_import(root_cer=written(csca.certificate))[0]) == [Imported.ADDED]


def test_a_root_with_other_bytes_behind_it_is_refused(do_import, csca):
    assert results(do_import(root_cer=csca.certificate + b"x")[0]) == [Imported.REFUSED]


@pytest.mark.parametrize("serial", [-5, 1 << 150])
def test_odd_serial_numbers_of_real_lists_are_read(do_import, serial):
    root = pki.make_csca(key="secp256r1", serial=serial)
    assert results(do_import(root_cer=root.certificate)[0]) == [Imported.ADDED]


def test_a_document_signer_is_refused_as_root_and_taken_as_pin(do_import, signer, now):
    assert results(do_import(dsc_cer=signer.certificate)[0]) == [Imported.REFUSED]
    lines, folder = do_import(pin=True, dsc_cer=signer.certificate)
    assert results(lines) == [Imported.ADDED]
    assert results(do_import(pin=True, dsc_cer=signer.certificate)[0]) == [Imported.KNOWN]
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, load_store(folder), now)
    assert verdict.outcome is PassiveOutcome.TRUSTED


def test_an_authority_cannot_be_pinned(do_import, csca):
    assert results(do_import(pin=True, root_cer=csca.certificate)[0]) == [Imported.REFUSED]


@pytest.mark.parametrize("data", [b"", b"rubbish", b"\x30\x82\xff\xff", b"-----BEGIN CERTIFICATE-----\n!\n"])
def test_rubbish_is_refused_with_a_reason_and_nothing_is_written(do_import, data):
    lines, folder = do_import(bad_cer=data)
    assert results(lines) == [Imported.REFUSED]
    assert lines[0].detail
    assert list(folder.iterdir()) == []


def test_a_missing_file_is_a_line_of_the_report(tmp_path, now):
    lines = import_files([tmp_path / "nowhere.cer"], tmp_path / "trust", now)
    assert results(lines) == [Imported.REFUSED]


def test_a_revocation_list_needs_its_root_first(do_import, csca, signer, now):
    crl = pki.make_crl(csca, {signer.serial: datetime(2022, 1, 1, tzinfo=UTC)})
    assert results(do_import(list_crl=crl)[0]) == [Imported.REFUSED]
    lines, folder = do_import(root_cer=csca.certificate, list_crl=crl)
    assert results(lines) == [Imported.ADDED, Imported.ADDED]
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, load_store(folder), now)
    assert verdict.revocation is RevocationState.REVOKED


def test_a_newer_revocation_list_replaces_the_older_and_never_the_other_way(do_import, csca):
    older = pki.make_crl(csca, {5: pki.START}, this_update=datetime(2024, 1, 1, tzinfo=UTC))
    newer = pki.make_crl(csca, {5: pki.START, 6: pki.START}, this_update=datetime(2025, 1, 1, tzinfo=UTC), number=2)
    _, folder = do_import(root_cer=csca.certificate, a_crl=older)
    assert results(do_import(b_crl=newer)[0]) == [Imported.ADDED]
    assert results(do_import(a_crl=older)[0]) == [Imported.KNOWN]
    store = load_store(folder)
    assert [len(crl.revoked) for crl in store.crls] == [2]


def test_a_master_list_brings_all_its_roots(do_import, csca, germany, list_signer, signer, now):
    data = master_list([csca.certificate, germany.certificate], list_signer, germany)
    lines, folder = do_import(list_ml=data)
    assert results(lines) == [Imported.ADDED] * 3
    assert "compare the fingerprint" in lines[0].detail
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, load_store(folder), now)
    assert verdict.outcome is PassiveOutcome.TRUSTED


def test_a_master_list_whose_root_was_there_before_is_trusted(germany, list_signer, csca, now, store_of):
    listed = read_master_list(master_list([csca.certificate], list_signer, germany))
    verdict = judge_master_list(listed, store_of([germany.certificate]), now)
    assert verdict.state is ListState.TRUSTED
    assert verdict.root is not None and verdict.root.raw == germany.certificate


def test_a_master_list_of_a_false_germany_is_refused_when_the_store_knows_the_true_one(csca, now, store_of, germany):
    false_root = pki.make_csca("DE", "csca-germany", key="secp256r1")
    false_signer = pki.make_dsc(false_root, "Signer", "secp256r1", country="DE", master_list_signer=True)
    listed = read_master_list(master_list([csca.certificate], false_signer, false_root))
    assert judge_master_list(listed, store_of([germany.certificate]), now).state is ListState.REFUSED
    assert judge_master_list(listed, TrustStore(), now).state is ListState.FIRST_USE


@pytest.mark.parametrize("fault", ["break_signature", "break_message_digest"])
def test_an_altered_master_list_adds_nothing(do_import, csca, germany, list_signer, fault):
    data = master_list([csca.certificate], list_signer, germany, **{fault: True})
    lines, folder = do_import(list_ml=data)
    assert results(lines) == [Imported.REFUSED]
    assert list(folder.iterdir()) == []


def test_a_signer_of_documents_may_not_sign_master_lists(do_import, csca, germany):
    signer = pki.make_dsc(germany, "Signer", "secp256r1", country="DE")
    lines, _ = do_import(list_ml=master_list([csca.certificate], signer, germany))
    assert results(lines) == [Imported.REFUSED]
    assert "may not sign master lists" in lines[0].detail


def test_a_master_list_without_a_way_to_a_root_is_refused(csca, list_signer, now):
    listed = read_master_list(master_list([csca.certificate], list_signer, None))
    assert judge_master_list(listed, TrustStore(), now).state is ListState.REFUSED


def test_a_master_list_signed_outside_its_signers_validity_is_refused(germany, csca, now):
    signer = pki.make_dsc(
        germany,
        "Signer",
        "secp256r1",
        country="DE",
        master_list_signer=True,
        not_after=datetime(2022, 1, 1, tzinfo=UTC),
    )
    data = master_list([csca.certificate], signer, germany, signing_time=datetime(2023, 1, 1, tzinfo=UTC))
    assert judge_master_list(read_master_list(data), TrustStore(), now).state is ListState.REFUSED


def test_an_unreadable_certificate_does_not_spoil_a_list(do_import, germany, list_signer, csca):
    bad = der.sequence(der.integer(1))
    data = master_list([csca.certificate, bad], list_signer, germany)
    lines, _ = do_import(list_ml=data)
    assert results(lines) == [Imported.ADDED, Imported.SKIPPED, Imported.ADDED]


def test_ldif_of_the_public_key_directory_is_taken_apart(do_import, csca, germany, list_signer):
    data = master_list([csca.certificate], list_signer, germany)
    crl = pki.make_crl(csca)

    def attribute(name, value):
        text = f"{name}:: {base64.b64encode(value).decode()}"
        return "\n ".join(text[at : at + 76] for at in range(0, len(text), 76)) + "\n"

    text = (
        "version: 1\n\ndn: cn=x,o=ml,c=DE,dc=data\nobjectClass: pkdMasterList\n"
        + attribute("pkdMasterListContent", data)
        + "\ndn: cn=y,o=crl,c=VN\n"
        + attribute("certificateRevocationList;binary", crl)
        + attribute("userCertificate;binary", b"ignored")
    )
    assert len(read_ldif(text.encode())) == 2
    assert results(do_import(pkd_ldif=text.encode())[0]) == [Imported.ADDED, Imported.ADDED, Imported.ADDED]


def test_an_ldif_without_anything_is_refused(do_import):
    assert results(do_import(pkd_ldif=b"version: 1\n\ndn: cn=x\n")[0]) == [Imported.REFUSED]
