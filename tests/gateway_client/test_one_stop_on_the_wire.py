"""The one-stop clients on real HTTP: gateway, the authority's stand-in and the page for phones, each a process."""

from __future__ import annotations

import socket
import sqlite3
import sys
import uuid
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
import trio
from PIL import Image

from drivers.document_scanner import ScannedPage, pdf_of
from gateway.one_stop.guidance import GuidanceFolder
from services.contract import models as wire
from services.contract import one_stop as told
from services.gateway_client import GatewayError
from services.gateway_client.client import GatewayClient, GatewayPlace
from services.gateway_client.enrolling import enrol
from services.gateway_client.guidebook import GuideKeeper
from services.gateway_client.identity import load
from services.journeys.offload import ThreadOffload
from simulators.world.processes import Process
from tests.gateway_client.conftest import DEMO, OVERLAY, ROOT, SECRETS, RunningGateway, WallClock, start_gateway

pytestmark = [pytest.mark.wire, pytest.mark.trio]

SAMPLE = ROOT / "assets" / "data" / "procedures" / "sample.json"
GUIDANCE = ROOT / "gateway" / "data" / "one-stop"
TODAY = datetime.now(UTC).date()
OWNER, OTHER = "099088000145", "099088000153"
UPLOADS = """\
[uploads]
url = "{url}"
internal_url = "{internal}"
secret = {{ file = "{folder}/upload_secret" }}
secure_cookies = false
port = 0
internal_port = 0
wifi_ssid = "Tram"
"""


@dataclass
class Centre:
    """The centre's processes."""

    gateway: RunningGateway
    authority: Process
    state: Path
    """Of an enrolled kiosk."""

    @asynccontextmanager
    async def kiosk(self, *, running: bool = False) -> AsyncGenerator[GatewayClient]:
        url = f"http://{self.gateway.address}"
        place = GatewayPlace(url=url, state=self.state, answer_seconds=30.0, slow_answer_seconds=60.0)
        client = GatewayClient(place, load(self.state), ThreadOffload(), WallClock(), heartbeat_seconds=1.0)
        try:
            async with trio.open_nursery() as nursery:
                if running:
                    await nursery.start(client.run)
                yield client
                nursery.cancel_scope.cancel()
        finally:
            client.close()


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("one-stop-gateway")
    (folder / "upload_secret").write_text("a shared key of more than thirty-two characters", "utf-8")
    authority = Process(
        "one_stop",
        [sys.executable, "-m", "simulators.one_stop", "--catalogue", str(SAMPLE)],
        folder / "authority.log",
        cwd=ROOT,
        env=SECRETS,
    )
    (folder / "uploads.toml").write_text(UPLOADS.format(url="http://x", internal="http://x", folder=folder), "utf-8")
    phones = Process(
        "upload",
        [sys.executable, "-m", "gateway", "upload", "--settings", str(folder / "uploads.toml"), "--announce"],
        folder / "upload.log",
        cwd=ROOT,
        env=SECRETS,
    )
    processes = [authority, phones]
    try:
        place = phones.ready()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        overlay = folder / "overlay.toml"
        overlay.write_text(
            OVERLAY.format(folder=folder, port=port)
            + UPLOADS.format(url=place["url"], internal=place["internal"], folder=folder)
            + f'[one_stop.system]\nurl = "{authority.ready()["url"]}"\npoll_seconds = 1\n',
            "utf-8",
        )
        files = (DEMO, DEMO.with_name("demo-one-stop.toml"), overlay)
        settings = [word for file in files for word in ("--settings", str(file))]
        running = RunningGateway(folder, settings, port, start_gateway(folder, settings))
        processes.append(running.process)
        code = running.command("enrol-code", "Trạm thử", "--letter", "K")
        state = tmp_path_factory.mktemp("one-stop-kiosk")
        enrol(f"http://{running.address}", None, state, code=code, name="test")
        yield Centre(running, authority, state)
    finally:
        for process in reversed(processes):
            process.stop()


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (827, 1169), "white").save(made, "JPEG", dpi=(100, 100))
    return made.getvalue()


def session() -> str:
    return str(uuid.uuid4())


async def filed(client: GatewayClient, **more: Any) -> told.Dossier:
    """A dossier of somebody who typed their number."""
    version = await client._channel.ask(  # pyright: ignore[reportPrivateUsage]
        *_call("/v1/catalogue/version"), told.CatalogueVersion
    )
    with trio.fail_after(60):
        while (notice := client.notice) is None:
            await trio.sleep(0.05)
    facts: dict[str, Any] = {
        "procedure": "1.004873",
        "catalogue_digest": version.digest,
        "case": ("chua-tung",),
        "applicant": wire.Person(number=OWNER, name="NGUYỄN MINH KHANG", birth="1988-07-04", level="typed"),  # type: ignore[arg-type]
        "answers": {"hon-nhan.muc-dich": "Đăng ký kết hôn"},
        "declared": {
            "form": "to-khai",
            "form_version": "thử",
            "notice_version": notice.version,
            "notice_digest": notice.digest,
            "at": datetime.now(UTC),
        },
        "session_id": session(),
        "at": datetime.now(UTC),
        **more,
    }
    return await client.file_dossier(told.Filing.model_validate(facts))


def _call(path: str) -> tuple[Any, Any]:
    from services.gateway_client.http import Call, Place

    return Place.CITIZEN, Call("GET", path)


async def until(condition: Callable[[], Any]) -> None:
    with trio.fail_after(60):
        while not condition():
            await trio.sleep(0.05)


# --- documents


async def test_a_scan_is_kept_shown_and_erased(centre: Centre) -> None:
    page = ScannedPage(picture(), 827, 1169, 100)
    async with centre.kiosk() as client:
        kept = await client.scans.keep(pdf_of((page, page)))
        assert kept.pages == 2
        assert (kept.id,) in centre.gateway.rows("SELECT id FROM one_stop_documents")
        await client.scans.delete(kept.id)
        assert centre.gateway.rows("SELECT id FROM one_stop_documents WHERE id = ?", kept.id) == []
        with pytest.raises(GatewayError) as caught:
            await client.scans.keep(b"MZ nothing")
        assert caught.value.status == 415


async def test_what_a_phone_sends_arrives_by_events_with_a_picture_and_goes_with_the_session(centre: Centre) -> None:
    wanted = (told.WantedDocument(component="giay-chung-sinh", name="Giấy chứng sinh"),)
    async with centre.kiosk() as client:
        upload = await client.phones.open(told.UploadRequest(session_id=session(), wanted=wanted))
        assert upload.wifi is not None and upload.wifi.ssid == "Tram"

        def photograph() -> None:
            phone = requests.Session()
            phone.trust_env = False
            assert phone.post(upload.url, headers={"Sec-Fetch-Site": "same-origin"}, timeout=60).ok
            base = upload.url.rpartition("/u/")[0]
            headers = {"Sec-Fetch-Site": "same-origin"}
            assert phone.post(f"{base}/s/pages", data=picture(), headers=headers, timeout=60).ok
            pages = [page["id"] for page in phone.get(f"{base}/s/state", timeout=60).json()["pages"]]
            sent = {"component": "giay-chung-sinh", "pages": pages}
            answer = phone.post(f"{base}/s/documents", json=sent, headers=headers, timeout=60)
            assert answer.ok, answer.text

        async with trio.open_nursery() as nursery:
            nursery.start_soon(trio.to_thread.run_sync, photograph)
            with trio.fail_after(60):
                while not upload.documents:
                    upload = await client.phones.changed(upload)
        (document,) = upload.documents
        assert upload.opened and document.pages == 1
        assert (await client.phones.preview(upload, document.id)).startswith(b"\xff\xd8")
        await client.phones.close(upload)
        with pytest.raises(GatewayError):
            await client.phones.preview(upload, document.id)


# --- drafts


async def test_a_draft_goes_on_at_another_kiosk_and_five_wrong_numbers_lock_it(centre: Centre, tmp_path: Path) -> None:
    draft = told.DraftSave(
        number=OWNER, procedure="1.004873", case=("chua-tung",), answers={"hon-nhan.muc-dich": "Vay"}
    )
    async with centre.kiosk() as client:
        saved = await client.drafts.save(draft)
    code = centre.gateway.command("enrol-code", "Trạm hai", "--letter", "L")
    enrol(f"http://{centre.gateway.address}", None, tmp_path, code=code, name="two")
    async with Centre(centre.gateway, centre.authority, tmp_path).kiosk() as other:
        opened = await other.drafts.open(told.DraftOpen(code=saved.code, number=OWNER))
        assert (opened.procedure, opened.answers) == ("1.004873", {"hon-nhan.muc-dich": "Vay"})
        left = list[tuple[int | None, str | None]]()
        for _ in range(5):
            with pytest.raises(GatewayError) as caught:
                await other.drafts.open(told.DraftOpen(code=saved.code, number=OTHER))
            left.append((caught.value.status, caught.value.told))
        assert left == [(404, "4"), (404, "3"), (404, "2"), (404, "1"), (423, None)]
        with pytest.raises(GatewayError) as caught:
            await other.drafts.open(told.DraftOpen(code=saved.code, number=OWNER))
        assert caught.value.status == 423, "locked for its owner too"


# --- following and rating


async def test_a_dossier_is_found_by_slip_and_code_and_rated_once(centre: Centre) -> None:
    async with centre.kiosk(running=True) as client:
        sent = await filed(client)
        for request in (told.DossiersRequest(token=sent.token), told.DossiersRequest(code=sent.sending_code)):
            (found,) = (await client.find_dossiers(request)).dossiers
            assert (found.sending_code, found.status) == (sent.sending_code, told.DossierStatus.NEW)
        with pytest.raises(GatewayError) as caught:
            await client.find_dossiers(told.DossiersRequest(code="0000-0000"))
        assert caught.value.status == 404

        asked = told.RateableRequest(token=sent.token)
        assert (await client.may_rate(asked)).reason == "not-yet"
        number = centre.gateway.rows(
            "SELECT p.number FROM one_stop_parts p JOIN one_stop_dossiers d ON d.id = p.dossier_id"
            " WHERE d.sending_code = ?",
            sent.sending_code,
        )[0][0]
        centre.authority.control("move", number=number, to=2)
        centre.authority.control("result", number=number, name="Giấy xác nhận")

        async def rateable() -> told.Rateable:
            with trio.fail_after(60):
                while (answer := await client.may_rate(asked)).token is None:
                    await trio.sleep(0.2)
                return answer

        assert (await rateable()).token == sent.token
        rating = told.Rating(token=sent.token, level=5, reasons=(told.RatingReason.TIME,))
        await client.rate(rating)
        query = "SELECT kind, value, count FROM one_stop_ratings ORDER BY kind"
        await until(lambda: centre.gateway.rows(query) == [("level", "5", 1), ("reason", "time", 1)])
        assert (await client.may_rate(asked)).reason == "rated"
        await client.rate(rating)
        await until(lambda: not _waiting(centre.state))
        assert centre.gateway.rows(query)[0] == ("level", "5", 1), "a second one does not count"


def _waiting(state: Path) -> int:
    with sqlite3.connect(f"file:{state / 'outbox.db'}?mode=ro", uri=True) as books:
        return books.execute("SELECT count(*) FROM entries WHERE state = 'waiting'").fetchone()[0]


# --- guidance and helpers


async def test_notices_and_guides_come_with_their_pictures_and_outlive_a_restart_without_network(
    centre: Centre,
) -> None:
    async with centre.kiosk(running=True) as client:
        await until(lambda: client.guides.guidance(TODAY).guides and client.guides.picture("dung-vneid.png"))
        shown = client.guides.guidance(TODAY)
    folder = GuidanceFolder.open(GUIDANCE)
    assert shown == folder.on(TODAY)
    for name in folder.pictures:
        assert client.guides.picture(name) == (GUIDANCE / name).read_bytes()
    await until(lambda: (centre.state / "guidance.json").exists())
    later = GuideKeeper(centre.state, client._channel, ThreadOffload())  # pyright: ignore[reportPrivateUsage]
    await later.open()
    assert later.guidance(TODAY) == shown and later.picture("dung-vneid.png") is not None


async def test_a_helper_signs_in_and_what_is_filed_and_counted_is_assisted(centre: Centre) -> None:
    centre.gateway.command("helper", "add", "lan", "--commune", "99001", "--pin-stdin", typed="246813\n")
    async with centre.kiosk(running=True) as client:
        with pytest.raises(GatewayError) as caught:
            await client.helpers.sign_in(told.AssistStart(name="lan", pin="000000"))
        assert caught.value.status == 403
        assert centre.gateway.rows("SELECT count(*) FROM login_failures WHERE name = 'pin:lan'") == [(1,)], (
            "one wrong PIN is one wrong try"
        )
        assist = await client.helpers.sign_in(told.AssistStart(name="lan", pin="246813"))
        sent = await filed(client, assist_id=assist.id)
        assert centre.gateway.rows(
            "SELECT assisted_by FROM one_stop_dossiers WHERE sending_code = ?", sent.sending_code
        ) == [("lan",)]
        for helped in (assist.id, None):
            await client.helpers.helped(
                told.DigitalHelp(assist_id=helped, topic=told.HelpTopic.LEVEL_2, at=datetime.now(UTC))
            )
        query = "SELECT what, place, count FROM one_stop_counts WHERE kind = 'help' ORDER BY what"
        wanted = [("account-level-2:alone", "99001", 1), ("account-level-2:assisted", "99001", 1)]
        await until(lambda: centre.gateway.rows(query) == wanted)
        await client.helpers.leave(assist)
        with pytest.raises(GatewayError) as caught:
            await filed(client, assist_id=assist.id)
        assert caught.value.status == 422
