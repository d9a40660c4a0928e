"""A mount namespace around a private pcscd, so that it neither writes the system daemon's files nor claims USB readers.

pcscd 1.9.9 writes and at its end removes /run/pcscd/pcscd.pid whatever socket it serves, and loads every driver bundle
of the drivers directory. Inside the namespace both places are empty.
"""

from __future__ import annotations

import functools
import os
import subprocess
from pathlib import Path

_DRIVERS = Path("/usr/lib/pcsc/drivers")
_SYSTEM_PID_FILE = Path("/run/pcscd/pcscd.pid")
FOLDER_PREFIX = "tram-pcsc-"
"""How folders of private daemons begin: they stand in the arguments, which tells one of ours from the system's."""
_SCRIPT = (
    'for place in /run "$0"; do mount -t tmpfs none "$place" || exit 97; done; LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"'
)
_PLAIN_SCRIPT = 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"'


def command(program: list[str]) -> list[str]:
    """The command that runs `program` isolated, with the variables of socket activation set for its own pid.

    Where the system allows no namespace (some containers) it runs plainly, but RuntimeError when that would touch the
    files of a pcscd of the system.
    """
    namespace = _namespace()
    if namespace is not None:
        return [*namespace, "sh", "-c", _SCRIPT, str(_DRIVERS), *program]
    if _system_daemon_runs():
        raise RuntimeError(
            f"no mount namespace here, and {_SYSTEM_PID_FILE} belongs to the system's pcscd: not started"
        )
    return ["sh", "-c", _PLAIN_SCRIPT, "pcscd", *program]


def _system_daemon_runs() -> bool:
    """Whether the pid file names a living pcscd that is none of ours."""
    try:
        pid = int(_SYSTEM_PID_FILE.read_text(encoding="ascii"))
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return False
    return FOLDER_PREFIX.encode() not in arguments


@functools.cache
def _namespace() -> tuple[str, ...] | None:
    unshare = ["unshare", "--mount", "--propagation", "private"]
    if os.geteuid() != 0:
        unshare[1:1] = ["--user", "--map-root-user"]
    probe = [*unshare, "sh", "-c", 'mount -t tmpfs none "$0"', str(_DRIVERS)]
    try:
        worked = subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return None
    return tuple(unshare) if worked else None
