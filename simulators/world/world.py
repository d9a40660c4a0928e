"""Starts the whole demo world in order, writes everybody's ordinary settings, and ends it again."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulators.world.display import Display, OwnXvfb, PersonsDisplay
from simulators.world.journal import Journal
from simulators.world.processes import Process
from simulators.world.secrets import DemoSecrets, load_or_draw
from simulators.world.settings import gateway_settings, kiosk_settings, treasury_settings, upload_settings

ROOT = Path(__file__).resolve().parents[2]
WINDOW_TITLE = "Trạm"
STAFF_NAME = "demo"
ADMIN_NAME = "quan-tri"
"""Opens every page, the fleet's too."""
OFFICER_NAME = "hien"
"""Receives dossiers at the one-stop centre."""
HELPER_NAME = "lan"
"""Of the community digital team."""
COMMUNE = "99001"
KIOSK_LETTER = "B"
HURRY_IS_SEEN = 0.3
"""The kiosk looks five times a second."""
DEMO_SITE = ROOT / "gateway" / "data" / "demo-hoa-giang.toml"
ONE_STOP_SITE = ROOT / "gateway" / "data" / "demo-one-stop.toml"
TREASURY = "3511000001"
"""The account of the one-stop site's settings."""
CATALOGUE = ROOT / "assets" / "data" / "procedures" / "sample.json"


@dataclass(frozen=True)
class Options:
    """How the world is set up."""

    display: str | None = None
    """A person's display; None starts an own Xvfb."""
    hospital: str = "none"
    """Which hospital's system stands behind the gateway: fhir, rest or none."""
    bank: str = "sepay"
    """Who tells of the money on the main account (`simulators.world.settings.BANKS`)."""
    e_invoice: bool = False
    """This place issues its e-invoices itself, where no hospital's books do."""
    one_stop: bool = False
    """The house is a one-stop centre, with the authority's software behind it."""
    answer_seconds: float = 4.0
    """How long the kiosk waits for a registration before it takes a leased number."""
    fingers: bool = False
    """A finger reader stands there, and the site lets people leave a finger and come back by it."""
    chip: tuple[str, ...] = ()
    """Further arguments of the chip simulator."""
    desk: bool = True
    kiosk: bool = True
    kiosk_program: tuple[str, ...] = (sys.executable, "-m", "kiosk")
    """The kiosk's command line: from source, or the packaged program."""


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class World:
    """Everything the demo needs. `start` raises NotReady with the words of the part that failed."""

    def __init__(self, run: Path, options: Options = Options()) -> None:
        self.run = run
        self.options = options
        self.logs = run / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        for old in self.logs.glob("*.log"):
            old.unlink()
        (run / "site.toml").write_text("", "utf-8")
        self.secrets: DemoSecrets = load_or_draw(run / "secrets")
        self.processes: dict[str, Process] = {}
        self.display: Display | None = None
        self.journal: Journal | None = None
        self.gateway_port = free_port()
        self.hospital_port = free_port()
        """Known before it listens: the gateway need not wait for it."""

    # --- starting

    def start(self) -> None:
        """Start all; returns when the kiosk's process runs and its world is ready."""
        self.display = (
            OwnXvfb(self.run / "screen")
            if self.options.display is None
            else PersonsDisplay(self.options.display, WINDOW_TITLE)
        )
        self.hurry(1.0)
        trust = str(self.run / "trust")
        self.spawn("pcsc", "simulators.pcsc")
        self.spawn("printer", "simulators.printer")
        self.spawn("scanner", "simulators.scanner", "--link", str(self.run / "scanner"))
        if self.options.fingers:
            self.spawn("fingerprint", "simulators.fingerprint", "--link", str(self.run / "finger"))
        self.spawn("card_terminal", "simulators.card_terminal", "--journal", str(self.run / "terminal.json"))
        self.spawn("network", "simulators.network", "--upstream", f"127.0.0.1:{self.gateway_port}")
        self.spawn(
            "insurer",
            "simulators.insurer",
            env=self.secrets.environment,
        )
        webhook = ("--webhook", f"http://127.0.0.1:{self.gateway_port}/v1/webhooks/bank")
        if self.options.bank == "payos":
            self.spawn("bank", "simulators.payos", *webhook, env=self.secrets.environment)
        else:
            # The Treasury's account stands at the same bank, which tells of it at an address of its own.
            also = ("--webhook-for", f"{TREASURY}={webhook[1]}/kho-bac") if self.options.one_stop else ()
            kind = ("--kind", self.options.bank)
            self.spawn("bank", "simulators.bank", *kind, *webhook, *also, env=self.secrets.environment)
        if self.options.e_invoice:
            self.spawn("e_invoice", "simulators.e_invoice", env=self.secrets.environment)
        if self.options.hospital != "none":
            module, store = f"simulators.hospital_{self.options.hospital}", f"hospital-{self.options.hospital}.sqlite"
            arguments = ("--port", str(self.hospital_port), "--store", str(self.run / store))
            self.spawn("hospital", module, *arguments, env=self.secrets.environment)
        if self.options.one_stop:
            arguments = ("--catalogue", str(CATALOGUE), "--store", str(self.run / "one-stop.sqlite"))
            self.spawn("one_stop", "simulators.one_stop", *arguments, env=self.secrets.environment)
            uploads = self.run / "uploads.toml"
            uploads.write_text(upload_settings(), "utf-8")
            arguments = ("upload", "--settings", str(uploads), "--announce")
            self.spawn("phones", "gateway", *arguments, env=self.secrets.environment)
        pcsc = self.processes["pcsc"].ready()
        self.spawn("chip", "simulators.chip", "--vpcd", str(pcsc["port"]), "--trust-out", trust, *self.options.chip)
        self.start_gateway()
        enrolled = (self.run / "state" / "enrolled").exists()
        self.write_kiosk_settings()
        if not enrolled:
            self.wait("gateway")
            self.enrol()
        if self.options.one_stop and not (self.run / "state" / "centre").exists():
            self.wait("gateway")
            self.staff_centre()
        if self.options.kiosk:
            self.start_kiosk()
        for name in (
            "printer",
            "scanner",
            "network",
            "insurer",
            "bank",
            "e_invoice",
            "hospital",
            "one_stop",
            "phones",
            "chip",
            "gateway",
        ):
            if name in self.processes:
                self.wait(name)
        if self.options.desk:
            self.staff_house()
            self.start_desk()

    def spawn(self, name: str, module: str, *arguments: str, env: dict[str, str] | None = None) -> Process:
        """Start one process of this Python with a module's command line."""
        return self.run_program(name, (sys.executable, "-m", module, *arguments), env)

    def run_program(self, name: str, argv: tuple[str, ...], env: dict[str, str] | None = None) -> Process:
        """Start one process of the world."""
        process = Process(
            name,
            list(argv),
            self.logs / f"{name}.log",
            env={"PYTHONPATH": str(ROOT), **(env or {})},
            cwd=ROOT,
        )
        self.processes[name] = process
        return process

    def wait(self, name: str) -> dict[str, Any]:
        """The ready line of one process."""
        return self.processes[name].ready()

    def start_gateway(self) -> Process:
        """The gateway on SQLite, with settings of the demo over those of the demo's site."""
        settings = self.run / "gateway.toml"
        settings.write_text(
            gateway_settings(
                run=self.run,
                port=self.gateway_port,
                insurer=self.wait("insurer")["url"],
                bank=self.wait("bank")["url"],
                bank_kind=self.options.bank,
                invoices=self.wait("e_invoice")["url"] if self.options.e_invoice else None,
                hospital=self.options.hospital,
                hospital_port=self.hospital_port,
                fingers=self.options.fingers,
            ),
            "utf-8",
        )
        if self.options.one_stop:
            with settings.open("a", encoding="utf-8") as more:
                if self.options.bank != "payos":
                    more.write(treasury_settings(self.wait("bank")["url"], self.options.bank))
                more.write(f'\n[one_stop.system]\nurl = "{self.wait("one_stop")["url"]}"\n')
                phones = self.wait("phones")
                more.write(upload_settings(phones["url"], phones["internal"]))
        return self.spawn(
            "gateway",
            "gateway",
            "run",
            "--migrate",
            "--announce",
            *self.gateway_arguments,
            env=self.secrets.environment,
        )

    def restart_gateway(self, site: str = "") -> None:
        """The same gateway with `site` laid over its settings (TOML), until the next restart."""
        (self.run / "site.toml").write_text(site, "utf-8")
        if "gateway" in self.processes:
            self.processes.pop("gateway").stop()
        self.start_gateway().ready()

    @property
    def gateway_url(self) -> str:
        """Where the gateway itself listens; the kiosk reaches it through the relay."""
        return f"http://127.0.0.1:{self.gateway_port}"

    @property
    def gateway_arguments(self) -> list[str]:
        """`--settings` of every gateway command."""
        place = (ONE_STOP_SITE,) if self.options.one_stop else ()
        files = (DEMO_SITE, *place, self.run / "gateway.toml", self.run / "site.toml")
        return [part for file in files for part in ("--settings", str(file))]

    def gateway_command(self, *arguments: str, typed: str = "") -> str:
        """Run `python -m gateway …`; what it printed."""
        return subprocess.run(
            [sys.executable, "-m", "gateway", *arguments],
            input=typed,
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            timeout=60,
            env={**os.environ, **self.secrets.environment},
        ).stdout

    def enrol(self) -> None:
        """Once for a run folder: a staff account, and this kiosk's key with a one-time code."""
        name, settings = "Trạm tự phục vụ số 3 · Sảnh A", str(self.run / "kiosk.toml")
        self.gateway_command(
            "admin", "add", STAFF_NAME, "--role", "staff", "--password-stdin", *self.gateway_arguments,
            typed=self.secrets.staff_password + "\n",
        )  # fmt: skip
        english = "Self-service kiosk 3 · Hall A"
        code = self.gateway_command(
            "enrol-code", name, "--name-en", english, "--letter", KIOSK_LETTER, *self.gateway_arguments
        ).split()[-1]
        subprocess.run(
            [*self.options.kiosk_program, "enrol", "--settings", settings, "--code", code],
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=60,
        )
        (self.run / "state" / "enrolled").touch()

    def staff_house(self) -> None:
        """Once for a run folder: an account that opens every page, and the PIN of the kiosk's technician's mode."""
        done, account = self.run / "state" / "house", self.run / "state" / "house-account"
        if done.exists():
            return
        # A first start may be ended between the two: there is no second account of one name.
        if not account.exists():
            self.add_admin()
            account.touch()
        self.set_pin()
        done.touch()

    def add_admin(self) -> None:
        """An account that opens every page."""
        self.gateway_command(
            "admin", "add", ADMIN_NAME, "--role", "admin", "--password-stdin", *self.gateway_arguments,
            typed=self.secrets.staff_password + "\n",
        )  # fmt: skip

    def set_pin(self) -> None:
        """Of the kiosk's technician's mode."""
        subprocess.run(
            [*self.options.kiosk_program, "technician", "--settings", str(self.run / "kiosk.toml")],
            input=self.secrets.technician_pin + "\n",
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=60,
        )

    @property
    def at_the_kiosk(self) -> str:
        """What stands before a kiosk command that looks at this demo's devices."""
        display = self.display.name if self.display else ""
        return f"DISPLAY={display} PCSCLITE_CSOCK_NAME={self.wait('pcsc')['socket']}"

    def staff_centre(self) -> None:
        """Once for a run folder, also one that was a hospital before: an officer, and somebody of the digital team."""
        self.gateway_command(
            "admin", "add", OFFICER_NAME, "--role", "officer", "--password-stdin", *self.gateway_arguments,
            typed=self.secrets.staff_password + "\n",
        )  # fmt: skip
        self.gateway_command(
            "helper", "add", HELPER_NAME, "--commune", COMMUNE, "--pin-stdin", *self.gateway_arguments,
            typed=self.secrets.helper_pin + "\n",
        )  # fmt: skip
        (self.run / "state" / "centre").touch()

    def write_kiosk_settings(self) -> None:
        """The kiosk's ordinary settings file; only `demo` and its journal tell that this is no hospital."""
        printer, terminal = self.wait("printer"), self.wait("card_terminal")
        text = kiosk_settings(
            run=self.run,
            gateway=self.wait("network")["url"],
            answer_seconds=self.options.answer_seconds,
            printer_port=int(printer["port"]),
            scanner=self.wait("scanner")["path"],
            terminal=(int(terminal["port"]), str(terminal["poi_id"])),
            finger=self.wait("fingerprint")["path"] if self.options.fingers else None,
        )
        (self.run / "kiosk.toml").write_text(text, "utf-8")

    def start_kiosk(self) -> Process:
        """The kiosk's window; its journal starts anew."""
        if self.display is None:
            raise RuntimeError("the display is not there yet")
        journal = self.run / "journal.jsonl"
        journal.write_text("", "utf-8")
        if self.journal is not None:
            self.journal.close()
        self.journal = Journal(journal, lambda: "kiosk" not in self.processes or self.processes["kiosk"].alive)
        env = {"DISPLAY": self.display.name, "PCSCLITE_CSOCK_NAME": self.wait("pcsc")["socket"]}
        if self.options.display is None:
            # No graphics card behind a virtual screen: say so at once instead of letting Mesa look for one.
            env["LIBGL_ALWAYS_SOFTWARE"] = "1"
        argv = (*self.options.kiosk_program, "demo", "--settings", str(self.run / "kiosk.toml"))
        return self.run_program("kiosk", argv, env)

    def start_desk(self) -> Process:
        """The desk, told where everything is by a file that only its owner reads."""
        facts = self.run / "world.json"
        gateway = self.gateway_url
        own = self.options.display is None
        controls = {
            name: process.facts["control"] for name, process in self.processes.items() if "control" in process.facts
        }
        content = {
            "display": self.display.name if self.display else "",
            "frame_buffer": str(self.run / "screen") if own else None,
            "window_title": WINDOW_TITLE,
            "controls": {**controls, "pcscd": controls["pcsc"]},
            "gateway": gateway,
            "staff_page": f"{gateway}/staff",
            "staff_name": STAFF_NAME,
            "staff_password": self.secrets.staff_password,
        }
        with os.fdopen(os.open(facts, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(content, out)
        desk = self.spawn("desk", "simulators.desk", "--world", str(facts))
        desk.ready()
        return desk

    # --- living

    def dead(self) -> Process | None:
        """The first process that ended by itself, if any."""
        return next((process for process in self.processes.values() if not process.alive), None)

    def hurry(self, factor: float) -> None:
        """Divide every waiting time of the kiosk by `factor` (1 to 100) from now on; returns when it has looked."""
        (self.run / "hurry").write_text(str(factor), "utf-8")
        if "kiosk" in self.processes:
            time.sleep(HURRY_IS_SEEN)

    def memory_mb(self, name: str) -> float:
        """Resident memory of a process (VmRSS), in MB."""
        status = Path(f"/proc/{self.processes[name].child.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    # --- ending

    def stop(self) -> None:
        """End everything that was started, in the reverse order, and nothing else."""
        for name in ("kiosk", "desk", "gateway"):
            if name in self.processes:
                self.processes.pop(name).stop()
        for process in self.processes.values():
            process.signal(15)
        for name in list(self.processes):
            self.processes.pop(name).stop()
        if self.journal is not None:
            self.journal.close()
            self.journal = None
        if self.display is not None:
            self.display.close()
            self.display = None

    def __enter__(self) -> World:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def fresh_name() -> str:
    """A name for a run folder of its own."""
    return f"{time.strftime('%H%M%S')}-{secrets.token_hex(3)}"
