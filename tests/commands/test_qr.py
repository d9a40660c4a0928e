"""`kiosk qr`: what a code is, as JSON and exit code."""

import io
import json
from pathlib import Path

import pytest

from services.codes.banks import VietQrSupport, bank_table
from services.codes.errors import CodeKind
from services.codes.plain import plain_text
from tests.codes.test_vietqr_hostile import REAL, WRITTEN, WRONG

VECTORS = json.loads((Path(__file__).parents[1] / "codes" / "vectors" / "vietqr.json").read_text("utf-8"))
CARD = "099088000145|990145826|Nguyễn Minh Khang|04071988|Nam|27 đường Hoa Gạo|15032022"


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda v: v["name"])
def test_every_published_payment_code_is_taken_apart(kiosk, vector):
    outcome = kiosk("qr", "decode", vector["payload"], "--json")
    assert outcome.code == 0
    assert outcome.json["kind"] == ("vnpay-qr" if "guid" in vector["expect"] else "vietqr")
    assert vector["expect"].items() <= outcome.json["fields"].items()


@pytest.mark.parametrize("vector", VECTORS["invalid"], ids=lambda v: v["name"])
def test_every_wrong_payment_code_is_refused_with_its_reason(kiosk, vector):
    outcome = kiosk("qr", "decode", vector["payload"], "--json")
    assert outcome.code == 1
    assert vector["expect"].items() <= outcome.json["error"].items()
    assert outcome.json["kind"] == "vietqr"


def test_an_id_card_says_its_layout_and_fields(kiosk):
    outcome = kiosk("qr", "decode", CARD, "--json")
    assert (outcome.code, outcome.json["kind"], outcome.json["layout"]) == (0, "cccd", "2021")
    assert outcome.json["fields"] == {
        "number": "099088000145",
        "old_number": "990145826",
        "name": "Nguyễn Minh Khang",
        "birth": "1988-07-04",
        "sex": "M",
        "address": "27 đường Hoa Gạo",
        "issued": "2022-03-15",
    }
    newer = kiosk("qr", "decode", CARD + "|a|b||", "--json").json
    assert (newer["layout"], newer["fields"]["extra"]) == ("2024", ["a", "b", "", ""])


def test_other_codes_are_named(kiosk):
    insurance = (
        "0123456789|4e677579e1bb856e2056c4836e2041|01/01/1980|1|-|01 - 001|01/01/2026|-|01/01/2026|00000123456789|"
        "-|4| 01/01/2030|abc-0000|4|5068c6b0e1bb9d6e672056c3ad2044e1bba5|$"
    )
    assert kiosk("qr", "decode", insurance, "--json").json["kind"] == "bhyt"
    assert kiosk("qr", "decode", "000.00.00.H26-260101-0001", "--json").json["kind"] == "dossier"


@pytest.mark.parametrize("text", ["https://example.org", "", "123"])
def test_what_is_no_code_ends_with_1(kiosk, text):
    outcome = kiosk("qr", "decode", text, "--json")
    assert (outcome.code, outcome.json["error"]["error"]) == (1, "unknown")


def test_a_code_with_its_service_inside_the_account_is_read_only_on_request(kiosk):
    from services.codes.emv import checksum

    body = "00020101021138540010A00000072701360006970422011001234567890208QRIBFTTA53037045802VN6304"
    text = body + checksum(body)
    assert kiosk("qr", "decode", text, "--json").json["error"]["where"] == "38.01"
    tolerant = kiosk("qr", "decode", text, "--json", "--tolerant")
    assert (tolerant.code, tolerant.json["conforming"]) == (0, False)


def test_pay_writes_a_code_that_decodes_to_what_was_asked(kiosk):
    outcome = kiosk("qr", "pay", "--bank", "970403", "--account", "0011012345678", "--amount", 180000, "--purpose",
                    "thanh toán đơn hàng", "--bill", "NPS6869")  # fmt: skip
    vector = next(v for v in VECTORS["valid"] if v["name"] == "napas-dynamic-account-bill-purpose")
    assert (outcome.code, outcome.out.strip()) == (0, vector["payload"])


def test_pay_takes_a_banks_short_code(kiosk):
    outcome = kiosk("qr", "pay", "--bank", "vcb", "--account", "1", "--json")
    assert (outcome.code, outcome.json["fields"]["bin"], outcome.json["fields"]["initiation"]) == (0, "970436", "11")


def test_pay_warns_of_a_bank_that_is_in_no_list_and_still_writes(kiosk):
    outcome = kiosk("qr", "pay", "--bank", "999999", "--account", "1")
    assert outcome.code == 0
    assert "999999" in outcome.err


@pytest.mark.parametrize(
    "words",
    [
        ("qr",),
        ("qr", "decode"),
        ("qr", "decode", "a", "b"),
        ("qr", "pay", "--bank", "970436"),
        ("qr", "pay", "--bank", "970436", "--account", "1", "--amount", "500000000"),
        *(
            ("qr", "pay", "--bank", "970436", "--account", "1", "--amount", amount)
            for amount in (
                "x",
                "",
                "0",
                "-5",
                "+5",
                "5_000",
                "5.000",
                "1000.0",
                " 5",
                "1e3",
                "\u0663\u0660",
                "9" * 5000,
            )
        ),
        ("qr", "pay", "--bank", "970436", "--account", "001 22", "--amount", "5"),
        ("qr", "pay", "--bank", "970436", "--account", "1", "--purpose", "***"),
        ("qr", "pay", "--bank", "970436", "--account", "1", "--purpose", ""),
        ("qr", "pay", "--bank", "970436", "--account", "1", "--purpose", "x" * 26),
        ("qr", "pay", "--bank", "NOBANK", "--account", "1"),
    ],
)
def test_a_wrong_command_line_ends_with_3(kiosk, words):
    outcome = kiosk(*words)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err


@pytest.mark.parametrize("name", [*REAL, *WRITTEN])
def test_a_strangers_code_is_taken_apart(kiosk, qr_schema, name):
    text, expected = {**REAL, **WRITTEN}[name]
    outcome = kiosk("qr", "decode", text, "--json")
    assert outcome.code == 0
    qr_schema.check(outcome.json)
    told = {**outcome.json["fields"], "dong": outcome.json["dong"], "conforming": outcome.json["conforming"]}
    for field, value in expected.items():
        assert value == (CodeKind(outcome.json["kind"]) if field == "kind" else told.get(field)), field


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_strangers_code_is_said_with_its_place(kiosk, qr_schema, name):
    text, reason, where, position = WRONG[name]
    outcome = kiosk("qr", "decode", text, "--json")
    assert outcome.code == 1
    qr_schema.check(outcome.json)
    if text.startswith("000201"):
        error = outcome.json["error"]
        assert (error["error"], error["where"]) == (reason.value, where)
        assert position is None or error["position"] == position
        assert error["detail"]


def test_a_code_from_a_file_with_a_byte_order_mark_is_read(kiosk, monkeypatch):
    text, _ = WRITTEN["a-byte-order-mark-in-front"]
    monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))
    assert kiosk("qr", "decode", "-", "--json").code == 0


def test_nothing_of_a_strangers_code_moves_the_cursor(kiosk):
    from services.codes.emv import checksum

    body = "00020101021138540010A00000072701240006970422011001234567890208QRIBFTTA53037045802VN8005\x1b[2JX6304"
    plain = kiosk("qr", "decode", body + checksum(body)).out
    assert "\x1b" not in plain and "\\x1b[2JX" in plain


def test_the_bank_table_carries_its_source_and_day():
    table = bank_table()
    assert table.source and table.day.year >= 2026
    assert len(table.banks) > 50
    bank = table.by_bin("970436")
    assert bank is not None and (bank.code, bank.vietqr) == ("VCB", VietQrSupport.TRANSFER)
    assert table.by_bin("") is None


def test_marks_are_taken_off_for_formats_without_them():
    assert plain_text("Viện phí – Đặng Thị Ợ\n5") == "Vien phi Dang Thi O 5"


@pytest.mark.parametrize(
    "words",
    [
        *(("decode", vector["payload"]) for vector in VECTORS["valid"] + VECTORS["invalid"]),
        ("decode", CARD),
        ("decode", CARD + "|a|b"),
        ("decode", "000.00.00.H26-260101-0001"),
        ("decode", "K7M42Q9DK7M42Q9DK7M42Q9DK7"),
        ("decode", "rubbish"),
        ("pay", "--bank", "970436", "--account", "1"),
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_every_report_keeps_the_published_schema(kiosk, qr_schema, words):
    qr_schema.check(kiosk("qr", *words, "--json").json)
