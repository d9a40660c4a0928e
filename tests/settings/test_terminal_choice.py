"""Who signs for chips follows from the settings: nobody, the gateway, or in the demo a laboratory's folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import trio

from kiosk.laboratory import LaboratoryDesk, desk_of
from services.journeys.offload import InlineOffload
from simulators.chip.world import World


class GatewaysDesk:
    """Stands for the gateway's."""

    async def chain(self, authority: bytes) -> Sequence[bytes]:
        raise LookupError(authority)

    async def sign(self, data: bytes) -> bytes:
        raise OSError


def test_nobody_signs_unless_the_site_reads_fingers(tmp_path: Path) -> None:
    assert desk_of(False, None, GatewaysDesk(), InlineOffload()) is None
    assert desk_of(False, tmp_path, GatewaysDesk(), InlineOffload()) is None


def test_the_gateway_signs_where_no_folder_is_named() -> None:
    gateway = GatewaysDesk()
    assert desk_of(True, None, gateway, InlineOffload()) is gateway


def test_a_laboratorys_folder_signs_in_the_demo(tmp_path: Path) -> None:
    world = World()
    world.laboratory.write(tmp_path)

    async def ask() -> None:
        desk = desk_of(True, tmp_path, GatewaysDesk(), InlineOffload())
        assert isinstance(desk, LaboratoryDesk)
        assert len(await desk.chain(world.laboratory.cvca.reference)) == 2
        assert len(await desk.sign(b"data")) == 64
        with pytest.raises(LookupError):
            await desk.chain(b"XXNOBODY00001")

    trio.run(ask)


def test_an_empty_folder_is_an_error_of_the_question_not_of_the_start(tmp_path: Path) -> None:
    async def ask() -> None:
        desk = desk_of(True, tmp_path, GatewaysDesk(), InlineOffload())
        assert desk is not None
        with pytest.raises(ValueError, match="private key"):
            await desk.chain(b"VNTESTCVCA00001")

    trio.run(ask)
