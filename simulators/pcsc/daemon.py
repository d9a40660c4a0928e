"""One private pcscd with a virtual reader of two slots: own socket, own ports, never the system's daemon."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

from simulators.pcsc import isolation

_LIBRARY = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
_READER_CONF = """FRIENDLYNAME "Virtual PCD"
DEVICENAME   /dev/null:0x{port:04X}
LIBPATH      {library}
CHANNELID    0x{port:04X}
"""
_KEEPER = Path(__file__).with_name("keeper.py")
_PORTS = range(20000, 32000, 2)  # below the range the system draws client ports from
_READY_SECONDS = 10.0
_LISTENING = "0A"  # TCP_LISTEN in /proc/net/tcp
_LONGEST_SOCKET_PATH = 100  # sockaddr_un holds 108

READERS = ("Virtual PCD 00 00", "Virtual PCD 00 01")
"""Names of the two slots as PC/SC lists them."""


class PrivatePcscd:
    """Context manager: `with PrivatePcscd() as pcsc: run(client, env={**os.environ, **pcsc.env})`.

    `port` and `port + 1` are vpcd's, one a slot; **vpcd listens on all addresses**, so this is for development and
    demonstration machines only. Socket path and ports stay the same over stop and start. Needs pcscd and
    vsmartcard-vpcd; works as root without systemd, and as a user where user namespaces are allowed.
    """

    def __init__(self, port: int | None = None) -> None:
        self._wanted_port = port
        self._folder: Path | None = None
        self._keeper: subprocess.Popen[bytes] | None = None
        self._plugged = True
        self._claim: socket.socket | None = None
        self.port = 0
        """vpcd's port of the first slot, known after the first start."""
        self.pid: int | None = None
        """pid of pcscd while it runs."""

    @property
    def socket_path(self) -> Path:
        """Where clients connect."""
        return self._place() / "comm"

    @property
    def log_path(self) -> Path:
        """What pcscd said: errors."""
        return self._place() / "pcscd.log"

    @property
    def env(self) -> dict[str, str]:
        """Variables that lead a PC/SC client to this daemon; set them before the client's library connects first."""
        return {"PCSCLITE_CSOCK_NAME": str(self.socket_path)}

    @property
    def running(self) -> bool:
        """Whether pcscd is alive."""
        return self._keeper is not None and self._keeper.poll() is None

    def start(self) -> None:
        """Start and wait until both slots listen. RuntimeError tells what pcscd said when it does not come up."""
        if self.running:
            return
        self._reap()
        if not _LIBRARY.is_file() or shutil.which("pcscd", path=_search_path()) is None:
            raise RuntimeError("pcscd and vsmartcard-vpcd are not installed (script/packages.txt)")
        if not self.port:
            if self._wanted_port:
                self.port = self._wanted_port
            else:
                self.port, self._claim = _free_pair()
        self._write_configuration()
        listener = self._listen()
        try:
            self._launch(listener)
        finally:
            listener.close()
        self._await_slots()

    def stop(self) -> None:
        """End gently; clients then find no service, as after `systemctl stop pcscd`."""
        self._end(b"S")

    def kill(self) -> None:
        """End as a crash would."""
        self._end(b"K")

    def restart(self) -> None:
        """Stop, then start on the same socket and ports."""
        self.stop()
        self.start()

    def unplug(self) -> None:
        """Restart without any reader: pcscd cannot lose a configured reader while it runs."""
        self._restart_with(plugged=False)

    def plug(self) -> None:
        """Restart with the reader."""
        self._restart_with(plugged=True)

    def _restart_with(self, plugged: bool) -> None:
        self.stop()
        self._plugged = plugged
        self.start()

    def close(self) -> None:
        """Stop and remove the folder."""
        self.stop()
        if self._claim is not None:
            self._claim.close()
            self._claim = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __enter__(self) -> PrivatePcscd:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _place(self) -> Path:
        if self._folder is None:
            folder = tempfile.mkdtemp(prefix=isolation.FOLDER_PREFIX)
            if len(folder) > _LONGEST_SOCKET_PATH:
                os.rmdir(folder)
                folder = tempfile.mkdtemp(prefix=isolation.FOLDER_PREFIX, dir="/tmp")
            self._folder = Path(folder)
        return self._folder

    def _write_configuration(self) -> None:
        folder = self._place() / "readers"
        folder.mkdir(exist_ok=True)
        library = self._place() / _LIBRARY.name  # the drivers directory is hidden from pcscd
        if not library.exists():
            shutil.copyfile(_LIBRARY, library)
        entry = _READER_CONF.format(port=self.port, library=library) if self._plugged else ""
        (folder / "vpcd").write_text(entry, encoding="ascii")

    def _listen(self) -> socket.socket:
        self.socket_path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(self.socket_path))
        listener.listen(16)
        return listener

    def _launch(self, listener: socket.socket) -> None:
        pcscd = ["pcscd", "--foreground", "--config", str(self._place() / "readers")]
        handed = listener.fileno()
        with self.log_path.open("ab") as log:
            self._keeper = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_KEEPER), str(self._place()), str(handed), *isolation.command(pcscd)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                pass_fds=(handed,),
                start_new_session=True,  # Ctrl-C is for who started us; the end of input is the keeper's sign
                env={**os.environ, "PATH": _search_path()},
            )
        assert self._keeper.stdout is not None  # noqa: S101  asked for above
        self.pid = int(self._keeper.stdout.readline() or 0) or None

    def _await_slots(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while self.running and time.monotonic() < deadline:
            if not self._plugged or {self.port, self.port + 1} <= _listening():
                return
            time.sleep(0.005)
        self.stop()
        said = self.log_path.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"pcscd did not come up on ports {self.port} and {self.port + 1}: {said}")

    def _end(self, word: bytes) -> None:
        keeper = self._keeper
        if keeper is None:
            return
        assert keeper.stdin is not None  # noqa: S101  asked for at launch
        try:
            keeper.stdin.write(word)
            keeper.stdin.close()
        except BrokenPipeError:
            pass  # it is gone already
        keeper.wait()
        self._reap()
        self.socket_path.unlink(missing_ok=True)

    def _reap(self) -> None:
        keeper, self._keeper, self.pid = self._keeper, None, None
        if keeper is None:
            return
        for pipe in (keeper.stdin, keeper.stdout):
            if pipe is not None and not pipe.closed:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        keeper.wait()


def _search_path() -> str:
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("", port))
        except OSError:
            return False
        return True


def _listening() -> set[int]:
    """TCP ports that somebody listens on. Read, not tried out: a port that is bound for a try is not free for vpcd."""
    ports: set[int] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTENING:
                    ports.add(int(fields[1].rpartition(":")[2], 16))
    return ports


def _free_pair() -> tuple[int, socket.socket]:
    """Two ports side by side that nobody listens on, and the claim that keeps other daemons of ours off them.

    pcscd listens some time after the ports were found free, and not at all while the reader is unplugged.
    """
    for port in random.sample(_PORTS, k=200):
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            claim.bind(f"\0tram-vpcd-{port}")  # abstract: gone with us, however we end
        except OSError:
            claim.close()
            continue
        if _is_free(port) and _is_free(port + 1):
            return port, claim
        claim.close()
    raise RuntimeError("no two free ports side by side")
