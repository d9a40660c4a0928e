"""Passive authentication: each outcome with a document that has it."""

from datetime import UTC, datetime, timedelta

import pytest

from services.trust import passive
from services.trust.errors import TrustError
from services.trust.store import TrustStore, load_store
from services.trust.verdicts import GroupState, PassiveOutcome, PassiveReason, RevocationState, TimeSource
from simulators.chip import der, pki
from simulators.chip.pki import Envelope, Signature

GROUPS = {1: b"\x61\x01a", 2: b"\x75\x01b", 14: b"\x6e\x01c"}
EMPTY = TrustStore()


def at(year: int, month: int = 1, day: int = 1) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def test_a_whole_document_of_a_trusted_signer_is_trusted(csca, signer, store_of, now, signed_at):
    sod = pki.make_sod(GROUPS, signer, how=Envelope(signing_time=signed_at))
    verdict = passive.authenticate(sod, GROUPS, store_of([csca.certificate]), now)
    assert (verdict.outcome, verdict.reason) == (PassiveOutcome.TRUSTED, PassiveReason.OK)
    assert verdict.groups == dict.fromkeys((1, 2, 14), GroupState.MATCHES)
    assert verdict.time is not None and verdict.time.source is TimeSource.SIGNING_TIME
    assert verdict.time.start == signed_at
    assert len(verdict.chain) == 1
    assert verdict.revocation is RevocationState.NOT_CHECKED


def test_without_a_root_the_signature_is_valid_and_nothing_more(signer, now):
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, EMPTY, now)
    assert (verdict.outcome, verdict.reason) == (PassiveOutcome.NO_TRUST_ROOT, PassiveReason.NO_ROOT)
    assert verdict.signature_holds


def test_a_root_of_another_authority_gives_no_trust(signer, store_of, now):
    other = pki.make_csca(name="CSCA khác", key="brainpoolP256r1")
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, store_of([other.certificate]), now)
    assert verdict.outcome is PassiveOutcome.NO_TRUST_ROOT


def test_a_root_of_the_same_name_with_another_key_gives_no_trust(signer, store_of, now):
    other = pki.make_csca(key="brainpoolP256r1")
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, store_of([other.certificate]), now)
    assert verdict.outcome is PassiveOutcome.NO_TRUST_ROOT


def test_groups_that_were_not_read_are_listed_as_unchecked(csca, signer, store_of, now):
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), {1: GROUPS[1]}, store_of([csca.certificate]), now)
    assert verdict.outcome is PassiveOutcome.TRUSTED
    assert verdict.groups == {1: GroupState.MATCHES, 2: GroupState.UNCHECKED, 14: GroupState.UNCHECKED}
    assert verdict.covers(1)
    assert not verdict.covers(2)


def test_an_altered_group_fails_and_is_named(csca, signer, store_of, now):
    verdict = passive.authenticate(
        pki.make_sod(GROUPS, signer), GROUPS | {2: b"\x75\x01x"}, store_of([csca.certificate]), now
    )
    assert (verdict.outcome, verdict.reason, verdict.detail) == (
        PassiveOutcome.FAILED,
        PassiveReason.GROUP_DIFFERS,
        "DG2",
    )
    assert not verdict.covers(1)


def test_a_group_that_nobody_signed_fails(csca, signer, store_of, now):
    verdict = passive.authenticate(
        pki.make_sod(GROUPS, signer), GROUPS | {15: b"\x6f\x00"}, store_of([csca.certificate]), now
    )
    assert (verdict.reason, verdict.detail) == (PassiveReason.GROUP_NOT_SIGNED, "DG15")


@pytest.mark.parametrize("sod", [None, b"", b"\x77\x00", b"\x30\x03\x02\x01\x00", b"\x77\x82\xff\xff\x00"])
def test_without_a_readable_sod_nothing_is_proven(sod, now):
    verdict = passive.authenticate(sod, GROUPS, EMPTY, now)
    assert verdict.outcome is PassiveOutcome.UNREADABLE
    assert set(verdict.groups.values()) == {GroupState.NOT_SIGNED}


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (Envelope(break_signature=True), PassiveReason.SIGNATURE_WRONG),
        (Envelope(break_message_digest=True), PassiveReason.CONTENT_ALTERED),
        (Envelope(signed_attributes=False), PassiveReason.MALFORMED),
        (Envelope(with_certificate=False), PassiveReason.NO_SIGNER),
    ],
)
def test_a_broken_envelope_fails_for_its_reason(csca, signer, store_of, now, how, reason):
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer, how=how), GROUPS, store_of([csca.certificate]), now)
    assert verdict.reason is reason
    assert not verdict.signature_holds


@pytest.mark.parametrize("digest", ["sha1", "sha224", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("scheme", ["pkcs1", "pss"])
def test_rsa_documents_verify_with_every_hash(store_of, now, scheme, digest):
    root = pki.make_csca(key=pki.shared_key("rsa2048", "csca"), signature=Signature("pss", "sha256"))
    dsc = pki.make_dsc(root, key=pki.shared_key("rsa2048", "dsc"))
    sod = pki.make_sod(GROUPS, dsc, digest, Envelope(signature=Signature(scheme, digest)))
    verdict = passive.authenticate(sod, GROUPS, store_of([root.certificate]), now)
    assert verdict.outcome is PassiveOutcome.TRUSTED
    broken = pki.make_sod(GROUPS, dsc, digest, Envelope(signature=Signature(scheme, digest), break_signature=True))
    assert passive.authenticate(broken, GROUPS, EMPTY, now).reason is PassiveReason.SIGNATURE_WRONG


@pytest.mark.parametrize("digest", ["sha1", "sha224", "sha256", "sha384", "sha512"])
def test_ecdsa_documents_verify_with_every_hash(csca, signer, store_of, now, digest):
    how = Envelope(signature=Signature("ecdsa", digest))
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer, digest, how), GROUPS, store_of([csca.certificate]), now)
    assert verdict.outcome is PassiveOutcome.TRUSTED
    assert verdict.algorithm == f"ECDSA {digest}"


@pytest.mark.parametrize("explicit", [True, False], ids=["explicit", "named"])
@pytest.mark.parametrize(
    "curve",
    [
        "secp192r1",
        "secp224r1",
        "secp256r1",
        "secp384r1",
        "secp521r1",
        "brainpoolP192r1",
        "brainpoolP224r1",
        "brainpoolP256r1",
        "brainpoolP320r1",
        "brainpoolP384r1",
        "brainpoolP512r1",
    ],
)
def test_every_standard_curve_verifies_named_and_explicit(store_of, now, curve, explicit):
    root = pki.make_csca(key=curve, explicit_parameters=explicit)
    dsc = pki.make_dsc(root, key=curve, explicit_parameters=explicit)
    store = store_of([root.certificate])
    assert passive.authenticate(pki.make_sod(GROUPS, dsc), GROUPS, store, now).outcome is PassiveOutcome.TRUSTED
    broken = pki.make_sod(GROUPS, dsc, how=Envelope(break_signature=True))
    assert passive.authenticate(broken, GROUPS, store, now).reason is PassiveReason.SIGNATURE_WRONG


def test_explicit_parameters_of_ones_own_choosing_are_refused(csca, store_of, now):
    dsc = pki.make_dsc(csca, key="secp256r1")
    order = bytes.fromhex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551")
    sod = pki.make_sod(GROUPS, dsc)
    assert order in sod
    verdict = passive.authenticate(sod.replace(order, order[:-1] + b"\x53"), GROUPS, store_of([csca.certificate]), now)
    assert verdict.outcome is PassiveOutcome.UNSUPPORTED


def test_the_signature_algorithm_comes_from_the_signer_info_not_from_the_certificate(csca, store_of, now):
    dsc = pki.make_dsc(csca, key=pki.shared_key("rsa2048", "dsc"), signature=Signature("pkcs1", "sha256"))
    how = Envelope(signature=Signature("pss", "sha512"))
    verdict = passive.authenticate(pki.make_sod(GROUPS, dsc, how=how), GROUPS, store_of([csca.certificate]), now)
    assert (verdict.outcome, verdict.algorithm) == (PassiveOutcome.TRUSTED, "RSA-PSS sha512")


def test_a_signer_with_an_unknown_critical_extension_is_unknown_not_trusted(csca, signer, store_of, now):
    sod = pki.make_sod(GROUPS, signer)
    critical_usage = bytes.fromhex("0603551D0F0101FF")
    assert critical_usage in sod
    changed = sod.replace(critical_usage, bytes.fromhex("0603551D7F0101FF"))
    verdict = passive.authenticate(changed, GROUPS, store_of([csca.certificate]), now)
    assert (verdict.outcome, verdict.detail) == (PassiveOutcome.UNSUPPORTED, "critical extension 2.5.29.127")


def test_a_signer_named_by_key_identifier_is_found(csca, signer, store_of, now):
    sod = pki.make_sod(GROUPS, signer, how=Envelope(by_key_id=True))
    assert passive.authenticate(sod, GROUPS, store_of([csca.certificate]), now).outcome is PassiveOutcome.TRUSTED


def test_the_right_signer_is_found_among_others_in_the_file(csca, signer, store_of, now):
    other = pki.make_dsc(csca, name="Người khác", key="secp256r1")
    sod = pki.make_sod(GROUPS, signer, how=Envelope(more_certificates=(other.certificate,)))
    verdict = passive.authenticate(sod, GROUPS, store_of([csca.certificate]), now)
    assert verdict.signer is not None and verdict.signer.serial == f"{signer.serial:x}"


def test_a_chain_is_found_without_key_identifiers(csca, store_of, now):
    dsc = pki.make_dsc(csca, key="secp256r1", authority_key_id=False)
    verdict = passive.authenticate(pki.make_sod(GROUPS, dsc), GROUPS, store_of([csca.certificate]), now)
    assert verdict.outcome is PassiveOutcome.TRUSTED


def test_a_link_certificate_leads_to_the_old_root_though_both_have_one_name(csca, store_of, now):
    new = pki.make_csca(key="brainpoolP256r1")
    dsc = pki.make_dsc(new, key="secp256r1")
    store = store_of([csca.certificate, pki.make_link_certificate(csca, new)])
    verdict = passive.authenticate(pki.make_sod(GROUPS, dsc), GROUPS, store, now)
    assert verdict.outcome is PassiveOutcome.TRUSTED
    assert len(verdict.chain) == 2


def test_a_link_certificate_without_its_root_is_no_root(csca, store_of, now):
    new = pki.make_csca(key="brainpoolP256r1")
    dsc = pki.make_dsc(new, key="secp256r1")
    verdict = passive.authenticate(
        pki.make_sod(GROUPS, dsc), GROUPS, store_of([pki.make_link_certificate(csca, new)]), now
    )
    assert verdict.outcome is PassiveOutcome.NO_TRUST_ROOT


def test_an_rsa_authority_may_sign_an_elliptic_signer(store_of, now):
    root = pki.make_csca(key=pki.shared_key("rsa2048", "csca"))
    dsc = pki.make_dsc(root, key="secp256r1")
    verdict = passive.authenticate(pki.make_sod(GROUPS, dsc), GROUPS, store_of([root.certificate]), now)
    assert verdict.outcome is PassiveOutcome.TRUSTED


def test_a_signer_that_names_a_key_which_did_not_sign_it_is_forged(csca, store_of, now):
    forger = pki.make_csca(key="brainpoolP256r1")
    lying = pki.Authority(
        forger.certificate, forger.key, csca.name, csca.name, csca.serial, csca.key_id, forger.signature
    )
    dsc = pki.make_dsc(lying, key="secp256r1")
    verdict = passive.authenticate(pki.make_sod(GROUPS, dsc), GROUPS, store_of([csca.certificate]), now)
    assert (verdict.outcome, verdict.reason) == (PassiveOutcome.FAILED, PassiveReason.SIGNER_FORGED)


def test_a_document_signer_cannot_make_signers(csca, signer, store_of, now):
    dsc = pki.make_dsc(signer, key="secp256r1")
    sod = pki.make_sod(GROUPS, dsc, how=Envelope(more_certificates=(signer.certificate,)))
    verdict = passive.authenticate(sod, GROUPS, store_of([csca.certificate]), now)
    assert verdict.outcome is PassiveOutcome.NO_TRUST_ROOT
    verdict = passive.authenticate(sod, GROUPS, store_of([csca.certificate, signer.certificate]), now)
    assert verdict.outcome is PassiveOutcome.FAILED


def test_an_authority_does_not_sign_documents_itself(csca, store_of, now):
    verdict = passive.authenticate(pki.make_sod(GROUPS, csca), GROUPS, store_of([csca.certificate]), now)
    assert (verdict.outcome, verdict.reason) == (PassiveOutcome.FAILED, PassiveReason.SIGNER_MAY_NOT_SIGN)


def test_an_authority_expired_today_was_valid_when_it_signed(store_of, now):
    root = pki.make_csca(key="secp256r1", not_before=at(2015), not_after=at(2020))
    dsc = pki.make_dsc(root, key="secp256r1", not_before=at(2015), not_after=at(2020))
    sod = pki.make_sod(GROUPS, dsc, how=Envelope(signing_time=at(2016)))
    assert passive.authenticate(sod, GROUPS, store_of([root.certificate]), now).outcome is PassiveOutcome.TRUSTED


def test_a_signer_that_was_not_valid_when_it_signed_fails(csca, store_of, now):
    dsc = pki.make_dsc(csca, key="secp256r1", not_before=at(2021), not_after=at(2022))
    sod = pki.make_sod(GROUPS, dsc, how=Envelope(signing_time=at(2023)))
    verdict = passive.authenticate(sod, GROUPS, store_of([csca.certificate]), now)
    assert (verdict.outcome, verdict.reason) == (PassiveOutcome.FAILED, PassiveReason.SIGNER_NOT_VALID_THEN)


def test_an_issuer_that_was_not_valid_when_its_signer_signed_fails(store_of, now):
    root = pki.make_csca(key="secp256r1", not_before=at(2015), not_after=at(2020))
    dsc = pki.make_dsc(root, key="secp256r1", not_before=at(2015), not_after=at(2030))
    sod = pki.make_sod(GROUPS, dsc, how=Envelope(signing_time=at(2022)))
    verdict = passive.authenticate(sod, GROUPS, store_of([root.certificate]), now)
    assert (verdict.outcome, verdict.reason) == (PassiveOutcome.FAILED, PassiveReason.ISSUER_NOT_VALID_THEN)


def test_a_signature_of_next_year_fails(csca, signer, store_of, now):
    sod = pki.make_sod(GROUPS, signer, how=Envelope(signing_time=now + timedelta(days=300)))
    verdict = passive.authenticate(sod, GROUPS, store_of([csca.certificate]), now)
    assert verdict.reason is PassiveReason.SIGNED_IN_FUTURE


def dg12(day: str) -> bytes:
    value = der.tlv(0x5C, b"\x5f\x26") + bytes.fromhex("5f2608") + day.encode()
    return der.tlv(0x6C, value)


def dg13(day: str) -> bytes:
    return der.tlv(0x6D, der.sequence(der.sequence(der.integer(11), der.utf8(day))))


@pytest.mark.parametrize(
    ("number", "data", "source"),
    [
        (12, dg12("20240501"), TimeSource.DATE_OF_ISSUE_DG12),
        (13, dg13("01/05/2024"), TimeSource.DATE_OF_ISSUE_DG13),
    ],
)
def test_without_a_signing_time_the_date_of_issue_counts(csca, signer, store_of, now, number, data, source):
    groups = {1: b"\x61\x01a", number: data}
    verdict = passive.authenticate(pki.make_sod(groups, signer), groups, store_of([csca.certificate]), now)
    assert verdict.outcome is PassiveOutcome.TRUSTED
    assert verdict.time is not None and verdict.time.source is source


def test_a_date_of_issue_outside_the_signers_validity_fails(csca, store_of, now):
    dsc = pki.make_dsc(csca, key="secp256r1", not_before=at(2021), not_after=at(2022))
    groups = {12: dg12("20240501")}
    verdict = passive.authenticate(pki.make_sod(groups, dsc), groups, store_of([csca.certificate]), now)
    assert verdict.reason is PassiveReason.SIGNER_NOT_VALID_THEN


def test_a_date_of_issue_from_an_altered_group_does_not_count(csca, signer, store_of, now):
    sod = pki.make_sod({12: dg12("20240501")}, signer)
    verdict = passive.authenticate(sod, {12: dg12("20250501")}, store_of([csca.certificate]), now)
    assert verdict.time is not None and verdict.time.source is TimeSource.UNKNOWN
    assert verdict.reason is PassiveReason.GROUP_DIFFERS


def test_an_unknown_time_is_said_and_checked_at_the_signers_beginning(csca, signer, store_of, now):
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, store_of([csca.certificate]), now)
    assert verdict.time is not None
    assert (verdict.time.source, verdict.time.start) == (TimeSource.UNKNOWN, pki.START)


@pytest.mark.parametrize(
    ("revoked_at", "signing_time", "outcome", "reason", "state"),
    [
        (at(2024), at(2025), PassiveOutcome.FAILED, PassiveReason.REVOKED, RevocationState.REVOKED),
        (
            at(2025),
            at(2024),
            PassiveOutcome.REVOKED_AFTER_SIGNING,
            PassiveReason.REVOKED_LATER,
            RevocationState.REVOKED_LATER,
        ),
        (at(2025), None, PassiveOutcome.FAILED, PassiveReason.REVOKED, RevocationState.REVOKED),
    ],
    ids=["before", "after", "time-unknown"],
)
def test_a_revoked_signer(csca, signer, store_of, now, revoked_at, signing_time, outcome, reason, state):
    sod = pki.make_sod(GROUPS, signer, how=Envelope(signing_time=signing_time))
    store = store_of([csca.certificate], [pki.make_crl(csca, {signer.serial: revoked_at})])
    verdict = passive.authenticate(sod, GROUPS, store, now)
    assert (verdict.outcome, verdict.reason, verdict.revocation) == (outcome, reason, state)
    assert verdict.revoked_at == revoked_at


@pytest.mark.parametrize(
    ("next_update", "state"),
    [(pki.END, RevocationState.GOOD), (at(2025), RevocationState.STALE)],
    ids=["fresh", "overdue"],
)
def test_a_list_without_the_signer_is_good_and_says_when_it_is_overdue(csca, signer, store_of, now, next_update, state):
    crl = pki.make_crl(csca, {99: at(2024)}, next_update=next_update)
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, store_of([csca.certificate], [crl]), now)
    assert (verdict.outcome, verdict.revocation) == (PassiveOutcome.TRUSTED, state)


def test_a_list_signed_by_somebody_else_is_no_success(csca, signer, store_of, now):
    forger = pki.make_csca(key="brainpoolP256r1")
    store = store_of([csca.certificate], [pki.make_crl(forger)])
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, store, now)
    assert (verdict.outcome, verdict.reason) == (PassiveOutcome.REVOCATION_UNKNOWN, PassiveReason.CRL_UNUSABLE)


def test_an_unreadable_list_is_no_success(csca, signer, store_of, now):
    store = store_of([csca.certificate], [b"rubbish"])
    assert store.crl_unreadable
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, store, now)
    assert verdict.outcome is PassiveOutcome.REVOCATION_UNKNOWN


def test_a_list_of_the_new_key_revokes_a_signer_of_the_old_one(csca, signer, store_of, now, signed_at):
    new = pki.make_csca(key="brainpoolP256r1")
    crl = pki.make_crl(new, {signer.serial: at(2022)})
    store = store_of([csca.certificate, pki.make_link_certificate(csca, new)], [crl])
    sod = pki.make_sod(GROUPS, signer, how=Envelope(signing_time=signed_at))
    assert passive.authenticate(sod, GROUPS, store, now).reason is PassiveReason.REVOKED


def test_a_revoked_link_certificate_breaks_the_chain(csca, store_of, now):
    new = pki.make_csca(key="brainpoolP256r1", name="CSCA mới")
    link = pki.make_link_certificate(csca, new)
    dsc = pki.make_dsc(new, key="secp256r1")
    from services.trust.certificate import read_certificate

    crl = pki.make_crl(csca, {read_certificate(link).serial: at(2022)})
    verdict = passive.authenticate(
        pki.make_sod(GROUPS, dsc, how=Envelope(signing_time=at(2024))),
        GROUPS,
        store_of([csca.certificate, link], [crl]),
        now,
    )
    assert verdict.reason is PassiveReason.REVOKED


def test_a_pinned_signer_is_trusted_without_a_root(signer, store_of, now):
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, store_of(pins=[signer.certificate]), now)
    assert (verdict.outcome, verdict.reason) == (PassiveOutcome.TRUSTED, PassiveReason.OK_PINNED)
    assert verdict.chain == ()


def test_a_pinned_signer_need_not_travel_in_the_document(signer, store_of, now):
    sod = pki.make_sod(GROUPS, signer, how=Envelope(with_certificate=False))
    assert passive.authenticate(sod, GROUPS, store_of(pins=[signer.certificate]), now).outcome is PassiveOutcome.TRUSTED


def test_a_signer_that_lies_in_the_store_need_not_travel_but_still_needs_its_root(csca, signer, store_of, now):
    sod = pki.make_sod(GROUPS, signer, how=Envelope(with_certificate=False))
    alone = passive.authenticate(sod, GROUPS, store_of([signer.certificate]), now)
    assert alone.outcome is PassiveOutcome.NO_TRUST_ROOT
    verdict = passive.authenticate(sod, GROUPS, store_of([signer.certificate, csca.certificate]), now)
    assert verdict.outcome is PassiveOutcome.TRUSTED


def test_the_newer_form_of_the_security_object_is_read(csca, signer, store_of, now):
    sod = pki.make_sod(GROUPS, signer, versions=("0108", "040000"))
    assert passive.authenticate(sod, GROUPS, store_of([csca.certificate]), now).outcome is PassiveOutcome.TRUSTED


def test_a_pin_of_another_signer_gives_no_trust(csca, signer, store_of, now):
    other = pki.make_dsc(csca, key="secp256r1")
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, store_of(pins=[other.certificate]), now)
    assert verdict.outcome is PassiveOutcome.NO_TRUST_ROOT


def test_a_store_reads_pem_and_der_and_keeps_what_it_cannot_read_as_problems(tmp_path, csca, signer):
    import base64

    body = base64.encodebytes(csca.certificate).decode()
    (tmp_path / "root.pem").write_text(f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n")
    (tmp_path / "bad.cer").write_bytes(b"\x30\x82")
    (tmp_path / "cut.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA")
    (tmp_path / "notes.txt").write_text("left alone")
    store = load_store(tmp_path)
    assert [c.fingerprint for c in store.certificates] and len(store.certificates) == 1
    assert sorted(problem.file for problem in store.problems) == ["bad.cer", "cut.pem"]
    assert not store.crl_unreadable


def test_a_store_that_is_no_folder_is_an_error(tmp_path):
    with pytest.raises(TrustError):
        load_store(tmp_path / "missing")
