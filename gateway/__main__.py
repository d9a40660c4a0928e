"""The gateway's command line: `python -m gateway run | migrate | admin add | enrol-code | xml0 | …` (see --help)."""

from __future__ import annotations

import argparse
import getpass
import json
import logging
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from gateway.settings import Settings, SettingsError, load


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done, 1 failed, 2 usage or settings."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=options.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if options.command == "openapi":
        return _openapi()
    if options.command == "worker":
        from services.fingers.worker import main as fingers

        return fingers()
    try:
        if options.command == "upload":
            return _upload(options)
        settings = load(options.settings)
        return _COMMANDS[options.command](settings, options)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m gateway", description="The server that kiosks talk to.")
    parser.add_argument("--log-level", default="INFO", choices=["DEBUG", "INFO", "WARNING", "ERROR"])
    commands = parser.add_subparsers(dest="command", required=True)
    with_settings = argparse.ArgumentParser(add_help=False)
    with_settings.add_argument(
        "--settings",
        action="append",
        type=Path,
        required=True,
        metavar="FILE",
        help="a later file goes over an earlier",
    )
    run = commands.add_parser("run", parents=[with_settings], help="serve until stopped")
    run.add_argument(
        "--migrate", action="store_true", help="bring the database to the newest shape first (SQLite: always)"
    )
    run.add_argument("--announce", action="store_true", help="print one JSON line when ready; end with standard input")
    commands.add_parser("migrate", parents=[with_settings], help="bring the database to the newest shape")
    admin = commands.add_parser("admin", help="accounts of people")
    add = admin.add_subparsers(dest="admin_command", required=True).add_parser(
        "add", parents=[with_settings], help="make an account or change its password"
    )
    add.add_argument("name")
    add.add_argument("--role", required=True, choices=_ROLES)
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    enrol = commands.add_parser("enrol-code", parents=[with_settings], help="a one-time code for a new kiosk")
    enrol.add_argument("name", help='what people see, e.g. "Trạm tự phục vụ số 3 · Sảnh A"')
    enrol.add_argument("--name-en", help="the same in English")
    enrol.add_argument(
        "--letter", required=True, help="one letter, or two in a large fleet, for numbers given offline (B07)"
    )
    revoke = commands.add_parser("revoke", parents=[with_settings], help="refuse a kiosk's key from now on")
    revoke.add_argument("letter", help="the letter of the enrolled kiosk")
    booked = commands.add_parser("appointments", parents=[with_settings], help="add appointments from a CSV file")
    booked.add_argument(
        "file", type=Path, help="columns: number, clinic, day (2026-11-23), start (08:30), end, kind (booked, revisit)"
    )
    commands.add_parser("hospital", parents=[with_settings], help="what the hospital's system has still to be told")
    payments = commands.add_parser("payments", help="money against the providers' lists")
    day = payments.add_subparsers(dest="payments_command", required=True).add_parser(
        "report",
        parents=[with_settings],
        help="a day's movements; exit code 0 agrees, 1 differs, 3 a provider did not answer",
    )
    day.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD; default yesterday")
    day.add_argument("--csv", type=Path, metavar="FILE", help="write every movement there (- for standard output)")
    xml0 = commands.add_parser("xml0", help="check-in records (XML0)")
    xml0_commands = xml0.add_subparsers(dest="xml0_command", required=True)
    xml0_commands.add_parser("list", parents=[with_settings], help="states, faults and last errors; no personal data")
    take = xml0_commands.add_parser("take-out", parents=[with_settings], help="write every ready record to a folder")
    take.add_argument("directory", type=Path)
    upload = commands.add_parser(
        "upload", parents=[with_settings], help="take photographs from people's phones; needs the table [uploads] alone"
    )
    upload.add_argument("--announce", action="store_true", help="as for run")
    one_stop = commands.add_parser("one-stop", help="the authority's one-stop software")
    one_stop.add_subparsers(dest="one_stop_command", required=True).add_parser(
        "check", parents=[with_settings], help="which procedures of the catalogue it does not receive"
    )
    helper = commands.add_parser("helper", help="people of the community digital team")
    helper_commands = helper.add_subparsers(dest="helper_command", required=True)
    add_helper = helper_commands.add_parser("add", parents=[with_settings], help="make one or give a new PIN")
    add_helper.add_argument("name")
    add_helper.add_argument("--commune", required=True, help="five digits")
    add_helper.add_argument("--card", help="number of their own ID card: they may sign in by it")
    add_helper.add_argument("--pin-stdin", action="store_true", help="read the PIN from standard input")
    helper_commands.add_parser(
        "disable", parents=[with_settings], help="nobody signs in by that name any more"
    ).add_argument("name")
    commands.add_parser("openapi", help="print the API's schema")
    worker = commands.add_parser("worker", help="a child process (started by the gateway itself)")
    worker.add_argument("name", choices=["fingers"])
    return parser


_ROLES = ["staff", "counter", "officer", "cashier", "supervisor", "data-officer", "technician", "committee", "admin"]


def _run(settings: Settings, options: argparse.Namespace) -> int:
    from gateway.serve import serve

    return serve(settings, migrate_first=options.migrate, announce=options.announce)


def _migrate(settings: Settings, _options: argparse.Namespace) -> int:
    from gateway.app import open_house
    from gateway.store.migrate import migrate

    migrate(open_house(settings).store)
    return 0


def _admin(settings: Settings, options: argparse.Namespace) -> int:
    from gateway.app import open_house
    from gateway.staff.accounts import AccountError, Role, add

    if options.password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != password:
            print("The passwords differ.", file=sys.stderr)
            return 1
    try:
        add(open_house(settings), options.name, Role(options.role), password)
    except AccountError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _enrol_code(settings: Settings, options: argparse.Namespace) -> int:
    from gateway.app import open_house
    from gateway.fleet.enrolment import EnrolmentError, make_code

    try:
        code = make_code(open_house(settings), options.name, options.name_en or options.name, options.letter)
    except EnrolmentError as error:
        print(error, file=sys.stderr)
        return 1
    print(code)
    return 0


def _revoke(settings: Settings, options: argparse.Namespace) -> int:
    from gateway.app import open_house
    from gateway.fleet.enrolment import EnrolmentError
    from gateway.fleet.revoking import revoke

    try:
        name = revoke(open_house(settings), options.letter)
    except EnrolmentError as error:
        print(error, file=sys.stderr)
        return 1
    print(name)
    return 0


def _appointments(settings: Settings, options: argparse.Namespace) -> int:
    from gateway.app import open_house
    from gateway.visits.appointments import AppointmentsError, keep, read_lines

    house = open_house(settings)
    try:
        with options.file.open(encoding="utf-8", newline="") as lines:
            read = list(read_lines(house, lines))
    except (AppointmentsError, OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 1
    with house.store.write() as transaction:
        print(keep(house, transaction, read))
    return 0


def _hospital(settings: Settings, _options: argparse.Namespace) -> int:
    from gateway.app import open_house
    from gateway.hospital.overview import lines

    house = open_house(settings)
    with house.store.read() as transaction:
        print("\n".join(lines(house, transaction)))
    return 0


def _xml0(settings: Settings, options: argparse.Namespace) -> int:
    from gateway.app import open_house
    from gateway.xml0.handing import overview, take_out

    house = open_house(settings)
    if options.xml0_command == "list":
        print("\n".join(overview(house)))
        return 0
    try:
        print(take_out(house, options.directory))
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _payments(settings: Settings, options: argparse.Namespace) -> int:
    from datetime import timedelta

    from gateway.app import open_house
    from gateway.clock import day_of
    from gateway.payments.report import Standing, made_now, write_csv

    house = open_house(settings)
    made = made_now(house, options.day or day_of(house.now()) - timedelta(days=1))
    if options.csv is not None and str(options.csv) == "-":
        write_csv(made.lines, sys.stdout)
    elif options.csv is not None:
        with options.csv.open("w", encoding="utf-8", newline="") as file:
            write_csv(made.lines, file)
    sums = ", ".join(f"{standing.value} {made.count(standing)}" for standing in Standing)
    print(f"{made.day}: {sums}", file=sys.stderr)
    if made.unreached:
        print(f"not reached: {', '.join(made.unreached)}", file=sys.stderr)
        return 3
    return 0 if made.agrees else 1


def _upload(options: argparse.Namespace) -> int:
    from gateway.upload.serving import from_files, serve

    return serve(from_files(options.settings), announce=options.announce)


def _one_stop(settings: Settings, _options: argparse.Namespace) -> int:
    import asyncio

    from gateway.app import open_house
    from gateway.one_stop.checking import missing_there

    try:
        lines = asyncio.run(missing_there(open_house(settings)))
    except ConnectionError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


def _helper(settings: Settings, options: argparse.Namespace) -> int:
    from gateway.app import open_house
    from gateway.one_stop.assists import HelperError, add, disable

    house = open_house(settings)
    if options.helper_command == "disable":
        return 0 if disable(house, options.name) else 1
    pin = sys.stdin.readline().strip() if options.pin_stdin else getpass.getpass("PIN: ")
    try:
        add(house, options.name, options.commune, pin, options.card)
    except HelperError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _openapi() -> int:
    from gateway.app import bare

    print(json.dumps(bare().openapi(), ensure_ascii=False, indent=1))
    return 0


_COMMANDS = {
    "run": _run,
    "migrate": _migrate,
    "admin": _admin,
    "enrol-code": _enrol_code,
    "revoke": _revoke,
    "appointments": _appointments,
    "hospital": _hospital,
    "payments": _payments,
    "xml0": _xml0,
    "one-stop": _one_stop,
    "helper": _helper,
}

if __name__ == "__main__":
    sys.exit(main())
