"""The packages of a site: what is in them, how they start, and that they come and go without loss."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from drivers.emrtd.lds.iso19794_4 import FingerCompression, FingerImage
from kiosk.__main__ import WORKERS
from services.fingers.matcher import Grey, MatcherError, MatcherErrorReason, WorkerMatcher
from services.fingers.rules import Position, same_finger
from simulators.fingerprint.ridges import grown, impressions, picture
from simulators.world.person import Manners
from simulators.world.scripted import play, save_slips
from simulators.world.world import Options, World

pytestmark = [pytest.mark.wire, pytest.mark.screen, pytest.mark.timeout(1800)]

PACKAGING = Path(__file__).resolve().parents[2] / "packaging" / "kiosk"
MOST_MB = 110
MATCHER = "tram-matcher"
UNITS = {"tram-kiosk": ("tram-kiosk", "tram-kiosk-screen"), "tram-gateway": ("tram-gateway",)}


def run(*argv: str | Path, timeout: float = 300, ok: bool = True) -> str:
    done = subprocess.run(
        [str(word) for word in argv], capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL
    )
    assert not ok or done.returncode == 0, f"{argv}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def unpacked(built: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both packages unpacked into one folder, as on a machine's disk."""
    root = tmp_path_factory.mktemp("unpacked")
    for file in built.packages.values():
        run("dpkg-deb", "-x", file, root)
    return root


def test_the_kiosks_package_holds_nothing_of_the_demo_and_fits(built: Any, unpacked: Path) -> None:
    names = [str(path.relative_to(unpacked)) for path in (unpacked / "usr/lib/tram-kiosk").rglob("*")]
    assert [name for name in names if "simulators" in name or "vpcd" in name or "gateway/" in name] == []
    archive = run(sys.executable, "-m", "PyInstaller.utils.cliutils.archive_viewer", "-r", "-b",
                  built.program("tram-kiosk"))  # fmt: skip
    assert "services.journeys.check_in" in archive
    assert [
        line for line in archive.splitlines() if "simulators" in line or line.strip(" '").startswith("gateway.")
    ] == []
    size = sum(path.lstat().st_size for path in (unpacked / "usr/lib/tram-kiosk").rglob("*") if path.is_file())
    assert size / 1024**2 < MOST_MB


def test_every_file_belongs_to_root_and_none_is_writable_by_others(built: Any) -> None:
    for file in built.packages.values():
        for line in run("dpkg-deb", "-c", file).splitlines():
            mode, owner = line.split()[:2]
            assert owner == "root/root"
            assert mode.startswith("l") or mode[8] != "w", line


@pytest.mark.parametrize("package", UNITS)
def test_the_units_are_right_and_confined(package: str, unpacked: Path) -> None:
    for unit in UNITS[package]:
        file = unpacked / "lib/systemd/system" / f"{unit}.service"
        text = file.read_text("utf-8")
        assert "User=root" not in text and f"User={package}" in text
        score = run("systemd-analyze", "security", "--offline=true", "--threshold=30", file)
        assert "Overall exposure level" in score


def test_what_a_booted_system_taught_stays() -> None:
    """Tried in a virtual machine (docs/hardware.md): each of these kept the screen from starting."""
    screen, kiosk, doctor, waiting = ((PACKAGING / name).read_text("utf-8") for name in (
        "tram-kiosk-screen.service", "tram-kiosk.service", "tram-kiosk-doctor", "wait-for-screen"))  # fmt: skip
    lines = screen.splitlines()
    allowed = lines.index("SystemCallFilter=@setuid mincore")
    assert allowed > lines.index("SystemCallFilter=~@privileged @obsolete"), "the server would be killed"
    assert "StandardInput=tty" in lines and not [line for line in lines if line.startswith("ExecStartPost")]
    assert "ExecStartPre=/usr/lib/tram-kiosk/wait-for-screen @/tmp/.X11-unix/X7" in kiosk.splitlines()
    assert "/proc/self/net/unix" in waiting, "the socket in /tmp is hidden from the service until it starts"
    groups = next(line for line in kiosk.splitlines() if line.startswith("SupplementaryGroups="))
    assert f"--groups={groups.partition('=')[2].replace(' ', ',')} " in doctor, "it would see other rights"


def test_the_wait_for_the_screen_ends_when_somebody_listens(tmp_path: Path) -> None:
    name = f"tram-test-{os.getpid()}"
    waits = subprocess.Popen(["/bin/sh", str(PACKAGING / "wait-for-screen"), f"@{name}"])
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(f"\0{name}")
            listener.listen()
            assert waits.wait(30) == 0
    finally:
        waits.kill()


def test_the_units_are_understood_by_systemd(unpacked: Path) -> None:
    # Of other packages: what the units stand on. They are played by empty ones, so that only ours are judged.
    others = unpacked / "lib/systemd/system"
    for name in ("pcscd.socket", "network-online.target", "postgresql.service", "systemd-user-sessions.service",
                 "getty@.service", "plymouth-quit.service", "multi-user.target", "sysinit.target", "basic.target",
                 "shutdown.target", "sockets.target", "network.target"):  # fmt: skip
        kind = name.rpartition(".")[2]
        body = {"service": "[Service]\nExecStart=/bin/true\n", "socket": "[Socket]\nListenStream=/run/x\n"}.get(
            kind, ""
        )
        (others / name).write_text(f"[Unit]\nDescription={name}\n{body}", "utf-8")
    (others / "pcscd.service").write_text("[Service]\nExecStart=/bin/true\n", "utf-8")
    (unpacked / "bin").mkdir(exist_ok=True)
    shutil.copy("/bin/true", unpacked / "bin/true")
    xorg = unpacked / "usr/lib/xorg/Xorg"
    xorg.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy("/bin/true", xorg)
    units = [f"{unit}.service" for names in UNITS.values() for unit in names]
    said = run(
        "systemd-analyze", "verify", "--man=no", "--recursive-errors=yes", f"--root={unpacked}", *units, ok=False
    )
    ours = [line for line in said.splitlines() if "tram-" in line]
    assert ours == []


@pytest.mark.parametrize("name", WORKERS)
def test_each_worker_starts_from_the_packaged_program_and_ends_with_its_pipe(name: str, built: Any) -> None:
    done = subprocess.run(
        [built.program("tram-kiosk"), "worker", name], input=b"", capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-1000:]
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", UNITS)
def test_the_matcher_of_its_own_package_serves_the_packaged_program(name: str, built: Any) -> None:
    if MATCHER not in built.packages:
        pytest.skip("the optional matcher is not installed here")
    compares([str(built.program(name))])
    beside = built.out / MATCHER
    moved = beside.rename(built.out / "elsewhere")
    matcher = WorkerMatcher([str(built.program(name)), "worker", "fingers"])
    try:
        with pytest.raises(MatcherError) as without:
            matcher.prepare()
    finally:
        matcher.close()
        moved.rename(beside)
    assert without.value.reason is MatcherErrorReason.NONE


def compares(program: list[str]) -> None:
    """A packaged program's worker extracts and compares, and decodes what chips hold."""
    matcher = WorkerMatcher([*program, "worker", "fingers"], seconds=30)
    try:
        mine = [Grey(256, 288, 500, picture(grown(1), one).tobytes()) for one in impressions(1, 2)]
        first, second = (matcher.extract(one, Position.RIGHT_INDEX) for one in mine)
        assert same_finger(matcher.compare(second, [first]))
        sink = io.BytesIO()
        Image.frombytes("L", (256, 288), mine[0].pixels).save(sink, "JPEG2000", quality_layers=[15])
        chip = FingerImage(2, FingerCompression.JPEG2000, 256, 288, sink.getvalue())
        assert same_finger(matcher.compare(matcher.extract(matcher.decode(chip), Position.RIGHT_INDEX), [first]))
    finally:
        matcher.close()


class Watch:
    """systemd's end of NOTIFY_SOCKET."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))

    def hear(self, word: str, timeout: float) -> None:
        """Wait for one word."""
        self.socket.settimeout(timeout)
        while self.socket.recv(4096).decode() != word:
            pass

    def silent_for(self, seconds: float) -> bool:
        """Whether nothing at all is said; what was said before does not count."""
        self.socket.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                self.socket.recv(4096)
        self.socket.settimeout(seconds)
        try:
            self.socket.recv(4096)
        except TimeoutError:
            return True
        return False


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    made = Watch(tmp_path / "notify")
    yield made
    made.socket.close()


def test_the_packaged_kiosk_checks_a_patient_in_and_is_watched(built: Any, tmp_path: Path, watch: Watch) -> None:
    kiosk = ("env", f"NOTIFY_SOCKET={watch.path}", "WATCHDOG_USEC=1000000", str(built.program("tram-kiosk")))
    with World(tmp_path / "world", Options(desk=False, kiosk_program=kiosk)) as world:
        watch.hear("READY=1", 120)
        play(world, Manners("khang"), None)
        save_slips(world, tmp_path)
        assert list(tmp_path.glob("*.png")), "no slip came out"
        watch.hear("WATCHDOG=1", 30)
        child = world.processes["kiosk"].child.pid
        # A process that stands still is silent for longer than systemd waits, and then systemd ends it.
        os.kill(child, signal.SIGSTOP)
        assert watch.silent_for(2.0)
        os.kill(child, signal.SIGCONT)
        watch.hear("WATCHDOG=1", 30)
        os.kill(child, signal.SIGTERM)
        watch.hear("STOPPING=1", 30)


def test_the_packaged_gateway_serves_and_is_watched(built: Any, tmp_path: Path, watch: Watch) -> None:
    settings = tmp_path / "gateway.toml"
    own = f'database = "sqlite:///{tmp_path}/gateway.sqlite"\n[keys]\ndirectory = "{tmp_path}/keys"\n'
    settings.write_text(f"{own}[server]\nport = 0\n", "utf-8")
    names = (
        "INSURER_PASSWORD",
        "INSURER_OPERATOR_NAME",
        "INSURER_OPERATOR_NUMBER",
        "BANK_WEBHOOK_SECRET",
        "BANK_API_TOKEN",
    )
    secrets = {f"TRAM_{name}": "099180999901" if name.endswith("NUMBER") else "x" * 20 for name in names}
    site = built.out / "tram-gateway" / "_internal" / "gateway" / "data" / "demo-hoa-giang.toml"
    process = subprocess.Popen(
        [built.program("tram-gateway"), "run", "--migrate", "--announce", "--settings", site, "--settings", settings],
        env={**os.environ, **secrets, "NOTIFY_SOCKET": str(watch.path), "WATCHDOG_USEC": "1000000"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        watch.hear("READY=1", 120)
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["name"] == "gateway"
        watch.hear("WATCHDOG=1", 30)
        process.terminate()
        watch.hear("STOPPING=1", 30)
        # uvicorn ends by the very signal it was told: a clean end to systemd.
        assert process.wait(30) == -signal.SIGTERM
    finally:
        process.kill()
        process.communicate()


def test_packages_are_installed_upgraded_removed_and_purged(built: Any, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("a Debian folder of one's own needs root")
    newer = built.again("0.1.1")
    root = tmp_path / "debian"
    run("debootstrap", "--variant=minbase", "--include=adduser", "bookworm", root, timeout=900)
    try:
        _come_and_go(root, built.packages, newer)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _come_and_go(root: Path, older: dict[str, Path], newer: dict[str, Path]) -> None:
    def inside(*argv: str) -> str:
        return run("chroot", root, *argv)

    def install(packages: dict[str, Path]) -> None:
        for file in packages.values():
            shutil.copy(file, root / "tmp")
            # What they stand on is named, and not fetched here: graphics and PC/SC would be 150 MB.
            inside("dpkg", "--force-depends", "--force-confold", "-i", f"/tmp/{file.name}")  # noqa: S108 - its own folder's

    install(older)
    for name in UNITS:
        assert f"{name}:" in (root / "etc/passwd").read_text()
        assert (root / "var/lib" / name).stat().st_mode & 0o077 == 0
        assert "usage" in inside(f"/usr/bin/{name}", "--help")
    settings = root / "etc/tram-kiosk/kiosk.toml"
    settings.write_text(settings.read_text("utf-8") + "\n# ours\n", "utf-8")
    state = root / "var/lib/tram-kiosk/kiosk.key"
    state.write_text("invented", "utf-8")
    install(newer)
    assert "Version: 0.1.1" in inside("dpkg", "-s", "tram-kiosk")
    assert "# ours" in settings.read_text("utf-8") and state.exists()
    if MATCHER in newer:
        for name in UNITS:
            compares(["chroot", str(root), f"/usr/bin/{name}"])
    inside("dpkg", "--force-depends", "-r", *newer)
    assert not (root / "usr/lib/tram-kiosk").exists() and not (root / "usr/bin/tram-gateway").exists()
    assert "# ours" in settings.read_text("utf-8") and state.exists()
    inside("dpkg", "--force-depends", "-P", *newer)
    left = [path for path in (root / "etc", root / "var/lib", root / "lib/systemd", root / "usr")
            for path in path.rglob("*tram-*")]  # fmt: skip
    assert [path for path in left if "dpkg" not in path.parts] == []
    assert "tram-" not in (root / "etc/passwd").read_text()


def test_every_package_they_stand_on_is_one_of_debians() -> None:
    known = run("apt-cache", "pkgnames").split()
    for name in (*UNITS, MATCHER):
        control = (
            Path(__file__).resolve().parents[2] / "packaging" / name.removeprefix("tram-") / "control"
        ).read_text()
        named = next(line for line in control.splitlines() if line.startswith("Depends:")).removeprefix("Depends:")
        for one in named.split(","):
            assert one.split()[0] in known, one
