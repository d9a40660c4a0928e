"""A scan goes to a one-stop gateway, is and is erased there again."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import trio
from PIL import Image

from drivers.document_scanner import ScannedPage, pdf_of
from services.gateway_client import GatewayError
from services.gateway_client.client import GatewayClient, GatewayPlace
from services.gateway_client.enrolling import enrol
from services.gateway_client.identity import load
from services.journeys.offload import ThreadOffload
from tests.gateway_client.conftest import DEMO, OVERLAY, RunningGateway, WallClock, start_gateway

pytestmark = [pytest.mark.wire, pytest.mark.trio]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """The gateway of a one-stop centre."""
    folder = tmp_path_factory.mktemp("one-stop-gateway")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    overlay = folder / "overlay.toml"
    overlay.write_text(OVERLAY.format(folder=folder, port=port), "utf-8")
    centre = DEMO.with_name("demo-one-stop.toml")
    settings = [word for file in (DEMO, centre, overlay) for word in ("--settings", str(file))]
    running = RunningGateway(folder, settings, port, start_gateway(folder, settings))
    yield running
    running.process.stop()


def page() -> ScannedPage:
    made = BytesIO()
    Image.new("RGB", (827, 1169), "white").save(made, "JPEG", dpi=(100, 100))
    return ScannedPage(made.getvalue(), 827, 1169, 100)


async def test_a_scan_is_kept_and_erased(gateway: RunningGateway, tmp_path: Path) -> None:
    code = gateway.command("enrol-code", "Trạm thử", "--letter", "K")
    url = f"http://{gateway.address}"
    await trio.to_thread.run_sync(lambda: enrol(url, None, tmp_path, code=code, name="test"))
    place = GatewayPlace(url=url, state=tmp_path, answer_seconds=8.0, slow_answer_seconds=15.0)
    client = GatewayClient(place, load(tmp_path), ThreadOffload(), WallClock())
    try:
        kept = await client.scans.keep(pdf_of((page(), page())))
        assert kept.pages == 2
        assert gateway.rows("SELECT id FROM one_stop_documents") == [(kept.id,)]
        await client.scans.delete(kept.id)
        assert gateway.rows("SELECT id FROM one_stop_documents") == []
        with pytest.raises(GatewayError) as caught:
            await client.scans.keep(b"MZ nothing")
        assert caught.value.status == 415
    finally:
        client.close()
