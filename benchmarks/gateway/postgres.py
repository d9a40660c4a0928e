"""A PostgreSQL cluster of one's own on a socket in a temporary folder, as an ordinary user owns it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

BIN = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@contextmanager
def cluster() -> Generator[tuple[str, int]]:
    """URL for SQLAlchemy, and the process id of the postmaster. Commits are on disk (fsync on), as in production."""
    programs = BIN
    if programs is None:
        raise FileNotFoundError("PostgreSQL is not installed (/usr/lib/postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="tram-pg-"))
    ordinary: list[str] = []
    if os.geteuid() == 0:  # initdb refuses root
        shutil.chown(folder, "nobody")
        ordinary = ["runuser", "-u", "nobody", "--"]

    def run(program: str, *words: str) -> None:
        subprocess.run([*ordinary, str(programs / program), *words], cwd=folder, check=True, capture_output=True)

    data = folder / "data"
    run("initdb", "-D", str(data), "-A", "trust", "-U", "tram", "--no-sync")
    run("pg_ctl", "-D", str(data), "-o", f"-k {folder} -h '' -c max_connections=200", "-l", str(folder / "log"),
        "-w", "start")  # fmt: skip
    try:
        pid = int((data / "postmaster.pid").read_text("ascii").splitlines()[0])
        yield f"postgresql+psycopg://tram@/postgres?host={folder}", pid
    finally:
        run("pg_ctl", "-D", str(data), "-m", "fast", "-w", "stop")
        shutil.rmtree(folder)
