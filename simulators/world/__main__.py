"""`script/start`: the demo, or a scripted journey. Ctrl-C ends everything it started and nothing else."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from simulators import citizens
from simulators.world.cases import BY_NAME, CASES, Case
from simulators.world.check_in import UNDISTURBED
from simulators.world.dossiers import FOLLOWINGS, run_following
from simulators.world.filing import FILINGS, run_filing
from simulators.world.journal import ScreenDidNotCome
from simulators.world.paying import BILLS, FINDS, WITH, Paying, run_pay
from simulators.world.person import Manners
from simulators.world.processes import NotReady
from simulators.world.scripted import ALL
from simulators.world.scripted import run as run_scripted
from simulators.world.settings import BANKS
from simulators.world.world import ADMIN_NAME, HELPER_NAME, OFFICER_NAME, ROOT, Options, World

RUN = ROOT / ".run" / "demo"


class Ended(Exception):
    """Somebody wants the demo to end."""


def main() -> int:
    """Parse, start, wait, end."""
    options = _options()
    if options.scripted:
        manners = Manners(options.citizen, options.language, options.text, options.contrast)
        program = Options.kiosk_program if options.kiosk_program is None else (str(options.kiosk_program.resolve()),)
        if options.scripted == "pay":
            hospital = options.hospital if options.bill == "hospital" else "none"
            how = Paying(options.found_by, options.pay_with, options.bill)
            place = Options(
                desk=False,
                kiosk_program=program,
                hospital=hospital,
                bank=options.bank,
                e_invoice=options.e_invoice,
            )
            return run_pay(options.out, manners, how, place)
        if options.scripted in FILINGS:
            return run_filing(options.scripted, options.out, manners, program)
        if options.scripted in FOLLOWINGS:
            return run_following(options.scripted, options.out, manners, program)
        return run_scripted(options.scripted, options.out, manners, _cases(options.case), program)
    fingers = not options.one_stop and find_spec("nbis") is not None  # the optional matcher
    place = Options(
        display=_display(options.own_screen),
        hospital="none" if options.e_invoice else options.hospital,
        bank=options.bank,
        e_invoice=options.e_invoice,
        fingers=fingers,
        one_stop=options.one_stop,
    )
    return demo(options.run, place)


def demo(run: Path, place: Options) -> int:
    """Run until Ctrl-C."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise Ended

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    began = time.monotonic()
    world = World(run, place)
    try:
        world.start()
        if world.journal is not None:
            first = world.journal.next(60.0)
            print(f"The kiosk's first screen was there {first.t - began:.1f} s after the start.")
        _tell(world)
        while (dead := world.dead()) is None:
            time.sleep(0.5)
        print(f"{dead.name} ended by itself. {dead.tail()}", file=sys.stderr)
        return 1
    except (NotReady, ScreenDidNotCome) as error:
        print(f"The demo could not start: {error}", file=sys.stderr)
        return 1
    except Ended:
        print("\nEnding what was started …")
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        world.stop()


def _tell(world: World) -> None:
    facts = {name: process.facts for name, process in world.processes.items()}
    own = world.options.display is None
    window = f"on a virtual screen of its own ({world.display.name})" if own and world.display else "on your display"
    doctor = f"{world.at_the_kiosk} .venv/bin/python -m kiosk doctor --settings {world.run / 'kiosk.toml'}"
    lines = [
        "",
        "Trạm runs. All people, numbers and money are invented (BẢN THỬ).",
        "",
        f"  simulator desk   {facts['desk']['url']}   see and touch the kiosk, show cards, pay, break things",
        f"  staff page       {world.gateway_url}/staff   account demo, password {world.secrets.staff_password}",
        f"  every page       {world.gateway_url}/staff/fleet   the kiosks; account {ADMIN_NAME}, the same password",
        f"  metrics          curl -H 'Authorization: Bearer {world.secrets.metrics_token}' {world.gateway_url}/metrics",
        *_reception(world),
        f"  gateway          {world.gateway_url}   (SQLite; the kiosk reaches it at {facts['network']['url']})",
        f"  insurer, bank    {facts['insurer']['url']}, {facts['bank']['url']}",
        f"  hospital         {facts['hospital']['url'] if 'hospital' in facts else 'none connected'}",
        f"  printer          127.0.0.1:{facts['printer']['port']}",
        f"  scanner          {facts['scanner']['path']}",
        f"  virtual reader   port {facts['pcsc']['port']}: {facts['pcsc']['listens']}",
        f"  kiosk's window   {window}",
        f"  technician       sign and clock of the top bar in turn, five times; PIN {world.secrets.technician_pin}",
        f"  doctor           {doctor}",
        f"  logs             {world.logs}",
        "",
        "Over SSH: ssh -L PORT:127.0.0.1:PORT this-machine, with the desk's port. Ctrl-C ends everything.",
        "",
    ]
    print("\n".join(lines), flush=True)


def _reception(world: World) -> list[str]:
    if not world.options.one_stop:
        return []
    return [
        f"  reception        {world.gateway_url}/staff/reception   account {OFFICER_NAME}, the same password",
        f"  digital team     signs in below the kiosk's guides: {HELPER_NAME}, PIN {world.secrets.helper_pin}",
        f"  page for phones  {world.processes['phones'].facts['url']}   opened by the code on the kiosk's screen",
        f"  authority        {world.processes['one_stop'].facts['url']}   (its stand-in: docs/one-stop.md)",
    ]


def _cases(name: str | None) -> tuple[Case, ...]:
    if name is None:
        return (UNDISTURBED,)
    if name == ALL:
        return CASES
    first = BY_NAME[name].follows
    return (BY_NAME[first], BY_NAME[name]) if first else (BY_NAME[name],)


def _display(own: bool) -> str | None:
    """The person's display when there is one that answers."""
    name = os.environ.get("DISPLAY")
    if own or not name:
        return None
    answers = subprocess.run(["xdpyinfo"], capture_output=True, check=False, timeout=5).returncode == 0
    return name if answers else None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/start", description="The whole demo of Trạm on this machine.")
    parser.add_argument("--own-screen", action="store_true", help="a virtual screen even where there is a display")
    parser.add_argument("--run", type=Path, default=RUN, help="folder of the demo's own state (default: %(default)s)")
    parser.add_argument(
        "--hospital",
        choices=["rest", "fhir", "none"],
        default="rest",
        help="the hospital's own system behind the gateway (default: %(default)s)",
    )
    parser.add_argument(
        "--bank", choices=list(BANKS), default="sepay", help="who tells of the money that came (default: %(default)s)"
    )
    parser.add_argument(
        "--e-invoice", action="store_true", help="the place issues e-invoices itself, without a hospital's system"
    )
    parser.add_argument("--one-stop", action="store_true", help="a one-stop centre instead of the hospital")
    parser.add_argument(
        "--scripted", choices=["check-in", "pay", *FILINGS, *FOLLOWINGS], help="play a journey by itself and exit"
    )
    parser.add_argument(
        "--case",
        choices=[*BY_NAME, ALL],
        help="a case of the scripted check-in, or all of them in one world: "
        + "; ".join(f"{case.name}: {case.about}" for case in CASES),
    )
    parser.add_argument("--found-by", choices=FINDS, default="chip", help="pay: how the bill is found")
    parser.add_argument("--bill", choices=BILLS, default="own", help="pay: a visit's own, or the hospital system's")
    parser.add_argument("--pay-with", choices=WITH, default="vietqr", help="pay: by code or by card")
    parser.add_argument("--out", type=Path, default=Path("scripted"), help="folder for pictures, slip and summary.json")
    parser.add_argument("--kiosk-program", type=Path, help="the packaged kiosk instead of the one from source")
    people = [one.id for one in citizens.load_all()]
    parser.add_argument("--citizen", choices=people, default="khang")
    parser.add_argument("--language", choices=["vi", "en"], default="vi")
    parser.add_argument("--text", choices=["normal", "large"], default="normal")
    parser.add_argument("--contrast", choices=["normal", "high"], default="normal")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
