"""The desk's server: live frames of the kiosk, touches, and one button for each thing the world can do."""

from __future__ import annotations

import asyncio
import io
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import httpx
from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse, Response, StreamingResponse
from PIL import Image
from pydantic import BaseModel, Field
from starlette.middleware.trustedhost import TrustedHostMiddleware

from simulators import citizens
from simulators.bank import code
from simulators.desk.frames import Frames
from simulators.desk.staff import StaffHands
from simulators.desk.world import WorldFacts
from simulators.world.phone import payment_code

PAGE = Path(__file__).with_name("page.html")
FRAME_PAUSE = 0.15
FRAME_SIZE = (540, 960)


class Touch(BaseModel):
    """A point of the kiosk's picture, in its own pixels."""

    x: int = Field(ge=0, lt=1080)
    y: int = Field(ge=0, lt=1920)


class Show(BaseModel):
    """Hold somebody's code to the scanner."""

    citizen: str
    code: Literal["card", "insurance"] = "card"


class Pay(BaseModel):
    """What the person does in their bank's app with the code on the screen."""

    how: Literal["whole", "part", "more", "silent"] = "whole"


def create(facts: WorldFacts) -> FastAPI:
    """The desk for one running world."""
    app = FastAPI(title="Trạm: bàn mô phỏng", docs_url=None, redoc_url=None)
    # Loopback is not enough: a page of another site must not reach the desk through a renamed host.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    frames = Frames(facts)
    staff = StaffHands(facts)
    client = httpx.AsyncClient(timeout=30, trust_env=False)

    async def control(simulator: str, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        url = facts.controls.get(simulator)
        if url is None:
            raise HTTPException(404, f"no simulator {simulator}")
        answer = await client.post(f"{url}/{verb}", json=body)
        if answer.status_code != 200:
            raise HTTPException(answer.status_code, answer.text)
        return answer.json()

    async def state_of(simulator: str) -> dict[str, Any]:
        try:
            return (await client.get(f"{facts.controls[simulator]}/state", timeout=3)).json()
        except httpx.HTTPError as error:
            return {"lost": type(error).__name__}

    @app.get("/")
    async def page() -> FileResponse:
        return FileResponse(PAGE, headers={"Cache-Control": "no-store"})

    @app.get("/people")
    async def people() -> list[dict[str, Any]]:
        return [
            {"id": one.id, "name": one.name, "birth": one.birth, "insured": one.insurance is not None}
            for one in citizens.load_all()
        ]

    @app.get("/state")
    async def state() -> dict[str, Any]:
        names = list(facts.controls)
        states = await asyncio.gather(*(state_of(name) for name in names))
        calls = await staff.calls()
        return {**dict(zip(names, states, strict=True)), "calls": calls, "staff": facts.staff_page}

    @app.get("/frame.png")
    async def frame() -> Response:
        picture = io.BytesIO()
        (await asyncio.to_thread(frames.picture)).save(picture, "PNG", compress_level=1)
        return Response(picture.getvalue(), media_type="image/png", headers={"Cache-Control": "no-store"})

    @app.get("/frames")
    async def live() -> StreamingResponse:
        return StreamingResponse(stream(frames), media_type="multipart/x-mixed-replace; boundary=frame")

    @app.post("/touch")
    async def touch(point: Touch) -> dict[str, Any]:
        if not facts.own_screen:
            raise HTTPException(409, "the kiosk runs on a person's display: touch it there")
        await asyncio.to_thread(frames.display.touch, point.x, point.y)
        return {}

    @app.post("/show")
    async def show(what: Show) -> dict[str, Any]:
        try:
            citizen = citizens.load(what.citizen)
        except KeyError as error:
            raise HTTPException(404, f"no citizen {what.citizen}") from error
        text = citizen.qr_text() if what.code == "card" else citizen.bhyt_qr_text()
        return await control("scanner", "scan", {"text": text})

    @app.post("/pay")
    async def pay(what: Pay) -> dict[str, Any]:
        payload = await asyncio.to_thread(lambda: payment_code(frames.picture()))
        if payload is None:
            raise HTTPException(409, "no payment code on the screen")
        whole = code.read(payload).amount or 0
        amount = {"part": max(whole // 2, 1), "more": whole + 50_000}.get(what.how, whole)
        mode = "lost" if what.how == "silent" else "now"
        return await control("bank", "pay", {"payload": payload, "amount": amount, "mode": mode})

    @app.post("/staff/{action}")
    async def answer_call(action: Literal["acknowledge", "close"]) -> dict[str, Any]:
        return await staff.answer(action)

    @app.post("/do/{simulator}/{verb}")
    async def do(simulator: str, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        return await control(simulator, verb, body)

    @app.get("/slips/{number}.png")
    async def slip(number: int) -> Response:
        answer = await client.get(f"{facts.controls['printer']}/slip-{number}.png")
        return Response(answer.content, answer.status_code, media_type="image/png")

    return app


async def stream(frames: Frames) -> AsyncIterator[bytes]:
    """Motion JPEG, two parts for each changed picture (a still kiosk costs a checksum a beat).

    Chromium shows a part only when the next one begins: the picture before which nothing moves any more would never
    be seen, so each is sent once again.
    """
    last, part = -1, b""
    yield b"--frame\r\n"
    while True:
        picture = await asyncio.to_thread(frames.picture)
        small = picture.resize(FRAME_SIZE, Image.Resampling.BILINEAR, reducing_gap=1.0)
        mark = zlib.crc32(small.tobytes())
        if mark != last:
            last = mark
            jpeg = io.BytesIO()
            small.save(jpeg, "JPEG", quality=80)
            body = jpeg.getvalue()
            part = b"Content-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n--frame\r\n" % (len(body), body)
            yield part
        elif part:
            yield part
            part = b""
        await asyncio.sleep(FRAME_PAUSE)
