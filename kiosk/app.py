"""The running kiosk: the window first, everything else behind it, one loop for both (decision 1).

`main` returns the exit code: 0 when it was told to stop, 70 (EX_SOFTWARE) when it fell over, so that a supervisor
starts it again.
"""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import window
from kiosk.settings import Settings

if TYPE_CHECKING:
    from kiosk.face import Face

EX_SOFTWARE = 70
RESTART = 75
"""EX_TEMPFAIL: the technician wishes a new start; `kiosk run` and `kiosk demo` start themselves anew in place."""


def main(settings: Settings, path: Path) -> int:
    """Show the kiosk until SIGTERM or SIGINT. `path` is where the settings were read, for the technician's mode."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings.state_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    size = settings.window
    width, height = (0, 0) if size.full_screen else (1080 * size.scale, 1920 * size.scale)
    window.configure(settings.state_directory / "kivy", width=round(width), height=round(height))
    # Kivy is imported only now: what it finds at its first import counts for good.
    import trio

    from kiosk.face import make_face
    from kiosk.last_resort import install

    face = make_face(settings)
    logging.getLogger().addHandler(face.tail)
    install(face.window.stage)
    window.swallow_keys()
    window.on_terminate(face.window.stop)
    try:
        trio.run(_live, face, settings, path)
    except Exception as error:
        from services.journeys.crash import log_crash

        log_crash("the kiosk fell over", error)
        return EX_SOFTWARE
    return RESTART if face.again else 0


async def _live(face: Face, settings: Settings, path: Path) -> None:
    """The window and the life behind it; the end of either ends both."""
    import trio

    async with trio.open_nursery() as nursery:
        nursery.start_soon(_behind, face, settings, path)
        await face.window.async_run("trio")
        nursery.cancel_scope.cancel()


async def _behind(face: Face, settings: Settings, path: Path) -> None:
    """Build the seams once the first picture is on the screen, then serve people."""
    import trio

    from kiosk.face import first_picture
    from kiosk.lifeline import hold

    await first_picture(face)
    # Drivers, crypto and HTTP take their time to import; meanwhile the start page is already there.
    wiring = await trio.to_thread.run_sync(import_module, "kiosk.wiring")
    async with wiring.kit(face, settings, path) as kit, trio.open_nursery() as nursery:
        nursery.start_soon(hold)
        await wiring.run_kiosk(face.window.stage, kit)
        nursery.cancel_scope.cancel()
