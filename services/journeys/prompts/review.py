"""The last look before the number is taken."""

from dataclasses import dataclass
from enum import Enum

from services.journeys.prompts.base import Element, Prompt, Say


@dataclass(frozen=True)
class Amounts:
    """Provisional amounts in đồng. `patient` None reads "Chưa phải trả bây giờ", never 0 đ.

    `limit`/`limit_percent`: "Nếu cả lần khám từ {limit} đ trở lên, ông/bà trả {percent} %."
    """

    price: int
    fund: int | None
    patient: int | None
    limit: int | None = None
    limit_percent: int | None = None


class ReviewAnswer(Enum):
    """Ways on from picture 26."""

    TAKE_NUMBER = "take-number"
    CHANGE_CLINIC = "change-clinic"
    ASK_DESK = "ask-desk"


@dataclass(frozen=True, kw_only=True)
class Review(Prompt[ReviewAnswer]):
    """Picture 26."""

    clinic: str
    room: str
    waiting: int | None
    minutes: int | None
    priority: bool
    insured: bool
    amounts: Amounts | None
    """None where prices are not known (gateway unreachable, guide desk)."""
    desk: str
    guide_desk: bool = False
    """The guide desk's number: nothing is examined, nothing is said of money."""
    time: str | None = None
    """The time it is for ("08:30"), of an appointment or a chosen slot."""
    pays_now: bool = False
    """A self-paying patient: the primary button leads to paying, "Lấy số và trả tiền"."""

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.review"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(
            Element(
                answer.value,
                Say(f"spoken.review.{answer.value}"),
                weighty=answer is ReviewAnswer.TAKE_NUMBER,
            )
            for answer in ReviewAnswer
        )
