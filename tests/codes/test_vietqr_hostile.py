"""Payment codes as strangers write them: real ones of public sources, every order and form the format allows, and what
is wrong with one in exactly one place (NAPAS VietQR format 1.0; EMVCo merchant-presented mode 1.1)."""

from __future__ import annotations

from typing import Any

import pytest

from services.codes import vietqr
from services.codes.detect import read_code
from services.codes.emv import checksum
from services.codes.errors import CodeError, CodeErrorReason, CodeKind

STRUCTURE, CRC = CodeErrorReason.STRUCTURE, CodeErrorReason.CRC
STATIC = "00020101021138540010A00000072701240006970422011001234567890208QRIBFTTA53037045802VN6304B1A7"


def tlv(identity: str, value: str, length: int | None = None) -> str:
    """An object, by hand: what is tested has no part in it."""
    return f"{identity}{len(value) if length is None else length:02d}{value}"


def sealed(*objects: str) -> str:
    """A text with its checksum behind it."""
    body = "".join(objects) + "6304"
    return body + checksum(body)


def account(bin: str = "970422", number: str = "0123456789", *more: str) -> str:
    return tlv("01", tlv("00", bin) + tlv("01", number) + "".join(more))


GUID, SERVICE = tlv("00", "A000000727"), tlv("02", "QRIBFTTA")
HEAD, TAIL = ("000201", "010212"), ("5303704", "5802VN")
NAPAS = tlv("38", GUID + account() + SERVICE)


def code(*more: str, napas: str = NAPAS) -> str:
    return sealed(*HEAD, napas, *TAIL, *more)


REAL: dict[str, tuple[str, dict[str, Any]]] = {
    # Read in public sources; the banks' own apps take them.
    "mb-static": (
        "00020101021138560010A0000007270126000697042201120119981999990208QRIBFTTA53037045802VN630401C5",
        {"bin": "970422", "account": "011998199999", "service": "QRIBFTTA", "initiation": "11", "dong": None},
    ),
    "acb-nine-digits-and-amount": (
        "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA53037045405100005802VN62150811"
        "Chuyen tien630453E6",
        {"bin": "970416", "account": "257678859", "dong": 10_000, "purpose": "Chuyen tien", "initiation": "12"},
    ),
    "vietinbank-subiz-readme": (
        "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN62170813"
        "ung ho lu lut6304C15C",
        {"bin": "970415", "account": "0011001932418", "dong": 120_000, "purpose": "ung ho lu lut"},
    ),
    "virtual-account-with-letters": (
        "00020101021238570010A000000727012700069704220113VQRQACLNP26800208QRIBFTTA530370454061000005802VN62270823"
        "Thanh toan don hang ABC6304CE4C",
        {"account": "VQRQACLNP2680", "dong": 100_000, "purpose": "Thanh toan don hang ABC"},
    ),
    "payos-virtual-account": (
        "00020101021238590010A000000727012900069704180115V3CAS62627239240208QRIBFTTA530370454063750005802VN62250821"
        "CSPZKHEL6A2 NTK O000463044729",
        {"bin": "970418", "account": "V3CAS6262723924", "dong": 375_000, "purpose": "CSPZKHEL6A2 NTK O0004"},
    ),
    "checksum-in-lower-case": (
        "00020101021138540010A00000072701240006970422011008129452690208QRIBFTTA53037045802VN6304d5f3",
        {"account": "0812945269", "initiation": "11"},
    ),
    "another-in-lower-case": (
        "00020101021138540010A00000072701240006970422011099999991480208QRIBFTTA53037045802VN63047b49",
        {"account": "9999999148"},
    ),
    "card-nineteen-digits-and-bill-only": (
        "00020101021238630010A00000072701330006970422011997042292087067309020208QRIBFTTC530370454061000005802VN6215"
        "02118432917204163047793",
        {"account": "9704229208706730902", "service": "QRIBFTTC", "mobile": "84329172041", "purpose": None},
    ),
    "napas-6-1-4-as-its-table-has-it": (
        "00020101021238600010A00000072701300006970403011697040311012345670208QRIBFTTC530370454061800005802VN62340107"
        "NPS68690819thanh toan don hang6304A203",
        {"account": "9704031101234567", "service": "QRIBFTTC", "bill": "NPS6869", "dong": 180_000},
    ),
    "merchant-push": (
        "00020101021138580010A00000072701300006970403011621129950446040250206QRPUSH5204581253037045802VN5910PHUONG CAC"
        "6005HANOI62110307NPS686963043820",
        {
            "service": "QRPUSH",
            "mcc": "5812",
            "merchant_name": "PHUONG CAC",
            "merchant_city": "HANOI",
            "store": "NPS6869",
        },
    ),
    "merchant-push-with-everything": (
        "00020101021238500010A000000727012200069704160108123456780206QRPUSH52045812530370454061200005802VN5917"
        "CUA HANG TIEN LOI6006HA NOI61051000062860107B123456021003900000010307NPS68690402100503abc0605C11230706aac123"
        "0809pay a box0901A64260002en0107Shop VN0205Hanoi63041F97",
        {
            "service": "QRPUSH",
            "postal_code": "10000",
            "bill": "B123456",
            "mobile": "0390000001",
            "loyalty": "10",
            "reference": "abc",
            "customer": "C1123",
            "terminal": "aac123",
            "purpose": "pay a box",
            "data_request": "A",
            "language": "en",
            "local_name": "Shop VN",
            "local_city": "Hanoi",
        },
    ),
    "vnpay-without-amount": (
        "00020101021126280010A000000775011001087990425204597753037045802VN5909MYPHAMHER6005HANOI62260311MY PHAM HER"
        "0707MPHER0163041C50",
        {
            "kind": CodeKind.VNPAY_QR,
            "merchant_id": "0108799042",
            "mcc": "5977",
            "store": "MY PHAM HER",
            "terminal": "MPHER01",
        },
    ),
    "vnpay-as-its-writers-leave-out-city-and-currency-order": (
        "00020101021126280010A0000007750110010215477853037045802VN5912TUGIACOMPANY62310315TU GIA COMPUTER0708TUGIACO1"
        "6304DF44",
        {"kind": CodeKind.VNPAY_QR, "merchant_id": "0102154778", "merchant_name": "TUGIACOMPANY"},
    ),
}


WRITTEN: dict[str, tuple[str, dict[str, Any]]] = {
    "a-byte-order-mark-in-front": ("\ufeff" + STATIC, {"account": "0123456789"}),
    "a-line-end-and-blanks-around": (" \t" + STATIC + "\r\n", {"account": "0123456789"}),
    "blanks-and-a-mark-and-a-line-end": (" \ufeff " + STATIC + "\n", {"account": "0123456789"}),
    "checksum-in-mixed-case": (STATIC[:-4] + "b1A7", {"account": "0123456789"}),
    "backwards": (
        sealed(
            "000201", "8003ABC", tlv("62", tlv("08", "TRM4K82QX")), "5802VN", "540550000", "5303704", NAPAS, "010212"
        ),
        {"dong": 50_000, "purpose": "TRM4K82QX", "other_tags": {"80": "ABC"}},
    ),
    "beneficiary-backwards": (code(napas=tlv("38", SERVICE + account() + GUID)), {"service": "QRIBFTTA"}),
    "account-before-bank": (
        code(napas=tlv("38", GUID + tlv("01", tlv("01", "0123456789") + tlv("00", "970422")) + SERVICE)),
        {"bin": "970422", "account": "0123456789"},
    ),
    "additional-data-backwards": (
        code(tlv("62", tlv("08", "A") + tlv("07", "B") + tlv("01", "C"))),
        {"purpose": "A", "terminal": "B", "bill": "C"},
    ),
    "unknown-ids-everywhere": (
        code(
            "0204ABCD",
            "1503XYZ",
            "6503AAA",
            "7901B",
            "9902CC",
            tlv("62", tlv("08", "T") + tlv("10", "new")),
            napas=tlv("38", GUID + account("970422", "1", tlv("07", "?")) + SERVICE + tlv("03", "later")),
        ),
        {
            "account": "1",
            "service": "QRIBFTTA",
            "purpose": "T",
            "conforming": True,
            "other_tags": {"02": "ABCD", "15": "XYZ", "65": "AAA", "79": "B", "99": "CC"},
        },
    ),
    "payment-systems-templates-in-additional-data": (
        code(tlv("62", tlv("50", GUID + tlv("01", "any")) + tlv("99", "not even an object") + tlv("05", "R"))),
        {"reference": "R", "purpose": None},
    ),
    "another-scheme-beside": (
        code(tlv("26", tlv("00", "A000000775") + tlv("01", "0105313144")), tlv("27", "whatever")),
        {"kind": CodeKind.VIETQR, "account": "0123456789"},
    ),
    "identifier-in-lower-case": (
        code(napas=tlv("38", tlv("00", "a000000727") + account() + SERVICE)),
        {"bin": "970422"},
    ),
    "no-initiation": (sealed("000201", NAPAS, *TAIL), {"initiation": None, "dong": None}),
    "static-with-an-amount": (
        sealed("000201", "010211", NAPAS, *TAIL, "540550000"),
        {"initiation": "11", "dong": 50_000},
    ),
    "dynamic-without-an-amount": (code(), {"initiation": "12", "dong": None}),
    "no-service": (code(napas=tlv("38", GUID + account())), {"service": None}),
    "account-of-one-character": (code(napas=tlv("38", GUID + account("970422", "7") + SERVICE)), {"account": "7"}),
    "account-of-nineteen-letters": (
        code(napas=tlv("38", GUID + account("970422", "A" * 19) + SERVICE)),
        {"account": "A" * 19},
    ),
    "a-bank-that-is-in-no-list": (code(napas=tlv("38", GUID + account("000000") + SERVICE)), {"bin": "000000"}),
    "amount-that-ends-in-a-point": (code("540650000."), {"amount": "50000.", "dong": 50_000}),
    "amount-with-two-noughts": (code("540850000.00"), {"dong": 50_000}),
    "amount-that-begins-with-noughts": (code("5409000050000"), {"dong": 50_000}),
    "amount-of-thirteen-digits": (code("5413" + "1" * 13), {"dong": 1_111_111_111_111}),
    "amount-over-the-transfer-limit-is-read": (code("5409500000000"), {"dong": 500_000_000}),
    "one-dong": (code("54011"), {"dong": 1}),
    "the-payer-types-it": (code(tlv("62", tlv("01", "***") + tlv("08", "***"))), {"bill": None, "purpose": None}),
    "stars-inside-a-text-are-a-text": (code(tlv("62", tlv("08", "A***"))), {"purpose": "A***"}),
    "purpose-of-twenty-five": (code(tlv("62", tlv("08", "A" * 25))), {"purpose": "A" * 25}),
    "additional-data-of-ninety-nine": (
        code(tlv("62", "".join(tlv(f"0{n}", "x" * 25) for n in (1, 3, 8)) + tlv("05", "y" * 8))),
        {"bill": "x" * 25, "reference": "y" * 8},
    ),
    "name-of-twenty-five-letters-in-characters": (
        code(tlv("59", "BỆNH VIỆN ĐA KHOA HÒA GIA")),
        {"merchant_name": "BỆNH VIỆN ĐA KHOA HÒA GIA", "conforming": True},
    ),
    "purpose-counted-in-bytes": (
        code(tlv("62", tlv("08", "VIỆN PHÍ", len("VIỆN PHÍ".encode())), len("VIỆN PHÍ".encode()) + 4)),
        {"purpose": "VIỆN PHÍ", "conforming": False},
    ),
    "vnpay-at-twenty-seven": (
        sealed(*HEAD, tlv("26", tlv("00", "A000000999")), tlv("27", tlv("01", "M1") + tlv("00", "a000000775")), *TAIL),
        {"kind": CodeKind.VNPAY_QR, "merchant_id": "M1", "other_tags": {"26": tlv("00", "A000000999")}},
    ),
    "vnpay-without-its-merchant": (
        sealed(*HEAD, tlv("26", tlv("00", "A000000775")), *TAIL),
        {"kind": CodeKind.VNPAY_QR, "merchant_id": None},
    ),
    "vnpay-merchant-with-letters": (
        sealed(*HEAD, tlv("26", tlv("00", "A000000775") + tlv("01", "0109106478GT")), *TAIL, "540514500"),
        {"merchant_id": "0109106478GT", "dong": 14_500},
    ),
}


def holds(found: Any, expected: dict[str, Any]) -> None:
    for name, value in expected.items():
        assert getattr(found, name) == value, name


@pytest.mark.parametrize("name", [*REAL, *WRITTEN])
def test_what_the_format_allows_is_read(name: str) -> None:
    text, expected = {**REAL, **WRITTEN}[name]
    holds(vietqr.decode(text), expected)
    holds(read_code(text), expected)


def cut(text: str, at: int) -> str:
    return text[:at]


WRONG: dict[str, tuple[str, CodeErrorReason, str, int | None]] = {
    # text, reason, where, position (in characters from the first of the code)
    "another-version": (sealed("000202", NAPAS, *TAIL), STRUCTURE, "00", None),
    "version-of-three": (sealed("0003010", NAPAS, *TAIL), STRUCTURE, "00", None),
    "something-before-the-version": (sealed("010212", "000201", NAPAS, *TAIL), STRUCTURE, "00", None),
    "a-mark-inside": ("000201\ufeff" + STATIC[6:], STRUCTURE, "", 6),
    "initiation-thirteen": (sealed("000201", "010213", NAPAS, *TAIL), STRUCTURE, "01", 6),
    "initiation-of-one": (sealed("000201", "01011", NAPAS, *TAIL), STRUCTURE, "01", 6),
    "dollars": (sealed(*HEAD, NAPAS, "5303840", "5802VN"), STRUCTURE, "53", None),
    "currency-by-letters": (sealed(*HEAD, NAPAS, "5303VND", "5802VN"), STRUCTURE, "53", None),
    "no-currency": (sealed(*HEAD, NAPAS, "5802VN"), STRUCTURE, "53", None),
    "another-country": (sealed(*HEAD, NAPAS, "5303704", "5802LA"), STRUCTURE, "58", None),
    "country-in-lower-case": (sealed(*HEAD, NAPAS, "5303704", "5802vn"), STRUCTURE, "58", None),
    "no-country": (sealed(*HEAD, NAPAS, "5303704"), STRUCTURE, "58", None),
    "no-beneficiary": (sealed(*HEAD, *TAIL), STRUCTURE, "38", None),
    "beneficiary-of-another-scheme": (
        code(napas=tlv("38", tlv("00", "A000000728") + account() + SERVICE)),
        STRUCTURE,
        "38.00",
        12,
    ),
    "beneficiary-without-identifier": (code(napas=tlv("38", account() + SERVICE)), STRUCTURE, "38.00", 12),
    "beneficiary-without-account": (code(napas=tlv("38", GUID + SERVICE)), STRUCTURE, "38.01", 12),
    "beneficiary-longer-than-the-text": ("00020101021138990010A000000727", STRUCTURE, "38", 12),
    # What is left of it cannot be an object of the code: only its place is known.
    "beneficiary-one-short": (code(napas=tlv("38", GUID + account() + SERVICE, 53)), STRUCTURE, "", 69),
    "account-one-short": (
        code(napas=tlv("38", GUID + tlv("01", "0006970422" + tlv("01", "0123456789", 9)) + SERVICE)),
        STRUCTURE,
        "38.01",
        None,
    ),
    "account-one-long": (
        code(napas=tlv("38", GUID + tlv("01", "0006970422" + tlv("01", "0123456789", 11)) + SERVICE)),
        STRUCTURE,
        "38.01.01",
        None,
    ),
    "bank-of-five": (code(napas=tlv("38", GUID + account("97042") + SERVICE)), STRUCTURE, "38.01.00", None),
    "bank-of-seven": (code(napas=tlv("38", GUID + account("9704220") + SERVICE)), STRUCTURE, "38.01.00", None),
    "bank-by-letters": (code(napas=tlv("38", GUID + account("ICBVNX") + SERVICE)), STRUCTURE, "38.01.00", None),
    "account-of-twenty": (
        code(napas=tlv("38", GUID + account("970422", "1" * 20) + SERVICE)),
        STRUCTURE,
        "38.01.01",
        None,
    ),
    "account-with-a-blank": (
        code(napas=tlv("38", GUID + account("970422", "001 22") + SERVICE)),
        STRUCTURE,
        "38.01.01",
        None,
    ),
    "account-twice": (
        code(napas=tlv("38", GUID + account("970422", "1", tlv("01", "2")) + SERVICE)),
        STRUCTURE,
        "38.01.01",
        None,
    ),
    "account-object-twice": (code(napas=tlv("38", GUID + account() + account() + SERVICE)), STRUCTURE, "38.01", None),
    "service-inside-the-account": (
        code(napas=tlv("38", GUID + account("970422", "1", SERVICE))),
        STRUCTURE,
        "38.01",
        None,
    ),
    "service-that-rings": (
        code(napas=tlv("38", GUID + account() + tlv("02", "QRIB\x07TTA"))),
        STRUCTURE,
        "38.02",
        None,
    ),
    "service-of-eleven": (code(napas=tlv("38", GUID + account() + tlv("02", "Q" * 11))), STRUCTURE, "38.02", None),
    "beneficiary-twice": (code(NAPAS), STRUCTURE, "38", None),
    "amount-twice": (code("54015", "54016"), STRUCTURE, "54", None),
    "purpose-twice": (code(tlv("62", tlv("08", "A") + tlv("08", "B"))), STRUCTURE, "62.08", None),
    "unknown-id-twice": (code("8001A", "8001B"), STRUCTURE, "80", None),
    "amount-with-a-comma": (code("540650,000"), STRUCTURE, "54", None),
    "amount-with-a-blank": (code("540650 000"), STRUCTURE, "54", None),
    "amount-with-two-points": (code("54075.00.00"), STRUCTURE, "54", None),
    "amount-of-nothing": (code("54010"), STRUCTURE, "54", None),
    "amount-of-a-point": (code("5401."), STRUCTURE, "54", None),
    "amount-with-half-a-dong": (code("540850000.50"), STRUCTURE, "54", None),
    "amount-below-nothing": (code("5406-50000"), STRUCTURE, "54", None),
    "amount-of-fourteen": (code("5414" + "1" * 14), STRUCTURE, "54", None),
    "purpose-of-twenty-six": (code(tlv("62", tlv("08", "A" * 26))), STRUCTURE, "62.08", None),
    "purpose-with-a-line-end": (code(tlv("62", tlv("08", "A\nB"))), STRUCTURE, "62.08", None),
    "purpose-longer-than-its-template": (code(tlv("62", tlv("08", "AB", 9))), STRUCTURE, "62.08", None),
    "template-with-crumbs": (code(tlv("62", tlv("08", "AB") + "08")), STRUCTURE, "62", None),
    "length-nought": (code("6200"), STRUCTURE, "62", None),
    "length-nought-inside": (code(tlv("62", "0800")), STRUCTURE, "62.08", None),
    "length-by-letters": (code("59AABCD"), STRUCTURE, "", None),
    "length-with-a-blank": (code("59 3ABC"), STRUCTURE, "", None),
    "category-of-three": (code("5203581"), STRUCTURE, "52", None),
    "name-of-twenty-six": (code(tlv("59", "A" * 26)), STRUCTURE, "59", None),
    "city-of-sixteen": (code(tlv("60", "A" * 16)), STRUCTURE, "60", None),
    "asks-for-more-than-there-is": (code(tlv("62", tlv("09", "AMEA"))), STRUCTURE, "62.09", None),
    "language-of-one": (code(tlv("64", tlv("00", "v"))), STRUCTURE, "64.00", None),
    "checksum-of-another": (STATIC[:-4] + "B1A8", CRC, "63", len(STATIC) - 8),
    "checksum-of-no-digits": (STATIC[:-4] + "B1AG", CRC, "63", len(STATIC) - 8),
    "checksum-of-wide-digits": (STATIC[:-4] + "\uff22\uff11\uff21\uff17", CRC, "63", len(STATIC) - 8),
    "checksum-of-three": (STATIC[:-1], STRUCTURE, "63", len(STATIC) - 8),
    "checksum-of-five": (STATIC[:-8] + "6305B1A7A", STRUCTURE, "63", len(STATIC) - 8),
    "no-checksum": (cut(STATIC, len(STATIC) - 8), STRUCTURE, "63", None),
    "something-behind-the-checksum": (STATIC + "5802VN", STRUCTURE, "58", None),
    "a-name-behind-the-checksum": (STATIC + "5903ABC", STRUCTURE, "63", len(STATIC) - 8),
    "cut-in-the-account": (cut(STATIC, 60), STRUCTURE, "38", 12),
    "cut-in-a-header": (cut(STATIC, 14), STRUCTURE, "", 12),
    "one-digit-of-the-account-altered": (STATIC.replace("0123456789", "0123456780"), CRC, "63", len(STATIC) - 8),
    "a-letter-that-only-looks-alike": (STATIC.replace("QRIBFTTA", "QRIBFTT\u0410"), CRC, "63", len(STATIC) - 8),
    "vnpay-with-a-broken-merchant": (
        sealed(*HEAD, tlv("26", tlv("00", "A000000775") + tlv("01", "0105313144", 11)), *TAIL),
        STRUCTURE,
        "26.01",
        None,
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_its_place(name: str) -> None:
    text, reason, where, position = WRONG[name]
    for read in (vietqr.decode, read_code):
        with pytest.raises(CodeError) as caught:
            read(text)
        if read is read_code and not text.startswith("000201"):
            assert caught.value.reason is CodeErrorReason.UNKNOWN, "it does not open as a payment code"
            continue
        assert (caught.value.reason, caught.value.where) == (reason, where)
        if position is not None:
            assert caught.value.position == position
        if reason is CRC:
            assert caught.value.crc_ok is False
            assert caught.value.right_crc == checksum(text[:-4])


def test_there_are_enough_of_them() -> None:
    assert len(REAL) + len(WRITTEN) + len(WRONG) > 100


REFUSED = {
    "merchant-push-with-everything": "62.09",
    "unknown-ids-everywhere": "02",
    "another-scheme-beside": "26",
    "amount-that-ends-in-a-point": "54",
    "amount-with-two-noughts": "54",
    "amount-of-thirteen-digits": "54",
    "amount-over-the-transfer-limit-is-read": "54",
    "name-of-twenty-five-letters-in-characters": "59",
    "purpose-counted-in-bytes": "62.08",
}
"""What is read and must not be written, with its place: the writer is strict where the reader is not."""
OURS = {name: text for name, (text, _) in {**REAL, **WRITTEN}.items() if not name.startswith("vnpay")}


def test_another_schemes_code_is_read_as_such_and_is_nothing_to_write() -> None:
    others = {**REAL, **WRITTEN}.keys() - OURS.keys()
    assert len(others) == 5
    for name in others:
        assert not isinstance(vietqr.decode({**REAL, **WRITTEN}[name][0]), vietqr.VietQr), name


@pytest.mark.parametrize("name", OURS)
def test_what_was_read_is_written_again_and_reads_the_same(name: str) -> None:
    found = vietqr.decode(OURS[name])
    assert isinstance(found, vietqr.VietQr)
    if name in REFUSED:
        with pytest.raises(CodeError) as refused:
            vietqr.encode(found)
        assert (refused.value.reason, refused.value.where) == (CodeErrorReason.VALUE, REFUSED[name])
        return
    read = vietqr.decode(vietqr.encode(found))
    assert isinstance(read, vietqr.VietQr)
    for field in ("bin", "account", "service", "dong", "purpose", "bill", "merchant_name", "reference"):
        assert getattr(read, field) == getattr(found, field), field
