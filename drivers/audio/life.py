"""The loudspeaker as its supervisor sees it: the player's thread looks after the card, this side tells of it."""

from __future__ import annotations

import trio

from drivers.audio.player import Player
from drivers.device import DeviceState, Gone, Supervised

LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 1.0


class SoundLife(Supervised):
    """A reset lets go of the card and looks for one anew."""

    def __init__(self, player: Player) -> None:
        self._player = player

    async def open(self) -> None:
        """See Supervised."""
        with trio.move_on_after(PATIENCE_SECONDS):
            while self._player.state is not DeviceState.ONLINE:
                await trio.sleep(LOOK_SECONDS)
            return
        raise Gone(DeviceState.NO_DEVICE, self._player.detail)

    async def watch(self) -> None:
        """See Supervised."""
        while self._player.state is DeviceState.ONLINE:
            await trio.sleep(LOOK_SECONDS)
        raise Gone(self._player.state, self._player.detail)

    async def restart(self) -> None:
        """See Supervised."""
        await trio.lowlevel.checkpoint()
        self._player.restart()
