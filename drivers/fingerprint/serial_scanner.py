"""A serial module as a finger reader: wait for a finger, take its picture, fetch it, look at it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from drivers.fingerprint.codes import DEFAULT_ADDRESS, DEFAULT_BAUD, Confirmation, Family
from drivers.fingerprint.errors import FingerError, FingerErrorReason, FingerHint, FingerRefused, NoFinger, Stopped
from drivers.fingerprint.line import SerialLine
from drivers.fingerprint.module import LOOK_SECONDS, SPEEDS, SensorModule, refusal
from drivers.fingerprint.picture import FingerPicture, bare, from_upload, looked_at
from drivers.fingerprint.scanner import CaptureNews, CaptureStage, FingerCapabilities

log = logging.getLogger(__name__)

ASK_SECONDS = 0.08
"""Pause between two questions whether a finger lies there."""


@dataclass(frozen=True)
class SerialFingerLine:
    """Where the module is. Name it by its place: /dev/serial/by-path/…"""

    path: str
    baud: int = DEFAULT_BAUD
    """Asked at first; other speeds follow."""
    highest_baud: int = SPEEDS[0]
    """What cable and converter can carry."""
    dpi: int = 500
    address: int = DEFAULT_ADDRESS
    password: int = 0


class SerialFingerScanner:
    """Implements FingerScanner."""

    def __init__(self, place: SerialFingerLine) -> None:
        self.place = place
        self._module: SensorModule | None = None
        self._capabilities = FingerCapabilities(dpi=place.dpi)
        self._lit: bool | None = None
        self._sees_ghosts = False
        """A clone that answers "captured" when nobody is there: found out by two bare pictures in a row, never assumed.
        One may be a faint finger; and whoever answers "no finger" sees none."""
        self._bare_in_a_row = 0
        self._rested = 0
        """How often in a row it said that something still lies there."""

    @property
    def capabilities(self) -> FingerCapabilities:
        """Known once it was opened."""
        return self._capabilities

    def open(self) -> None:
        """Find the module, learn its family, agree on the highest speed. Raises FingerError."""
        self.close()
        line = SerialLine(self.place.path, self.place.baud)
        try:
            module = SensorModule(line, address=self.place.address, password=self.place.password)
            module.find()
            module.go_fast(self.place.highest_baud)
        except BaseException:
            line.close()
            raise
        self._module, self._lit = module, None
        self._sees_ghosts, self._bare_in_a_row = False, 0  # it may be another one
        model = module.product.model if module.product is not None else module.family.value
        has_light = module.family is not Family.PLAIN
        self._capabilities = FingerCapabilities(model, self.place.dpi, has_light, line.baud)
        self._light(on=False)

    def check(self) -> None:
        """Ask for its parameters. Raises FingerError."""
        self._opened().read_parameters(seconds=LOOK_SECONDS, sends=2)

    def capture(self, seconds: float, news: Callable[[CaptureNews], None], stop: threading.Event) -> FingerPicture:
        """See FingerScanner."""
        module, until = self._opened(), time.monotonic() + seconds
        news(CaptureNews(CaptureStage.WAITING))
        self._light(on=True)
        try:
            picture = self._picture(module, until, news, stop)
            known = self._sees_ghosts
            while self._is_bare(picture) and self._sees_ghosts:
                if not known:
                    known = True
                    news(CaptureNews(CaptureStage.WAITING))
                if time.monotonic() >= until:
                    raise NoFinger
                picture = self._picture(module, until, news, stop)
        finally:
            self._light(on=False)
        return looked_at(picture)

    def _picture(
        self, module: SensorModule, until: float, news: Callable[[CaptureNews], None], stop: threading.Event
    ) -> FingerPicture:
        self._await_finger(module, until, stop)
        # Nobody is told that a finger is read where there may be none.
        told = _untold if self._sees_ghosts else news
        told(CaptureNews(CaptureStage.READING, 0))
        return self._fetch(module, told, stop)

    def wait_lifted(self, seconds: float, stop: threading.Event) -> bool:
        """See FingerScanner."""
        module, until, code = self._opened(), time.monotonic() + seconds, None
        while time.monotonic() < until:
            _unless(stop)
            code = self._take_picture(module)
            if code == Confirmation.NO_FINGER or (code == Confirmation.OK and self._sees_ghosts and self._bare(stop)):
                self._rested = 0
                return True
            stop.wait(ASK_SECONDS)
        # The hint comes first; who was asked to lift and still lies there may be a ghost: its picture is looked at.
        self._rested += 1
        if code != Confirmation.OK or self._rested == 1 or self._sees_ghosts:
            return False
        if self._bare(stop) and not self._sees_ghosts and self._take_picture(module) == Confirmation.OK:
            self._bare(stop)
        self._rested = 0 if self._sees_ghosts else self._rested
        return self._sees_ghosts

    def _bare(self, stop: threading.Event) -> bool:
        """Whether the picture that was just taken shows nothing."""
        try:
            return self._is_bare(self._fetch(self._opened(), _untold, stop))
        except FingerRefused:
            return False

    def _is_bare(self, picture: FingerPicture) -> bool:
        """Whether it shows nothing; the second in a row finds a clone out."""
        if not bare(picture):
            self._bare_in_a_row = 0
            return False
        self._bare_in_a_row += 1
        if self._bare_in_a_row > 1 and not self._sees_ghosts:
            log.warning("finger module: it says that a finger is there when there is none")
            self._sees_ghosts = True
        return True

    def _take_picture(self, module: SensorModule) -> int:
        """Its answer. "No finger" is one that a clone which sees ghosts does not give."""
        code = module.take_picture()
        if code == Confirmation.NO_FINGER:
            self._sees_ghosts, self._bare_in_a_row = False, 0
        return code

    def close(self) -> None:
        """Light off, line closed."""
        module, self._module = self._module, None
        if module is None:
            return
        try:
            if self._lit:
                module.light(False)
        except FingerError:
            log.debug("finger module: the light could not be put out")
        module.line.close()

    def _await_finger(self, module: SensorModule, until: float, stop: threading.Event) -> None:
        """Until a picture stands in the module's buffer. Raises NoFinger, FingerRefused, Stopped."""
        while True:
            _unless(stop)
            code = self._take_picture(module)
            refused = refusal(code)
            if refused is not None:
                raise refused
            if code == Confirmation.OK:
                return
            if time.monotonic() >= until:
                raise NoFinger
            stop.wait(ASK_SECONDS)

    def _fetch(self, module: SensorModule, news: Callable[[CaptureNews], None], stop: threading.Event) -> FingerPicture:
        told = -1

        def progress(got: int, of: int) -> None:
            nonlocal told
            _unless(stop)
            percent = min(99, got * 100 // of)
            if percent // 5 != told // 5:
                told = percent
                news(CaptureNews(CaptureStage.READING, percent))

        size = None if module.product is None else (module.product.width, module.product.height)
        try:
            data = module.upload(progress)
        except FingerError as error:
            if error.confirmation in {Confirmation.NO_IMAGE, Confirmation.IMAGE_UPLOAD}:
                raise FingerRefused(FingerHint.AGAIN, confirmation=error.confirmation) from None
            raise
        picture = from_upload(data, self.place.dpi, size)
        news(CaptureNews(CaptureStage.READING, 100))
        return picture

    def _light(self, *, on: bool) -> None:
        if self._capabilities.light and self._lit != on and self._module is not None:
            self._module.light(on)
            self._lit = on

    def _opened(self) -> SensorModule:
        if self._module is None:
            raise FingerError(FingerErrorReason.ABSENT, "it is not open")
        return self._module


def _untold(_news: CaptureNews) -> None:
    """Nobody hears it."""


def _unless(stop: threading.Event) -> None:
    if stop.is_set():
        raise Stopped
