"""`python -m simulators.scanner [--link PATH] [--terminator crlf] [--baud N]`

POST /scan    {"text": "…"}                         one code, as the scanner sends it
POST /bytes   {"hex": "…"}                          exactly these bytes
POST /garbage {"length": 200, "seed": 1}            noise
POST /flood   {"bytes": 1000000}                    as fast as the line takes it
POST /unplug  {}   POST /plug {}                    the cable; the name given with --link stays the same
GET  /state
"""

from __future__ import annotations

import argparse
import os
import random
import select
import threading
import time
import tty
from pathlib import Path

from simulators.control import ControlServer, Json, announce, wait_for_end

TERMINATORS = {"cr": b"\r", "lf": b"\n", "crlf": b"\r\n", "none": b""}


class Scanner:
    """One scanner; the far end of its pseudo-terminal is the kiosk's serial port."""

    def __init__(self, link: Path | None, prefix: bytes, suffix: bytes, terminator: bytes, baud: int) -> None:
        self._link = link
        self._prefix = prefix
        self._end = suffix + terminator
        self._byte_seconds = 10 / baud if baud else 0.0
        self._ends: tuple[int, int] | None = None
        self._lock = threading.Lock()
        self.path = ""
        self.scans = 0
        self.lost_bytes = 0
        self.plug({})

    def plug(self, _body: Json) -> Json:
        """Plug in: a new pseudo-terminal under the same name."""
        with self._lock:
            if self._ends is None:
                ours, theirs = os.openpty()
                tty.setraw(theirs)
                os.set_blocking(ours, False)
                self._ends = (ours, theirs)
                self.path = os.ttyname(theirs)
                if self._link is not None:
                    self._link.unlink(missing_ok=True)
                    self._link.symlink_to(self.path)
                    self.path = str(self._link)
        return {"path": self.path}

    def unplug(self, _body: Json) -> None:
        """Pull the cable."""
        with self._lock:
            if self._ends is not None:
                ends, self._ends = self._ends, None
                if self._link is not None:
                    self._link.unlink(missing_ok=True)
                for end in reversed(ends):
                    os.close(end)

    def scan(self, body: Json) -> None:
        """Show one code."""
        text = str(body["text"])
        self.scans += 1
        self._send(self._prefix + text.encode("utf-8") + self._end)

    def raw(self, body: Json) -> None:
        """Send exactly these bytes."""
        self._send(bytes.fromhex(str(body["hex"])))

    def garbage(self, body: Json) -> None:
        """Noise on the line."""
        noise = random.Random(int(body.get("seed", 1)))
        self._send(noise.randbytes(int(body.get("length", 200))))

    def flood(self, body: Json) -> None:
        """A scanner gone mad."""
        count = int(body.get("bytes", 1_000_000))
        piece = (b"0123456789|" * 400)[:4000]
        while count > 0 and self._ends is not None:
            self._send(piece[: min(count, len(piece))])
            count -= len(piece)

    def state(self) -> Json:
        """What the desk shows."""
        return {"plugged": self._ends is not None, "path": self.path, "scans": self.scans, "lost": self.lost_bytes}

    def _send(self, data: bytes) -> None:
        with self._lock:
            if self._ends is None:
                self.lost_bytes += len(data)
                return
            ours = self._ends[0]
            view = memoryview(data)
            while view:
                # Nobody reads: a serial line does not wait, bytes are lost.
                if not select.select([], [ours], [], 1.0)[1]:
                    self.lost_bytes += len(view)
                    return
                sent = os.write(ours, view[:64] if self._byte_seconds else view[:4096])
                view = view[sent:]
                if self._byte_seconds:
                    time.sleep(sent * self._byte_seconds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulators.scanner", description="A QR scanner.")
    parser.add_argument("--link", type=Path, help="a stable name for the pseudo-terminal")
    parser.add_argument("--prefix", default="", help="sent before each code")
    parser.add_argument("--suffix", default="", help="sent after each code, before the terminator")
    parser.add_argument("--terminator", choices=sorted(TERMINATORS), default="crlf")
    parser.add_argument("--baud", type=int, default=115200, help="speed of the line; 0 as fast as possible")
    parser.add_argument("--detach", action="store_true", help="do not end with standard input")
    options = parser.parse_args()

    scanner = Scanner(
        options.link, options.prefix.encode(), options.suffix.encode(), TERMINATORS[options.terminator], options.baud
    )
    verbs = {
        "scan": scanner.scan,
        "bytes": scanner.raw,
        "garbage": scanner.garbage,
        "flood": scanner.flood,
        "unplug": scanner.unplug,
        "plug": scanner.plug,
    }
    control = ControlServer(scanner.state, verbs)
    announce("scanner", control=control.url, path=scanner.path)
    wait_for_end(options.detach)
    scanner.unplug({})
    control.close()


if __name__ == "__main__":
    main()
