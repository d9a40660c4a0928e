"""Keeps one private pcscd alive exactly as long as who started it: run by path, standard library only.

    python -I -S keeper.py LISTENER_FD COMMAND...

LISTENER_FD is a listening Unix socket that becomes descriptor 3 of COMMAND, as a service manager would hand it over.
On standard input a byte `K` kills COMMAND at once; the end of input ends it gently. A line with its pid is printed.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys

_FIRST_PASSED_DESCRIPTOR = 3
_GENTLE_SECONDS = 3.0


def main() -> int:
    """Start, watch, end. The exit status is that of the command."""
    listener, command = int(sys.argv[1]), sys.argv[2:]
    if listener != _FIRST_PASSED_DESCRIPTOR:
        os.dup2(listener, _FIRST_PASSED_DESCRIPTOR)
        os.close(listener)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=2, pass_fds=(_FIRST_PASSED_DESCRIPTOR,))
    os.close(_FIRST_PASSED_DESCRIPTOR)
    print(child.pid, flush=True)
    exited = os.pidfd_open(child.pid)
    ready, _, _ = select.select([0, exited], [], [])
    if exited not in ready:
        if os.read(0, 1) == b"K":
            child.kill()
        else:
            child.terminate()
    try:
        return child.wait(_GENTLE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


if __name__ == "__main__":
    sys.exit(main())
