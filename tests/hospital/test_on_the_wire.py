"""Gateway and hospital as processes of their own: lost answers, an outage, a killed gateway; everything told once."""

from __future__ import annotations

import contextlib
import sys
import time
import uuid
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.app import open_house
from gateway.fleet.enrolment import make_code
from simulators.world.processes import Process, Refused
from simulators.world.world import free_port

pytestmark = [pytest.mark.wire, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
SECRET = {"HOSPITAL_SECRET": "a hospital secret"}
MODULES = {"fhir": ("simulators.hospital_fhir", "/fhir"), "rest": ("simulators.hospital_rest", "")}


def started(name: str, module: str, folder: Path, *arguments: str) -> Process:
    command = [sys.executable, "-m", module, *arguments]
    return Process(name, command, folder / f"{name}.log", env={"PYTHONPATH": str(ROOT), **SECRET}, cwd=ROOT)


def awaited(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


class Kiosk:
    """An enrolled kiosk of a gateway process."""

    def __init__(self, settings: Any, url: str) -> None:
        house = open_house(settings)
        key = Ed25519PrivateKey.generate()
        body = {
            "code": make_code(house, "Trạm B", "Kiosk B", "B"),
            "name": "B",
            "public_key": key.public_key().public_bytes_raw().hex(),
        }
        house.store.close()
        self.http = httpx.Client(base_url=url, timeout=60)
        enrolled = self.http.post("/v1/enrolments", json=body).json()
        now = int(time.time())
        claims = {"iss": enrolled["kiosk_id"], "sub": enrolled["kiosk_id"], "aud": enrolled["audience"]}
        claims |= {"jti": str(uuid.uuid4()), "iat": now, "exp": now + 60}
        assertion = jwt.encode(claims, key, algorithm="EdDSA")
        self.token = self.http.post("/v1/token", json={"assertion": assertion}).json()["access_token"]

    def at(self, url: str) -> Kiosk:
        """The same kiosk, where its gateway answers now."""
        self.http.base_url = httpx.URL(url)
        return self

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        key = body.pop("key", None) or str(uuid.uuid4())
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        answer = self.http.post(path, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def check_in(self, number: int, clinic: str) -> tuple[str, str]:
        key = str(uuid.uuid4())
        body = {"arrived_at": "2026-11-20T00:00:00Z", "key": key}
        return key, self.ticket(number, clinic, **body)["check_in_id"]

    def ticket(self, number: int, clinic: str, **more: Any) -> dict[str, Any]:
        patient = {"number": f"0990880{number:05}", "name": f"Người {number}", "birth": "1970-01-01", "level": "typed"}
        return self.post("/v1/check-ins", {"patient": patient, "clinic_id": clinic, **more})

    def clinic(self, id: str) -> dict[str, Any]:
        answer = self.http.get("/v1/clinics", headers={"Authorization": f"Bearer {self.token}"}).json()
        return next(one for one in answer["clinics"] if one["id"] == id)

    def leave(self, key: str) -> None:
        self.post("/v1/check-ins/abandon", {"registration_key": key, "reason": "left", "at": "2026-11-20T00:00:00Z"})


@pytest.fixture(params=["fhir"])
def world(request: pytest.FixtureRequest, tmp_path: Path, settings_of: Any) -> Generator[Any]:
    """Starts and restarts both processes on the same stores."""
    module, base = MODULES[request.param]
    port = free_port()
    with contextlib.ExitStack() as stack:

        class World:
            kind = request.param
            settings = settings_of(
                tmp_path,
                request.param,
                f"http://127.0.0.1:{port}{base}",
                retry_seconds="[1]",
                timeout_seconds="60",
                patience_seconds="5",
                offer_seconds="3600",
                times="true",
            )
            hospital: Process
            gateway: Process

            def start_hospital(self) -> None:
                store = str(tmp_path / "hospital.sqlite")
                self.hospital = started("hospital", module, tmp_path, "--port", str(port), "--store", store, *extra)
                stack.callback(self.hospital.stop)
                self.hospital.ready(200)

            def start_gateway(self) -> None:
                files = ("--settings", str(tmp_path / "demo.toml"), "--settings", str(tmp_path / "over.toml"))
                self.gateway = started("gateway", "gateway", tmp_path, "run", *files, "--announce")
                stack.callback(self.gateway.stop)
                self.gateway.ready(200)

            def kiosk(self) -> Kiosk:
                kiosk = Kiosk(self.settings, self.gateway.facts["url"])
                stack.callback(kiosk.http.close)
                return kiosk

            def statuses(self) -> list[str]:
                return [one["status"] for one in self.hospital.state()["visits"]]

        extra = ("--merchant", "tram") if request.param == "rest" else ()
        it = World()
        it.start_gateway()
        yield it


def test_everything_arrives_once_through_outage_lost_answers_and_a_killed_gateway(world: Any) -> None:
    kiosk = world.kiosk()
    kiosk.check_in(1, "mat")  # the hospital's system does not even listen
    world.gateway.child.kill()
    world.gateway.child.wait()
    world.start_hospital()
    lost = "POST /fhir/Encounter" if world.kind == "fhir" else "POST /dangky-kcb"
    world.hospital.control("lose", begins=lost, when="after", count=1)
    world.start_gateway()
    alive, gone = ("arrived", "cancelled") if world.kind == "fhir" else ("DEN", "HUY")
    awaited(lambda: world.statuses() == [alive])

    again = kiosk.at(world.gateway.facts["url"])
    world.hospital.control("lose", begins=lost, when="before", count=1)
    key, check_in = again.check_in(2, "tim-mach")
    awaited(lambda: any(one["check_in"] == check_in for one in world.hospital.state()["visits"]))
    again.leave(key)
    awaited(lambda: sorted(world.statuses()) == sorted([alive, gone]))
    counts = world.hospital.state()["counts"]
    assert counts.get("Patient", counts.get("patients")) == 2
    assert counts.get("Encounter", counts.get("registrations")) == 2


def test_kiosks_at_once_and_the_hospitals_counter_never_give_one_place_twice(world: Any) -> None:
    world.gateway.stop()
    world.start_hospital()
    # One of the two places is given at the counter.
    world.hospital.control("take", service="tim-mach", at="14:00")
    world.start_gateway()
    kiosk = world.kiosk()
    awaited(lambda: kiosk.clinic("tim-mach")["slots"] is not None)
    now = datetime.now(UTC).isoformat()
    with ThreadPoolExecutor(6) as people:
        given = list(
            people.map(lambda one: kiosk.ticket(one, "tim-mach", slot_id="1400", arrived_at=now)["slot"], range(6))
        )
    assert [slot["id"] for slot in given if slot is not None] == ["1400"]
    awaited(lambda: world.hospital.state()["counts"].get("Task", 0) == 6)
    awaited(lambda: world.hospital.state()["counts"]["Appointment"] == 1)
    with pytest.raises(Refused, match="no place left"):
        world.hospital.control("take", service="tim-mach", at="14:00")
