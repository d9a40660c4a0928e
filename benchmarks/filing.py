"""`python -m benchmarks.filing`: a dossier with five photographs of 3 MB, from phone to authority, on loopback.

Gateway, the process for phones and the authority's stand-in run as processes of their own with ordinary settings; the
photographs are like a phone's (12 megapixels, JPEG). Told for each dossier: what a phone waits for its five pages to
be taken in, what a kiosk waits for "filed", and the processor time of all three processes together.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "gateway" / "data"
SAMPLE = ROOT / "assets" / "data" / "procedures" / "sample.json"
PHOTOS = 5
SIDE = (4000, 3000)


def photograph(seed: int, size: int = 3_000_000) -> bytes:
    """A picture of 12 megapixels of about `size` bytes: noise over a page, as much as makes the size."""
    rng = random.Random(seed)
    grain = Image.frombytes("L", (SIDE[0] // 4, SIDE[1] // 4), rng.randbytes(SIDE[0] * SIDE[1] // 16)).resize(SIDE)
    page = Image.merge("RGB", [grain.point([200 + value // dim for value in range(256)]) for dim in (6, 7, 8)])
    made = b""
    for quality in range(60, 101, 2):
        held = io.BytesIO()
        page.save(held, "JPEG", quality=quality)
        made = held.getvalue()
        if len(made) >= size:
            break
    return made + b"\0" * max(0, size - len(made))


class Process:
    """One process that announces itself."""

    def __init__(self, *arguments: str, log: Path) -> None:
        self._log = log.open("ab")
        self.child = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log,
        )  # fmt: skip
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        if not line:
            raise RuntimeError(log.read_text("utf-8")[-2000:])
        self.facts: dict[str, Any] = json.loads(line)

    def close(self) -> None:
        """End it."""
        assert self.child.stdin is not None and self.child.stdout is not None
        self.child.stdin.close()
        self.child.wait(15)
        self.child.stdout.close()
        self._log.close()


def settings(folder: Path, system: str, phones: str, internal: str) -> Path:
    """What a site would write over the demo's files."""
    for name, text in {"p": "p", "number": "099180999901", "shared": "k" * 40}.items():
        (folder / name).write_text(text, "utf-8")
    file = folder / "over.toml"
    secret = f'{{ file = "{folder}/p" }}'
    file.write_text(
        f"""
database = "sqlite:///{folder}/gateway.db"
[keys]
directory = "{folder}/keys"
[insurance]
password = {secret}
operator_name = {secret}
operator_number = {{ file = "{folder}/number" }}
[bank]
webhook_secret = {secret}
api_token = {secret}
[one_stop.system]
url = "{system}"
client_secret = {secret}
password = {secret}
[uploads]
url = "{phones}"
internal_url = "{internal}"
secret = {{ file = "{folder}/shared" }}
secure_cookies = false
port = 0
internal_port = 0
""",
        "utf-8",
    )
    return file


class Kiosk:
    """An enrolled kiosk."""

    def __init__(self, url: str, arguments: list[str]) -> None:
        self._http = httpx.Client(base_url=url, timeout=60)
        key = Ed25519PrivateKey.generate()
        command = [sys.executable, "-m", "gateway", "enrol-code", "Trạm B", "--letter", "B", *arguments]
        code = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()[-1]
        body = {"code": code, "name": "k", "public_key": key.public_key().public_bytes_raw().hex()}
        enrolled = self._http.post("/v1/enrolments", json=body).json()
        now = int(time.time())
        claims = {"iss": enrolled["kiosk_id"], "sub": enrolled["kiosk_id"], "aud": enrolled["audience"]}
        claims |= {"jti": str(uuid.uuid4()), "iat": now, "exp": now + 60}
        assertion = jwt.encode(claims, key, algorithm="EdDSA")
        self._token = self._http.post("/v1/token", json={"assertion": assertion}).json()["access_token"]

    def get(self, path: str) -> Any:
        return self._http.get(path, headers={"Authorization": f"Bearer {self._token}"}).json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": str(uuid.uuid4())}
        answer = self._http.post(path, json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()

    def close(self) -> None:
        self._http.close()


def cpu(processes: list[Process]) -> float:
    """Seconds of processor time that processes have used (proc(5): utime and stime)."""
    ticks = 0
    for process in processes:
        fields = Path(f"/proc/{process.child.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def one(kiosk: Kiosk, digest: str, photographs: list[bytes]) -> tuple[float, float]:
    """Seconds for the phone's pages, seconds until the dossier is filed."""
    session = str(uuid.uuid4())
    upload = kiosk.post("/v1/uploads", {"session_id": session})
    began = time.perf_counter()
    with httpx.Client(timeout=60, follow_redirects=True) as phone:
        phone.post(upload["url"])
        base = upload["url"].rpartition("/u/")[0]
        pages = [phone.post(f"{base}/s/pages", content=content).json()["pages"][-1]["id"] for content in photographs]
        for page in pages:
            phone.post(f"{base}/s/documents", json={"component": "", "pages": [page]})
    sent = time.perf_counter()
    documents = kiosk.get(f"/v1/uploads/{upload['id']}")["documents"]
    papers = [
        {
            "component": f"giay-{place}",
            "name": f"Giấy tờ {place}",
            "files": [{"upload_id": upload["id"], "id": one["id"]}],
        }
        for place, one in enumerate(documents)
    ]
    shown = kiosk.get("/v1/notice")
    declared = {
        "form": "ct01",
        "form_version": "1",
        "notice_version": shown["version"],
        "notice_digest": shown["digest"],
    }
    filing = {
        "declared": {**declared, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())},
        "procedure": "1.004222", "catalogue_digest": digest, "documents": papers, "session_id": session,
        "applicant": {"number": "099088000145", "name": "Nguyễn Minh Khang", "level": "typed"},
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }  # fmt: skip
    started = time.perf_counter()
    answer = kiosk.post("/v1/dossiers", filing)
    filed = time.perf_counter()
    assert answer["state"] == "filed"
    kiosk.post(f"/v1/uploads/{upload['id']}/close", {})
    return sent - began, filed - started


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser("python -m benchmarks.filing")
    parser.add_argument("--dossiers", type=int, default=10)
    count = parser.parse_args().dossiers
    photographs = [photograph(seed) for seed in range(PHOTOS)]
    with tempfile.TemporaryDirectory(prefix="tram-one-stop-") as name:
        folder = Path(name)
        account = ("--client-secret", "p", "--password", "p", "--catalogue", str(SAMPLE))
        system = Process("simulators.one_stop", *account, log=folder / "system.log")
        over = settings(folder, system.facts["url"], "http://127.0.0.1:1", "http://127.0.0.1:1")
        phones = Process("gateway", "upload", "--settings", str(over), "--announce", log=folder / "phones.log")
        settings(folder, system.facts["url"], phones.facts["url"], phones.facts["internal"])
        files = [DATA / "demo-hoa-giang.toml", DATA / "demo-one-stop.toml", over]
        arguments = [part for file in files for part in ("--settings", str(file))]
        gateway = Process("gateway", "run", *arguments, "--announce", log=folder / "gateway.log")
        kiosk = Kiosk(gateway.facts["url"], arguments)
        try:
            digest = kiosk.get("/v1/catalogue/version")["digest"]
            one(kiosk, digest, photographs[:1])
            used = cpu([gateway, phones, system])
            times = [one(kiosk, digest, photographs) for _ in range(count)]
            used = (cpu([gateway, phones, system]) - used) / count
        finally:
            kiosk.close()
            for process in (gateway, phones, system):
                process.close()
    for what, place in (("phone: five pages taken in", 0), ("kiosk: filed", 1)):
        seconds = sorted(each[place] for each in times)
        print(f"{what}: median {statistics.median(seconds):.2f} s, worst of {count} {seconds[-1]:.2f} s")
    print(f"processor time of gateway, phones' process and authority: {used:.2f} s for each dossier")
    sizes = ", ".join(f"{len(content) / 1e6:.2f}" for content in photographs)
    print(f"photographs of {SIDE[0]} x {SIDE[1]}: {sizes} MB")


if __name__ == "__main__":
    main()
