"""Keeps one private pcscd alive exactly as long as who started it: run by path, standard library only.

    python -I -S keeper.py FOLDER LISTENER_FD COMMAND...

LISTENER_FD is a listening Unix socket that becomes descriptor 3 of COMMAND, as a service manager would hand it over.
On standard input a byte `S` ends COMMAND gently and `K` kills it at once. The end of input means that who started it
is gone: COMMAND ends gently and FOLDER is removed. A line with the pid of COMMAND is printed.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys

_FIRST_PASSED_DESCRIPTOR = 3
_GENTLE_SECONDS = 3.0


def main() -> int:
    """Start, watch, end. The exit status is that of the command."""
    folder, listener, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    if listener != _FIRST_PASSED_DESCRIPTOR:
        os.dup2(listener, _FIRST_PASSED_DESCRIPTOR)
        os.close(listener)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=2, pass_fds=(_FIRST_PASSED_DESCRIPTOR,))
    os.close(_FIRST_PASSED_DESCRIPTOR)
    print(child.pid, flush=True)
    exited = os.pidfd_open(child.pid)
    select.select([0, exited], [], [])
    word = os.read(0, 1) if child.poll() is None else b"S"
    if word == b"K":
        child.kill()
    else:
        child.terminate()
    try:
        status = child.wait(_GENTLE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        status = child.wait()
    if not word:
        shutil.rmtree(folder, ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
