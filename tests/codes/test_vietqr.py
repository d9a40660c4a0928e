"""VietQR and VNPAY-QR against the published strings, and against what may go wrong with them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.codes import vietqr
from services.codes.emv import checksum, crc16
from services.codes.errors import CodeError, CodeErrorReason, CodeKind

VECTORS = json.loads((Path(__file__).parent / "vectors" / "vietqr.json").read_text("utf-8"))
STATIC = "00020101021138540010A00000072701240006970422011001234567890208QRIBFTTA53037045802VN6304B1A7"


def resealed(body: str) -> str:
    """A text with the right checksum behind it."""
    return body + "6304" + checksum(body + "6304")


def test_the_checksum_is_crc_ccitt_false():
    assert crc16(b"123456789") == 0x29B1


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda v: v["name"])
def test_a_published_code_reads_as_its_source_says(vector):
    code = vietqr.decode(vector["payload"])
    for name, value in vector["expect"].items():
        assert getattr(code, name) == value, name


@pytest.mark.parametrize("vector", VECTORS["invalid"], ids=lambda v: v["name"])
def test_a_wrong_code_is_refused_with_the_place_and_the_right_checksum(vector):
    expected = vector["expect"]
    with pytest.raises(CodeError) as caught:
        vietqr.decode(vector["payload"])
    assert caught.value.reason.value == expected["error"]
    assert caught.value.crc_ok is expected["crc_ok"]
    if "where" in expected:
        assert caught.value.where == expected["where"]
    if "right_crc" in expected:
        assert caught.value.right_crc == expected["right_crc"]


@pytest.mark.parametrize(
    "name",
    ["napas-static-card", "napas-dynamic-account-bill-purpose", "static-account-10-digits", "purpose-16-characters"],
)
def test_the_writer_gives_the_published_string_byte_for_byte(name):
    vector = next(v for v in VECTORS["valid"] if v["name"] == name)
    fields = {k: v for k, v in vector["expect"].items() if k not in {"initiation", "currency", "country"}}
    assert vietqr.encode(vietqr.VietQr(**fields)) == vector["payload"]


def test_objects_may_come_in_any_order():
    shuffled = resealed("0002015802VN530370438540010A00000072701240006970422011001234567890208QRIBFTTA010211")
    assert vietqr.decode(shuffled) == vietqr.decode(STATIC)


ACCOUNT = "38540010A00000072701240006970422011001234567890208QRIBFTTA"


@given(st.permutations(["010212", ACCOUNT, "5303704", "540550000", "5802VN", "62130809TRM4K82QX", "8003046"]))
def test_every_order_behind_the_first_object_reads_the_same(objects):
    code = vietqr.decode(resealed("000201" + "".join(objects)))
    assert isinstance(code, vietqr.VietQr)
    assert (code.bin, code.account, code.dong, code.purpose) == ("970422", "0123456789", 50_000, "TRM4K82QX")
    assert code.other_tags == {"80": "046"}


@pytest.mark.parametrize(
    ("amount", "dong"),
    [("50000", 50_000), ("50000.", 50_000), ("50000.00", 50_000), ("00050000", 50_000), ("9" * 13, 9_999_999_999_999)],
)
def test_an_amount_may_end_in_a_point_or_begin_with_zeros(amount, dong):
    code = vietqr.decode(resealed(f"000201{ACCOUNT}530370454{len(amount):02d}{amount}5802VN"))
    assert (code.amount, code.dong) == (amount, dong)


NO_AMOUNTS = ["50 000", "50,000", ".5", "1e5", "+5", "-5", "5_0", "\u0665\u0660", "\uff155", "0", "0.00", "9" * 14]


@pytest.mark.parametrize("amount", NO_AMOUNTS)
def test_what_is_no_amount_is_refused_at_54(amount):
    with pytest.raises(CodeError) as caught:
        vietqr.decode(resealed(f"000201{ACCOUNT}530370454{len(amount):02d}{amount}5802VN"))
    assert (caught.value.where, caught.value.crc_ok) == ("54", True)


def test_what_a_payers_app_sends_along_and_the_other_languages_name_are_read():
    body = f"000201{ACCOUNT}53037045802VN62130803***0902AM64180002vi0108QUÁN PHỞ"
    code = vietqr.decode(resealed(body))
    assert (code.data_request, code.language, code.local_name, code.purpose) == ("AM", "vi", "QUÁN PHỞ", None)


def test_templates_of_payment_systems_inside_the_additional_data_are_skipped():
    code = vietqr.decode(resealed(f"000201{ACCOUNT}53037045802VN62295012A000000727010809TRM4K82QX"))
    assert code.purpose == "TRM4K82QX"


@pytest.mark.parametrize("at", [6, 8, 10])
def test_a_length_with_digits_of_another_script_is_no_length(at):
    text = STATIC[:at] + "٢" + STATIC[at + 1 :]
    with pytest.raises(CodeError) as caught:
        vietqr.decode(resealed(text[:-8]))
    assert caught.value.reason is CodeErrorReason.STRUCTURE


@pytest.mark.parametrize("service", ["QRIBFTTC", "QRPUSH", "QRCASH"])
def test_a_misplaced_service_is_recovered_whichever_it_is(service):
    inner = f"00069704220110012345678902{len(service):02d}{service}"
    merchant = f"0010A00000072701{len(inner):02d}{inner}"
    code = vietqr.recover(resealed(f"00020138{len(merchant):02d}{merchant}53037045802VN"))
    assert isinstance(code, vietqr.VietQr)
    assert (code.service, code.conforming) == (service, False)


def test_recovering_does_not_excuse_a_wrong_length_or_a_wrong_checksum():
    malformed = next(v for v in VECTORS["invalid"] if v["name"] == "account-length-wrong-crc-right")
    with pytest.raises(CodeError) as caught:
        vietqr.recover(malformed["payload"])
    assert (caught.value.where, caught.value.crc_ok) == ("38.01", True)
    with pytest.raises(CodeError) as caught:
        vietqr.recover(STATIC[:-4] + "0000")
    assert (caught.value.reason, caught.value.right_crc) == (CodeErrorReason.CRC, "B1A7")


def test_three_stars_mean_that_the_payer_types_it():
    body = "00020101021138540010A00000072701240006970422011001234567890208QRIBFTTA53037045802VN62070803***"
    assert vietqr.decode(resealed(body)).purpose is None


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("000201530370458", "58"),
        ("00020153037045802VN6", "66"),
        ("00020153037045802VN5899", "58"),
        ("0002015303704580 VN", ""),
        ("00020153037045800", "58"),
        ("00020153037045303704", "53"),
        ("00020153038405802VN", "53"),
        ("0002015802VN", "53"),
        ("0002015303704", "58"),
        ("00020153037045802VN540550 00", "54"),
        ("00020153037045802VN54010", "54"),
        ("00020153037045802VN5405500.5", "54"),
        ("00020153037045802VN38140010A000000728", "38.00"),
        ("00020153037045802VN38140010A000000727", "38.01"),
        ("00020153037045802VN", "38"),
        ("00020101021353037045802VN", "01"),
        ("00020153037045802VN6203089", "62"),
        ("00020153037045802VN6204089x", "62"),
        ("00020153037045802VN62040810", "62.08"),
        ("00020153037045802VN5926" + "A" * 26, "59"),
        ("00020153037045802VN5203581", "52"),
        ("00020153037045802VN550301X", "55"),
        ("00020153037045802VN5903A\0B", "59"),
        ("00020153037045802VN62080904AMEX", "62.09"),
        ("00020153037045802VN62050901X", "62.09"),
        ("00020153037045802VN62120808A\tB     ", "62.08"),
        ("00020153037045802VN6406000vie", "64"),
        ("00020153037045802VN64070003vie", "64.00"),
        ("00020153037045802VN38240010A0000007270106000297", "38.01.00"),
    ],
)
def test_a_broken_object_is_named(body, where):
    with pytest.raises(CodeError) as caught:
        vietqr.decode(resealed(body))
    assert (caught.value.reason, caught.value.where) == (CodeErrorReason.STRUCTURE, where)


def test_a_code_cut_short_is_a_broken_structure_without_a_checksum():
    with pytest.raises(CodeError) as caught:
        vietqr.decode(STATIC[:-8])
    assert (caught.value.where, caught.value.crc_ok) == ("63", None)


def test_an_object_behind_the_checksum_is_refused():
    with pytest.raises(CodeError) as caught:
        vietqr.decode(STATIC + "5903ABC")
    assert caught.value.where == "63"


def test_a_service_code_inside_the_account_is_refused_but_can_be_recovered_with_a_mark():
    text = resealed("00020101021138540010A00000072701360006970422011001234567890208QRIBFTTA53037045802VN")
    with pytest.raises(CodeError) as caught:
        vietqr.decode(text)
    assert caught.value.where == "38.01"
    code = vietqr.recover(text)
    assert isinstance(code, vietqr.VietQr)
    assert (code.bin, code.account, code.service, code.conforming) == ("970422", "0123456789", "QRIBFTTA", False)


def test_recovering_a_right_code_marks_nothing():
    assert vietqr.recover(STATIC) == vietqr.decode(STATIC)


@pytest.mark.parametrize("length", [len("VIỆN PHÍ"), len("VIỆN PHÍ".encode())], ids=["characters", "bytes"])
def test_vietnamese_letters_are_read_whichever_way_their_length_was_counted(length):
    extra = f"08{length:02d}VIỆN PHÍ"
    body = f"00020138540010A00000072701240006970422011001234567890208QRIBFTTA53037045802VN62{length + 4:02d}{extra}"
    code = vietqr.decode(resealed(body))
    assert code.purpose == "VIỆN PHÍ"
    assert code.conforming is (length == len("VIỆN PHÍ"))


def test_vnpay_is_named_and_keeps_unknown_objects():
    vector = next(v for v in VECTORS["valid"] if v["name"].startswith("vnpay"))
    code = vietqr.decode(vector["payload"])
    assert isinstance(code, vietqr.VnpayQr)
    assert code.kind is CodeKind.VNPAY_QR
    assert code.other_tags == {}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"amount": "500000000"}, "54"),
        ({"amount": "0"}, "54"),
        ({"amount": "-5"}, "54"),
        ({"amount": "12.50"}, "54"),
        ({"amount": "٣٠٠"}, "54"),
        ({"bin": "97042"}, "38.01.00"),
        ({"account": ""}, "38.01.01"),
        ({"account": "1" * 20}, "38.01.01"),
        ({"account": "0011 22"}, "38.01.01"),
        ({"purpose": "viện phí"}, "62.08"),
        ({"purpose": "A" * 26}, "62.08"),
        ({"purpose": "***"}, "62.08"),
        ({"purpose": ""}, "62.08"),
        ({"tip": "01"}, "55"),
        ({"mcc": "581"}, "52"),
        ({"data_request": "M"}, "62.09"),
        ({"local_name": "QUÁN"}, "64"),
        ({"currency": "840"}, "53"),
        ({"initiation": "13"}, "01"),
        ({"service": "qr"}, "38.02"),
        ({"other_tags": {"26": "x"}}, "26"),
        ({name: "A" * 25 for name in ("bill", "store", "reference", "purpose")}, "62"),
    ],
)
def test_the_writer_refuses_what_may_not_be_written(change, where):
    fields = {"bin": "970422", "account": "0123456789", "service": "QRIBFTTA"} | change
    with pytest.raises(CodeError) as caught:
        vietqr.encode(vietqr.VietQr(**fields))
    assert (caught.value.reason, caught.value.where) == (CodeErrorReason.VALUE, where)


def test_just_below_the_limit_is_written():
    text = vietqr.transfer(bin="970422", account="0123456789", amount=499_999_999, purpose="TRM4K82QX")
    code = vietqr.decode(text)
    assert (code.dong, code.initiation, code.purpose) == (499_999_999, "12", "TRM4K82QX")


def test_a_static_code_becomes_payable_once():
    code = vietqr.decode(STATIC)
    assert isinstance(code, vietqr.VietQr)
    once = vietqr.decode(vietqr.encode(vietqr.with_amount(code, 40_123)))
    assert (once.initiation, once.dong) == ("12", 40_123)


@given(
    account=st.from_regex(r"[0-9A-Za-z]{1,19}", fullmatch=True),
    amount=st.none() | st.integers(1, 499_999_999),
    purpose=st.none() | st.from_regex(r"[A-Z0-9]{1,25}", fullmatch=True),
)
def test_what_was_written_reads_back(account, amount, purpose):
    code = vietqr.decode(vietqr.transfer(bin="970436", account=account, amount=amount, purpose=purpose))
    assert isinstance(code, vietqr.VietQr)
    assert (code.account, code.dong, code.purpose) == (account, amount, purpose)


@given(at=st.integers(0, len(STATIC) - 1), character=st.sampled_from("0123456789ABCQRVN é"))
def test_one_changed_character_is_always_noticed(at, character):
    changed = STATIC[:at] + character + STATIC[at + 1 :]
    if changed.upper() == STATIC.upper():
        return
    with pytest.raises(CodeError):
        vietqr.decode(changed)


@given(st.text(max_size=200))
def test_rubbish_raises_only_the_rooms_own_error(text):
    for payload in (text, "000201" + text, resealed("000201" + text)):
        try:
            vietqr.decode(payload)
        except CodeError:
            continue
