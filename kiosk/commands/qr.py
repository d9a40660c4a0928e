"""`python -m kiosk qr decode TEXT [--json]` says what a code is; `qr pay …` writes a VietQR text.

Exit codes: 0 read or written, 1 no code that is known or a wrong one, 3 wrong command line.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from kiosk.commands.usage import ContractParser, keep_contract

if TYPE_CHECKING:
    from kiosk.commands import Commands
    from services.codes.errors import CodeError

OK, NOT_A_CODE, USAGE = 0, 1, 3


def add_parser(commands: Commands) -> None:
    """Declare the command and its verbs."""
    parser = commands.add_parser("qr", help="take a QR text apart, or write a VietQR")
    keep_contract(parser)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="decode|pay", parser_class=ContractParser)
    decode = verbs.add_parser("decode", help="say what a text is and what stands in it")
    decode.add_argument("text", metavar="TEXT", help="what the scanner read; - reads standard input")
    decode.add_argument("--json", action="store_true", help="one JSON object (docs/qr-decode.schema.json)")
    decode.add_argument("--tolerant", action="store_true", help="also read a VietQR with its service inside 38.01")
    decode.set_defaults(run=run_decode)
    pay = verbs.add_parser("pay", help="write the text of a VietQR transfer")
    pay.add_argument("--bank", required=True, metavar="BIN", help="6 digits, or a bank's short code")
    pay.add_argument("--account", required=True, metavar="N")
    pay.add_argument("--amount", type=_dong, metavar="D", help="whole đồng; without it the payer types it")
    pay.add_argument("--purpose", metavar="T", help="at most 25 characters; marks are taken off")
    pay.add_argument("--bill", metavar="T", help="at most 25 characters")
    pay.add_argument("--json", action="store_true")
    pay.set_defaults(run=run_pay)


def _dong(text: str) -> int:
    """Digits alone: Python also takes signs, underscores and digits of other scripts for a number."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of đồng")
    return int(text)


def run_decode(arguments: argparse.Namespace) -> int:
    """Print what the text is; 1 when it is nothing that is known."""
    from kiosk.commands.qr_report import describe, refusal
    from services.codes.detect import read_code
    from services.codes.errors import CodeError
    from services.codes.plain import as_read
    from services.codes.vietqr import looks_like_emv, recover

    text: str = sys.stdin.read() if arguments.text == "-" else arguments.text
    try:
        tolerant = arguments.tolerant and looks_like_emv(as_read(text))
        code = recover(text) if tolerant else read_code(text)
    except CodeError as error:
        _print(refusal(error), arguments.json)
        return NOT_A_CODE
    _print(describe(code), arguments.json)
    return OK


def run_pay(arguments: argparse.Namespace) -> int:
    """Print the text of the code; 3 when it may not be written so."""
    from kiosk.commands.qr_report import describe
    from services.codes.banks import VietQrSupport, bank_table
    from services.codes.errors import CodeError
    from services.codes.plain import plain_text
    from services.codes.vietqr import decode, transfer

    table = bank_table()
    bank = table.by_bin(arguments.bank) or table.by_code(arguments.bank)
    if bank is None:
        print(f"no bank {arguments.bank} in the list of {table.day}", file=sys.stderr)
    elif bank.vietqr is VietQrSupport.NONE:
        print(f"{bank.short_name} takes no VietQR by the list of {table.day}", file=sys.stderr)
    try:
        payload = transfer(
            bin=bank.bin if bank is not None else arguments.bank,
            account=arguments.account,
            amount=arguments.amount,
            purpose=None if arguments.purpose is None else plain_text(arguments.purpose),
            bill=None if arguments.bill is None else plain_text(arguments.bill),
        )
    except CodeError as error:
        return _refused(error)
    if arguments.json:
        _print({"payload": payload, **describe(decode(payload))}, True)
    else:
        print(payload)
    return OK


def _refused(error: CodeError) -> int:
    print(f"qr pay: {error.where}: {error.detail}", file=sys.stderr)
    return USAGE


def _print(report: dict[str, object], as_json: bool) -> None:
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
        return
    for name, value in report.items():
        if isinstance(value, dict):
            print(f"{name}:")
            items: dict[str, object] = value  # pyright: ignore[reportUnknownVariableType] - json by construction
            for key, inner in items.items():
                print(f"  {key}: {_visible(inner)}")
        else:
            print(f"{name}: {_visible(value)}")


def _visible(value: object) -> str:
    """As it stands, but nothing of a stranger's code moves the cursor or recolours the screen."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in str(value))
