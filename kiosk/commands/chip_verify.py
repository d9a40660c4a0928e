"""`chip verify DIR --trust DIR`: passive authentication on files, without a card."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from drivers.emrtd.reading import FileId
from kiosk.commands import chip_report
from kiosk.commands.chip_exit import RESULTS, ChipExit, exit_of_files, open_store, show
from services.trust import passive
from services.trust.judgement import groups_of, same_country

_NAME = re.compile(r"(?:EF[._])?(DG[0-9]{1,2}|SOD|COM|CardAccess|CardSecurity)(?:\.bin)?", re.IGNORECASE)
_IDS = {file.value.removeprefix("EF.").upper(): file for file in FileId}
MAX_FILE = 16 * 1024 * 1024


def run(arguments: argparse.Namespace) -> int:
    """Judge the files; see the exit codes of `kiosk.commands.chip`."""
    store = open_store(arguments.trust)
    if store is None:
        return ChipExit.USAGE
    folder: Path = arguments.folder
    try:
        found = read_folder(folder)
    except OSError as error:
        print(f"chip verify: {folder}: {error.strerror}", file=sys.stderr)
        return ChipExit.USAGE
    groups = groups_of(found)
    verdict = passive.authenticate(found.get(FileId.SOD), groups, store, datetime.now(UTC))
    verdict = same_country(verdict, groups)
    code = exit_of_files(verdict)
    report: dict[str, object] = {
        "schema": "tram-chip-1",
        "command": "verify",
        "result": RESULTS[code],
        "reason": verdict.reason.value,
        "files": chip_report.files(found),
        "groups": chip_report.groups(found),
        "verdicts": {"passive": chip_report.passive(verdict)},
    }
    show(report, arguments.json)
    return code


def read_folder(folder: Path) -> dict[FileId, bytes]:
    """Files of a folder by their names: EF_DG1.bin, EF.SOD, dg13.bin … Others are left alone. Raises OSError."""
    found: dict[FileId, bytes] = {}
    for path in sorted(folder.iterdir()):
        match = _NAME.fullmatch(path.name)
        file = _IDS.get(match.group(1).upper()) if match else None
        if file is not None and path.is_file() and path.stat().st_size <= MAX_FILE:
            found[file] = path.read_bytes()
    return found


def file_name(file: FileId) -> str:
    """EF_DG1.bin for EF.DG1."""
    return file.value.replace(".", "_") + ".bin"
