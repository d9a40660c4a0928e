"""The room finder: which place, and the way there in words. No identification."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Element, Prompt, Say


@dataclass(frozen=True)
class RoomRow:
    """A place and where it is, in one line ("Tầng 2, nhà B")."""

    id: str
    name: str
    icon: str
    place: str


@dataclass(frozen=True)
class RoomChosen:
    """A place by its id."""

    room_id: str


@dataclass(frozen=True, kw_only=True)
class FindRoom(Prompt[RoomChosen]):
    """ "Tìm phòng": all places, in pages."""

    rooms: tuple[RoomRow, ...]

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.rooms"),)

    def focus(self) -> tuple[Element, ...]:
        total = len(self.rooms)
        return tuple(
            Element(row.id, Say("spoken.row", (("number", number), ("total", total), ("name", row.name))))
            for number, row in enumerate(self.rooms, 1)
        )


class ShowRoomAnswer(Enum):
    """Ways on from the way there."""

    DONE = "done"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class ShowRoom(Prompt[ShowRoomAnswer]):
    """Where it is: the facts that are known, the way in words. Read aloud whole."""

    name: str
    icon: str
    room: str
    building: str
    floor: str
    way: str
    seconds: ClassVar[float | None] = 60.0
    is_result: ClassVar[bool] = True

    def spoken(self) -> tuple[Say, ...]:
        where = ", ".join(part for part in (self.room, self.floor, self.building) if part)
        return (Say("spoken.room", (("name", self.name), ("where", where), ("way", self.way))),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(answer.value, Say(f"spoken.room.{answer.value}")) for answer in ShowRoomAnswer)
