"""`python -m simulators.printer [--port N | --pty [--link PATH]]`: verbs paper, cover, jam, heat, fault, offline…

POST /paper   {"state": "ok" | "low" | "out", "after_rows": N}   after_rows: the roll ends N printed rows later
POST /cover   {"state": "open" | "closed"}
POST /jam     {"on": true, "at": "cut"}      without "at" it jams now
POST /heat    {"on": true}                    POST /fault {"on": true}
POST /offline {"on": true}                    cable pulled; POST /drop {} ends the open connection only
POST /mute    {"on": true}                    takes data, answers nothing
POST /slow    {"rows_per_second": N}          0 prints at once
POST /slip    {"number": N}                   {"bytes": base64, "rows": …}; negative counts from the last
GET  /state, /last.png, /slip-N.png (from 1)
"""

from __future__ import annotations

import argparse
import base64
from collections.abc import Callable, Iterator, Mapping

from simulators.control import ControlServer, Json, announce, wait_for_end
from simulators.printer.paper import Paper
from simulators.printer.wire import Device, PtyWire, TcpWire


class SlipPictures(Mapping[str, Callable[[], bytes]]):
    """last.png and slip-N.png of whatever lies in the tray."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper

    def __getitem__(self, name: str) -> Callable[[], bytes]:
        slips = self._paper.slips
        if name == "last.png" and slips:
            return slips[-1].png
        number = name.removeprefix("slip-").removesuffix(".png")
        if name == f"slip-{number}.png" and number.isdigit() and 1 <= int(number) <= len(slips):
            return slips[int(number) - 1].png
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (f"slip-{number}.png" for number in range(1, len(self._paper.slips) + 1))

    def __len__(self) -> int:
        return len(self._paper.slips)


class Verbs:
    """What a person can do to the printer."""

    def __init__(self, device: Device, wire: TcpWire | PtyWire) -> None:
        self._device = device
        self._paper = device.paper
        self._wire = wire

    def table(self) -> dict[str, Callable[[Json], Json | None]]:
        return {
            "paper": self.paper,
            "cover": self.cover,
            "jam": self.jam,
            "heat": self.heat,
            "fault": self.fault,
            "offline": self.offline,
            "drop": self.drop,
            "mute": self.mute,
            "slow": self.slow,
            "slip": self.slip,
            "unknown": self.unknown,
        }

    def state(self) -> Json:
        paper = self._paper
        return {
            "online": paper.online,
            "paper": paper.paper,
            "cover": "open" if paper.cover_open else "closed",
            "jammed": paper.jammed,
            "cutter_error": paper.cutter_error,
            "overheated": paper.overheated,
            "faulty": paper.faulty,
            "mute": self._device.mute,
            "slips": len(paper.slips),
            "rows": [len(slip.rows) for slip in paper.slips],
            "hanging_rows": len(paper.rows),
            "waiting_bytes": len(self._device.buffer),
            "received_bytes": self._device.received,
            "unknown_commands": self._device.interpreter.unknown,
        }

    def paper(self, body: Json) -> None:
        state, after = str(body["state"]), body.get("after_rows")
        if state not in {"ok", "low", "out"}:
            raise ValueError("state is ok, low or out")
        with self._paper.changed:
            if state == "out" and after is not None:
                self._paper.rows_left = int(after)
            else:
                self._paper.paper, self._paper.rows_left = state, None
            self._paper.changed.notify_all()

    def cover(self, body: Json) -> None:
        if body["state"] not in {"open", "closed"}:
            raise ValueError("state is open or closed")
        with self._paper.changed:
            self._paper.cover_open = body["state"] == "open"
            self._paper.changed.notify_all()

    def jam(self, body: Json) -> None:
        on = bool(body.get("on", True))
        with self._paper.changed:
            if on and body.get("at") == "cut":
                self._paper.jam_at_cut = True
            else:
                self._paper.jammed = on
                self._paper.jam_at_cut = False
                self._paper.cutter_error = self._paper.cutter_error or on
            self._paper.changed.notify_all()

    def heat(self, body: Json) -> None:
        with self._paper.changed:
            self._paper.overheated = bool(body.get("on", True))
            self._paper.changed.notify_all()

    def fault(self, body: Json) -> None:
        with self._paper.changed:
            self._paper.faulty = bool(body.get("on", True))
            self._paper.changed.notify_all()

    def offline(self, body: Json) -> None:
        if body.get("on", True):
            self._wire.offline()
        else:
            self._wire.online()

    def drop(self, _body: Json) -> None:
        self._wire.drop()

    def mute(self, body: Json) -> None:
        self._device.mute = bool(body.get("on", True))

    def slow(self, body: Json) -> None:
        self._paper.rows_per_second = float(body["rows_per_second"])

    def unknown(self, body: Json) -> None:
        """A simpler model: numbers of DLE EOT it does not answer, and whether it knows GS r."""
        self._device.unknown_questions = {int(number) for number in body.get("questions", [])}
        self._device.interpreter.answers_in_order = bool(body.get("in_order", True))

    def slip(self, body: Json) -> Json:
        number = int(body.get("number", -1))
        slips = self._paper.slips
        if not slips or number == 0 or abs(number) > len(slips):
            raise ValueError(f"there are {len(slips)} slips")
        slip = slips[number if number < 0 else number - 1]
        return {"bytes": base64.b64encode(slip.raw).decode(), "rows": len(slip.rows), "width": slip.width}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulators.printer", description="An ESC/POS printer.")
    parser.add_argument("--port", type=int, default=0, help="TCP port on loopback (default: a free one)")
    parser.add_argument("--pty", action="store_true", help="a pseudo-terminal instead of TCP")
    parser.add_argument("--link", help="a stable name for the pseudo-terminal")
    parser.add_argument("--baud", type=int, default=0, help="speed of the pseudo-terminal; 0 as fast as possible")
    parser.add_argument("--rows-per-second", type=float, default=2000.0, help="speed; 0 prints at once")
    parser.add_argument("--detach", action="store_true", help="do not end with standard input")
    options = parser.parse_args()

    paper = Paper(rows_per_second=options.rows_per_second)
    device = Device(paper)
    wire = PtyWire(device, options.link, options.baud) if options.pty else TcpWire(device, options.port)
    verbs = Verbs(device, wire)
    control = ControlServer(verbs.state, verbs.table(), SlipPictures(paper))
    if isinstance(wire, PtyWire):
        announce("printer", control=control.url, path=wire.path)
    else:
        announce("printer", control=control.url, host="127.0.0.1", port=wire.port)
    wait_for_end(options.detach)
    wire.offline()
    control.close()


if __name__ == "__main__":
    main()
