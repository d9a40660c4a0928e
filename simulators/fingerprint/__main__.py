"""`python -m simulators.fingerprint [--link PATH] [--family r503|zfm70|plain] [--size 256x288] [--unpaced]`

POST /finger  {"number": 7, "impression": 0}     put a synthetic finger down; every touch takes the next impression
              {"number": 7, "pressure": -0.9}    … harder (to 1) or softer (to -1); "right", "down", "turn", "noise" too
POST /press   {"number": 7, "seconds": 2}        … and lift it after so long; with "fault": "messy" the touch is spoilt
POST /lift    {}
POST /fault   {"kind": "checksum", "times": 1}   see simulators.fingerprint.sensor
POST /unplug  {}   POST /plug {}   POST /power {}
GET  /state   GET /glass.png
"""

from __future__ import annotations

import argparse
import io
import threading
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

from PIL import Image

from simulators.control import ControlServer, Json, Verb, announce, wait_for_end
from simulators.fingerprint.ridges import Impression, grown, impressions, picture
from simulators.fingerprint.sensor import FAMILIES, FAULTS, Body, Sensor
from simulators.fingerprint.wire import Wire

_WAYS = {one.name for one in fields(Impression)} - {"seed"}
_TOUCHES = 64


class Glass:
    """What lies on the window."""

    def __init__(self, width: int, height: int) -> None:
        self._size = width, height
        self._pixels: bytes | None = None
        self._touches: dict[int, int] = {}
        self._lifting: threading.Timer | None = None

    def pixels(self) -> bytes | None:
        """8-bit grey, row by row; None with nothing there."""
        return self._pixels

    def put(self, body: Json, ready: Callable[[], None] = lambda: None) -> Json:
        """Put a finger down; which impression it was. `ready` is called when it is drawn, just before it lies there."""
        number = int(body["number"])
        touch = int(body.get("impression", self._touches.get(number, 0)))
        self._touches[number] = touch + 1
        way = impressions(number, _TOUCHES)[touch % _TOUCHES]
        way = replace(way, **{name: float(body[name]) for name in _WAYS & body.keys()})
        pixels = picture(grown(number), way, *self._size).tobytes()
        ready()
        self._pixels = pixels
        return {"impression": touch}

    def press(self, body: Json, ready: Callable[[], None] = lambda: None) -> Json:
        """Put it down and lift it after a while."""
        answer = self.put(body, ready)
        if self._lifting is not None:
            self._lifting.cancel()
        self._lifting = threading.Timer(float(body.get("seconds", 2)), lambda: self.lift({}))
        self._lifting.daemon = True
        self._lifting.start()
        return answer

    def lift(self, _body: Json) -> None:
        """Take it away."""
        self._pixels = None

    def png(self) -> bytes:
        """The window as a picture."""
        sink = io.BytesIO()
        Image.frombytes("L", self._size, self._pixels or bytes([240]) * (self._size[0] * self._size[1])).save(
            sink, "PNG"
        )
        return sink.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulators.fingerprint", description="A fingerprint module.")
    parser.add_argument("--link", type=Path, help="a stable name for the pseudo-terminal")
    parser.add_argument("--family", choices=FAMILIES, default="r503")
    parser.add_argument("--size", default="256x288", help="pixels of the window")
    parser.add_argument("--baud", type=int, default=57_600, help="speed after power-up")
    parser.add_argument("--top-baud", type=int, default=921_600, help="the highest speed it takes")
    parser.add_argument("--password", type=lambda text: int(text, 16), default=0, help="hexadecimal")
    parser.add_argument("--capture", type=float, default=0.1, help="seconds from command to picture")
    parser.add_argument("--gap", type=float, default=0.0, help="seconds between packets of a picture")
    parser.add_argument("--unpaced", action="store_true", help="as fast as the line takes it")
    parser.add_argument("--detach", action="store_true", help="do not end with standard input")
    options = parser.parse_args()

    width, height = (int(part) for part in options.size.split("x"))
    wire = Wire(options.link, paced=not options.unpaced)
    wire.baud = options.baud
    wire.plug()
    glass = Glass(width, height)
    body = Body(options.family, width, height, options.password, options.top_baud, options.capture, options.gap)
    sensor = Sensor(wire, body, glass.pixels)
    sensor.start()

    def fault(asked: Json) -> None:
        kind = str(asked["kind"])
        if kind not in FAULTS:
            raise ValueError(f"kind: one of {', '.join(FAULTS)}")
        body.faults[kind] = int(asked.get("times", 1))

    def press(asked: Json) -> Json:
        def spoil() -> None:
            if "fault" in asked:
                fault({"kind": asked["fault"]})

        return glass.press(asked, spoil)

    def plug(_asked: Json) -> Json:
        wire.plug()
        return {"path": wire.path}

    def state() -> Json:
        return {
            "plugged": wire.plugged, "path": wire.path, "baud": wire.baud, "far_baud": wire.far_baud,
            "light": sensor.light, "finger": glass.pixels() is not None, "uploads": sensor.uploads,
            "commands": len(sensor.heard), "faults": {kind: left for kind, left in body.faults.items() if left},
        }  # fmt: skip

    def unplug(_asked: Json) -> None:
        wire.unplug()

    def power(_asked: Json) -> None:
        sensor.power_up()

    verbs: dict[str, Verb] = {
        "finger": glass.put,
        "press": press,
        "lift": glass.lift,
        "fault": fault,
        "unplug": unplug,
        "plug": plug,
        "power": power,
    }
    control = ControlServer(state, verbs, {"glass.png": glass.png})
    announce("fingerprint", control=control.url, path=wire.path)
    wait_for_end(options.detach)
    sensor.stop()
    wire.unplug()
    control.close()


if __name__ == "__main__":
    main()
