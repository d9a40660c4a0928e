"""`python -m kiosk procedures check|find|places|schema`: look at a catalogue file, or make the table of places.

Exit codes: 0 good or found, 1 flaws in the file or nothing found, 3 wrong command line.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.commands.usage import ContractParser, keep_contract

if TYPE_CHECKING:
    from kiosk.commands import Commands


def add_parser(commands: Commands) -> None:
    """Declare the command and its verbs."""
    parser = commands.add_parser("procedures", help="check a catalogue of procedures, or search it")
    keep_contract(parser)
    verbs = parser.add_subparsers(
        dest="verb", required=True, metavar="check|find|places|schema", parser_class=ContractParser
    )
    check = verbs.add_parser("check", help="name every flaw of a file by record and field")
    check.add_argument("file", type=Path, help="docs/procedures.md describes the format")
    check.set_defaults(run=run_check)
    find = verbs.add_parser("find", help="what people would find")
    find.add_argument("text", help="as somebody types it")
    find.add_argument("--file", type=Path, help="a catalogue; the sample without it")
    find.set_defaults(run=run_find)
    places = verbs.add_parser("places", help="the table of provinces and communes from two lists (docs/procedures.md)")
    places.add_argument("communes", type=Path, help="CSV of what there is now")
    places.add_argument("changes", type=Path, help="CSV of what each old ward became")
    places.add_argument("--name", required=True, help="what the table is")
    places.add_argument("--source", required=True, help="who says so")
    places.add_argument("--accessed", required=True, type=date.fromisoformat, help="the day it was read")
    places.add_argument("--since", default=date(2025, 7, 1), type=date.fromisoformat, help="from when it holds")
    places.set_defaults(run=run_places)
    schema = verbs.add_parser("schema", help="the JSON Schema of a format")
    schema.add_argument("name", choices=("procedures", "calendar", "places"))
    schema.set_defaults(run=run_schema)


def run_check(arguments: argparse.Namespace) -> int:
    """Print every flaw, or what the file holds."""
    from services.procedures.importing import CatalogueError, read_catalogue

    try:
        catalogue = read_catalogue(arguments.file)
    except OSError as error:
        print(f"{arguments.file}: {error.strerror}", file=sys.stderr)
        return 1
    except CatalogueError as error:
        for flaw in error.flaws:
            print(f"{arguments.file}: {flaw}", file=sys.stderr)
        return 1
    sample = " · SAMPLE, nobody may rely on it" if catalogue.sample else ""
    print(f"{catalogue.name}: {len(catalogue.procedures)} records, updated {catalogue.updated}{sample}")
    return 0


def run_find(arguments: argparse.Namespace) -> int:
    """Print the hits in their order."""
    from datetime import datetime

    from services.procedures.calendar import HERE
    from services.procedures.files import SAMPLE
    from services.procedures.importing import CatalogueError, read_catalogue
    from services.procedures.search import Index

    try:
        catalogue = read_catalogue(arguments.file or SAMPLE)
    except (OSError, CatalogueError) as error:
        print(error, file=sys.stderr)
        return 1
    hits = Index(catalogue, datetime.now(HERE).date()).find(arguments.text)
    for hit in hits:
        print(f"{hit.score:6.1f}  {hit.procedure.code:12}  {hit.procedure.short}")
    return 0 if hits else 1


def run_places(arguments: argparse.Namespace) -> int:
    """Print the table: `… places COMMUNES CHANGES … > assets/data/places/viet-nam.json`."""
    from pydantic import ValidationError

    from services.procedures.places import written
    from services.procedures.places_import import PlacesError, read_lists

    try:
        places = read_lists(
            arguments.communes,
            arguments.changes,
            name=arguments.name,
            source=arguments.source,
            accessed=arguments.accessed,
            since=arguments.since,
        )
    except (OSError, PlacesError, ValidationError) as error:
        print(error, file=sys.stderr)
        return 1
    sys.stdout.write(written(places))
    return 0


def run_schema(arguments: argparse.Namespace) -> int:
    """Print a schema: `… schema procedures > docs/procedures.schema.json`."""
    from services.procedures.files import schema_text

    sys.stdout.write(schema_text(arguments.name))
    return 0
