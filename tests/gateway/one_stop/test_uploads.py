"""Photographs from phones without a browser: one link for one phone, files told by their bytes, nothing kept."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from gateway.store import tables as t
from gateway.upload import files
from gateway.upload.files import FileFault, FileRefused, clean, joined
from tests.gateway.one_stop.conftest import photo


class Phone:
    """A browser without scripts."""

    def __init__(self, centre: Any) -> None:
        self.centre = centre
        self.cookie = ""

    def open(self, url: str) -> Any:
        path = "/u/" + url.rpartition("/")[2]
        shown = self.centre.phones.get(path)
        if shown.status_code != 200:
            return shown
        answer = self.centre.phones.post(path, headers={"Sec-Fetch-Site": "same-origin"})
        self.cookie = answer.headers.get("set-cookie", "").partition(";")[0]
        return answer

    def get(self, path: str) -> Any:
        return self.centre.phones.get(path, headers={"Cookie": self.cookie})

    def post(self, path: str, **content: Any) -> Any:
        return self.centre.phones.post(
            path, headers={"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}, **content
        )

    def send(self, content: bytes) -> Any:
        return self.post("/s/pages", content=content)


def begin(kiosk: Any, **changes: Any) -> dict[str, Any]:
    body = {"session_id": "session-0001", "wanted": [{"component": "giay-chung-sinh", "name": "Giấy chứng sinh"}]}
    answer = kiosk.post("/v1/uploads", body | changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def upload(kiosk: Any) -> dict[str, Any]:
    return begin(kiosk)


@pytest.fixture
def phone(centre: Any, upload: dict[str, Any]) -> Phone:
    made = Phone(centre)
    assert made.open(upload["url"]).status_code == 303
    return made


def now(kiosk: Any, upload: dict[str, Any]) -> dict[str, Any]:
    return kiosk.get(f"/v1/uploads/{upload['id']}").json()


def test_the_kiosk_gets_a_link_its_limits_and_how_to_join_the_sites_wifi(upload: dict[str, Any]) -> None:
    assert upload["url"].startswith("http://phones/u/") and len(upload["url"]) < 100
    assert upload["wifi"] == {"ssid": "Tram-Hoa-Giang", "text": "WIFI:T:nopass;S:Tram-Hoa-Giang;;"}
    assert upload["max_file_bytes"] == 12_000_000 and not upload["opened"]


def test_looking_at_the_link_opens_nothing(centre: Any, kiosk: Any, upload: dict[str, Any]) -> None:
    """Messengers and scanners fetch links by themselves."""
    for _ in range(3):
        assert centre.phones.get("/u/" + upload["url"].rpartition("/")[2]).status_code == 200
    assert not now(kiosk, upload)["opened"]


def test_a_link_that_one_phone_opened_is_worth_nothing_to_another(
    centre: Any, kiosk: Any, upload: dict[str, Any], phone: Phone
) -> None:
    thief = Phone(centre)
    assert thief.open(upload["url"]).status_code == 410
    thief.cookie = "tram_upload=guessed"
    assert thief.send(photo()).status_code == 410
    assert now(kiosk, upload)["opened"]
    assert phone.send(photo()).status_code == 200


def test_a_link_ends_with_its_time_and_nothing_is_left(
    centre: Any, kiosk: Any, upload: dict[str, Any], phone: Phone
) -> None:
    phone.send(photo())
    assert centre.sessions.held["bytes"] > 0
    centre.clock.turn(minutes=15, seconds=1)
    assert phone.send(photo()).status_code == 410
    assert Phone(centre).open(upload["url"]).status_code == 410
    assert now(kiosk, upload)["closed"]
    assert centre.sessions.held == {"sessions": 0, "bytes": 0}


def test_a_forged_link_is_like_one_that_ended(centre: Any) -> None:
    answer = centre.phones.get("/u/" + "0" * 40)
    assert answer.status_code == 410 and "không dùng được nữa" in answer.text


def test_pages_become_one_pdf_that_arrives_at_the_kiosk(kiosk: Any, upload: dict[str, Any], phone: Phone) -> None:
    state: dict[str, Any] = {}
    for seed in (1, 2, 3):
        state = phone.send(photo(seed=seed)).json()
    ids = [page["id"] for page in state["pages"]]
    assert phone.get(f"/s/pages/{ids[0]}").headers["content-type"] == "image/jpeg"
    phone.post("/s/documents", json={"component": "giay-chung-sinh", "pages": [ids[2], ids[0]]})
    shown = now(kiosk, upload)
    document = shown["documents"][0]
    assert document["name"] == "Giấy chứng sinh" and document["pages"] == 2
    assert kiosk.get(f"/v1/uploads/{upload['id']}/documents/{document['id']}/preview").content[:3] == b"\xff\xd8\xff"
    assert len(phone.get("/s/state").json()["pages"]) == 1, "the page that was not sent is still there"


def test_what_the_phone_sent_is_filed_and_stands_at_the_authority(
    centre: Any, kiosk: Any, upload: dict[str, Any], phone: Phone
) -> None:
    page = phone.send(photo()).json()["pages"][0]["id"]
    phone.post("/s/documents", json={"component": "giay-chung-sinh", "pages": [page]})
    document = now(kiosk, upload)["documents"][0]["id"]
    paper = {"component": "giay-chung-sinh", "name": "Giấy chứng sinh", "kind": 2,
             "files": [{"upload_id": upload["id"], "id": document}]}  # fmt: skip
    answer = kiosk.post("/v1/dossiers", centre.filing("3.000722", documents=[paper]))
    assert answer.status_code == 200, answer.text
    kept = centre.desk.store.one("SELECT kind, content FROM files")
    assert kept["kind"] == "application/pdf" and len(PdfReader(io.BytesIO(kept["content"])).pages) == 1
    kiosk.post(f"/v1/uploads/{upload['id']}/close")
    assert centre.sessions.held["bytes"] == 0
    gone = kiosk.post("/v1/dossiers", centre.filing("3.000722", documents=[paper], session_id="session-0002"))
    assert gone.status_code == 422 and gone.json()["code"] == "MC-105"


def test_another_kiosk_sees_nothing_of_a_session(centre: Any, upload: dict[str, Any], phone: Phone) -> None:
    other = centre.kiosk()
    assert other.get(f"/v1/uploads/{upload['id']}").status_code == 404
    assert other.post(f"/v1/uploads/{upload['id']}/close").status_code == 404
    reference = {"upload_id": upload["id"], "id": "x"}
    paper = {"component": "ct01", "name": "x", "files": [reference]}
    assert other.post("/v1/dossiers", centre.filing(documents=[paper])).status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "fault"),
    [
        (b"MZ" + b"\0" * 500, 415, "kind"),
        (b"<html><script>alert(1)</script>", 415, "kind"),
        (b"GIF89a" + b"\0" * 100, 415, "kind"),
        (b"PK\x03\x04" + b"\0" * 100, 415, "kind"),
        (b"", 415, "kind"),
        (b"\xff\xd8\xff" + b"no picture" * 50, 422, "broken"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, 422, "broken"),
        (b"%PDF-1.7\nnothing", 422, "broken"),
        (b"RIFF\0\0\0\0WEBP" + b"\0" * 99, 422, "broken"),
        (b"\xff\xd8\xff" + b"\0" * 12_000_001, 413, "too-large"),
    ],
)
def test_a_file_is_what_its_bytes_are(phone: Phone, content: bytes, status: int, fault: str) -> None:
    answer = phone.send(content)
    assert (answer.status_code, answer.json()["fault"]) == (status, fault)


def test_a_picture_that_unfolds_to_gigabytes_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_PIXELS", 10_000)
    with pytest.raises(FileRefused) as refused:
        clean(photo(200, 200, "PNG"))
    assert refused.value.fault is FileFault.TOO_LARGE


def test_nothing_beside_the_picture_comes_along() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh của Khang"
    exif.get_ifd(0x8825)[2] = (10.0, 46.0, 0.0)
    content = photo(exif=exif)
    assert b"Khang" in content
    made = clean(content)
    assert b"Khang" not in made.pdf and b"Khang" not in made.preview and b"Exif" not in made.pdf


def test_a_pdf_keeps_its_pages_and_no_script() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_blank_page(200, 200)
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("alert")}
    )
    writer.root_object[NameObject("/OpenAction")] = action
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    writer.add_attachment("x.exe", b"MZ")
    held = io.BytesIO()
    writer.write(held)
    made = clean(held.getvalue())
    assert made.pages == 2
    for word in (b"JavaScript", b"alert", b"EmbeddedFile", b"/OpenAction", b"/AA"):
        assert word in held.getvalue() and word not in made.pdf, word
    assert len(PdfReader(io.BytesIO(joined([made.pdf, made.pdf]))).pages) == 4


def test_a_pdf_with_a_password_is_told_as_such() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    with pytest.raises(FileRefused) as refused:
        clean(held.getvalue())
    assert refused.value.fault is FileFault.LOCKED


def test_no_more_pages_than_a_session_takes(centre: Any, kiosk: Any) -> None:
    upload = begin(kiosk)
    phone = Phone(centre)
    phone.open(upload["url"])
    session = centre.sessions.by_id(upload["id"])
    session.limits = type(session.limits)(12_000_000, 60_000_000, 2)
    assert [phone.send(photo(80, 80, seed=n)).status_code for n in range(3)] == [200, 200, 422]


def test_another_site_cannot_send_anything(phone: Phone) -> None:
    headers = {"Cookie": phone.cookie, "Sec-Fetch-Site": "cross-site"}
    assert phone.centre.phones.post("/s/pages", content=photo(), headers=headers).status_code == 403


def test_a_process_for_phones_that_is_gone_is_told(centre: Any, kiosk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    place = centre.house.one_stop.uploads

    async def gone(*_: object, **__: object) -> None:
        raise httpx.ConnectError("gone")

    monkeypatch.setattr(place._http, "request", gone)
    answer = kiosk.post("/v1/uploads", {"session_id": "session-0001"})
    assert answer.status_code == 424 and answer.json()["code"] == "MC-103"


def test_a_scan_of_the_kiosk_is_kept_sealed_for_an_hour(centre: Any, kiosk: Any) -> None:
    kept = kiosk.send("/v1/documents", photo()).json()
    assert kept["kind"] == "application/pdf" and kept["pages"] == 1
    assert b"%PDF" not in centre.rows(t.one_stop_documents)[0]["sealed_content"]
    assert kiosk.send("/v1/documents", b"MZ nothing").status_code == 415
    centre.clock.turn(minutes=61)
    centre.watch()
    assert centre.rows(t.one_stop_documents) == []
