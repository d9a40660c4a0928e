"""The screen the demo runs on: an Xvfb of our own, its frames, and touches on it as real X events."""

from __future__ import annotations

import io
import mmap
import os
import struct
import subprocess
from pathlib import Path
from typing import Protocol

from PIL import Image

from simulators.world.processes import die_with_parent

WIDTH, HEIGHT = 1080, 1920


class Display(Protocol):
    """Where the kiosk's window is, and how its picture is taken."""

    name: str

    def frame(self) -> Image.Image:
        """The picture people see now, 1080x1920 RGB."""
        ...

    def touch(self, x: int, y: int) -> None:
        """Press and release at a point of the kiosk's picture."""
        ...

    def close(self) -> None:
        """Give back what was taken."""
        ...


class MappedScreen:
    """A running Xvfb whose frame buffer file we map (Xvfb(1), -fbdir), touched through XTEST."""

    def __init__(self, name: str, directory: Path) -> None:
        self.name = name
        self._file = directory / "Xvfb_screen0"
        self._map: mmap.mmap | None = None
        self._pixels = (0, 0)
        self._pointer: subprocess.Popen[bytes] | None = None

    def frame(self) -> Image.Image:
        """Read the XWD frame buffer: header size and colour map length come from its header (XWDFile.h)."""
        if self._map is None:
            with self._file.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = struct.unpack(">25I", self._map[:100])
        header_size, width, height, stride, colours = header[0], header[4], header[5], header[12], header[19]
        start = header_size + colours * 12
        pixels = self._map[start : start + stride * height]
        self._pixels = (start, stride)
        return Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX", stride)

    def pixel(self, x: int, y: int) -> bytes:
        """One point of the frame buffer, for who measures when it changes."""
        if self._map is None:
            self.frame()
        start, stride = self._pixels
        place = start + stride * y + 4 * x
        return b"" if self._map is None else self._map[place : place + 4]

    def touch(self, x: int, y: int) -> None:
        """Move, press, release through XTEST (one xdotool keeps its connection for all touches)."""
        if self._pointer is None or self._pointer.poll() is not None:
            self._pointer = subprocess.Popen(
                ["xdotool", "-"], stdin=subprocess.PIPE, env={**os.environ, "DISPLAY": self.name}, bufsize=0
            )
        if self._pointer.stdin is None:
            raise RuntimeError("xdotool has no input")
        self._pointer.stdin.write(f"mousemove {x} {y} click 1\n".encode())

    def close(self) -> None:
        """End what was started here, by pid."""
        if self._pointer is not None:
            if self._pointer.stdin is not None:
                self._pointer.stdin.close()
            self._pointer.wait()
            self._pointer = None
        if self._map is not None:
            self._map.close()
            self._map = None


class OwnXvfb(MappedScreen):
    """A virtual screen of our own; its number is found by `-displayfd`."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        read, write = os.pipe()
        screen = f"{WIDTH}x{HEIGHT}x24"
        self.child = subprocess.Popen(
            [*f"Xvfb -displayfd {write} -screen 0 {screen} -nolisten tcp -noreset -dpi 69 -fbdir".split(), directory],
            pass_fds=[write],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        super().__init__(f":{number}", directory)

    def close(self) -> None:
        """End the screen too."""
        super().close()
        self.child.terminate()
        self.child.wait()


class PersonsDisplay:
    """The display somebody sits at: pictures through ImageMagick, no touches by us (they would move their mouse)."""

    def __init__(self, name: str, title: str) -> None:
        self.name = name
        self._title = title

    def frame(self) -> Image.Image:
        """The kiosk's window, by its title."""
        picture = subprocess.run(
            ["import", "-silent", "-window", self._title, "bmp:-"],
            env={**os.environ, "DISPLAY": self.name},
            capture_output=True,
            check=True,
            timeout=10,
        ).stdout
        return Image.open(io.BytesIO(picture)).convert("RGB")

    def touch(self, x: int, y: int) -> None:
        """Not ours to do."""
        raise RuntimeError("touches are made by the person at this display")

    def close(self) -> None:
        """Nothing of ours to end."""
