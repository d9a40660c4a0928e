""" "Tìm phòng": a place and the way there in words. Nobody is identified."""

from __future__ import annotations

from functools import partial

from services.contract import models as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.journey import Ending, Over, WentBack
from services.journeys.prompts import FindRoom, ProblemChoice, RoomRow, ShowRoom, ShowRoomAnswer
from services.journeys.walk import Walk
from services.journeys.words import in_language


async def find_room(walk: Walk) -> None:
    """Choose a place, read the way, choose another one or go."""
    rooms = await _rooms(walk)
    while True:
        chosen = await walk.ask(partial(_question, walk, rooms))
        room = next((one for one in rooms if one.id == chosen.room_id), None)
        if room is None:
            continue
        try:
            if await walk.result(partial(_way, walk, room)) is not ShowRoomAnswer.OTHER:
                return
        except WentBack:
            continue


async def _rooms(walk: Walk) -> tuple[wire.Room, ...]:
    while True:
        try:
            return await walk.working("working.rooms", walk.kit.gateway.rooms)
        except GatewayError as error:
            if await walk.problem(code_of(error), ProblemChoice.RETRY, ProblemChoice.END) is ProblemChoice.END:
                raise Over(Ending.LEFT) from None


def _question(walk: Walk, rooms: tuple[wire.Room, ...]) -> FindRoom:
    english = walk.english
    return FindRoom(
        rooms=tuple(
            RoomRow(
                id=room.id,
                name=in_language(room.name, room.name_en, wanted_english=english),
                icon=room.icon,
                place=", ".join(
                    part
                    for part in (
                        in_language(room.floor, room.floor_en, wanted_english=english),
                        in_language(room.building, room.building_en, wanted_english=english),
                    )
                    if part
                ),
            )
            for room in rooms
        )
    )


def _way(walk: Walk, room: wire.Room) -> ShowRoom:
    english = walk.english
    return ShowRoom(
        name=in_language(room.name, room.name_en, wanted_english=english),
        icon=room.icon,
        room=in_language(room.room, room.room_en, wanted_english=english),
        building=in_language(room.building, room.building_en, wanted_english=english),
        floor=in_language(room.floor, room.floor_en, wanted_english=english),
        way=in_language(room.way, room.way_en, wanted_english=english),
    )
