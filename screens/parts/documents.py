"""Documents that came: a picture of the first page, which paper it is, and a way to leave it out again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from screens.layout import Box, Column, Row
from screens.parts.cards import Badge, Ground
from screens.parts.lists import Pages
from screens.parts.pictures import Photo
from screens.parts.touch import Slim
from screens.words import Words
from services.journeys.prompts import DocumentRow


class DocumentLine(Ground):
    """One document."""

    def __init__(self, row: DocumentRow, remove: Callable[..., object]) -> None:
        super().__init__(
            fill="surface", edge="line", border="border_card", radius="radius_m", pad_x="block", pad_y="inner"
        )
        self._photo = Photo(data=row.picture, wide="page_w", tall="page_h", hidden=row.picture is None)
        line, words = Row(gap="gap"), Column(flex=1)
        name = {"text": row.name} if row.name else {"message": "docs.other"}
        words.add_widget(Words(role="row", weight="semibold", lines=2, **name))
        pages = "docs.draft" if not row.pages else "docs.page" if row.pages == 1 else "docs.pages"
        words.add_widget(Words(message=pages, args={"number": row.pages}, role="small", ink="ink2"))
        away = Slim(name=row.id, icon="x", message="docs.remove", wide="remove_w")
        away.bind(on_act=remove)
        line.add_widget(self._photo)
        if row.picture is None:
            line.add_widget(Badge(icon="file-text"))
        line.add_widget(words)
        line.add_widget(away)
        self.add_widget(line)

    def wipe(self) -> None:
        """Let the picture go."""
        self._photo.wipe()


def refill(pages: Pages, lines: Sequence[Box]) -> None:
    """Other lines; the pictures of the old ones are let go."""
    for item in pages.items:
        if isinstance(item, DocumentLine):
            item.wipe()
    pages.empty()
    pages.fill(lines)
