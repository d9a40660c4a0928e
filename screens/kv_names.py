"""Names that kv rules use: importing this makes them known to Kivy's factory."""

from __future__ import annotations

from screens.layout import Box, Column, Grid, Row, Space
from screens.parts.big_tile import BigTile
from screens.parts.card_side import CardSide
from screens.parts.cards import Badge, Card, Fact, Ground, Note, Pill, Rule
from screens.parts.codes import QrCode
from screens.parts.fields import FieldLines
from screens.parts.hits import Hits
from screens.parts.keyboard import Keyboard
from screens.parts.lists import Choice, NumberDisc, NumberedWords, Pager, Pages
from screens.parts.named import NamedRow, NamedTile
from screens.parts.pictures import Pattern, Photo, Picture
from screens.parts.rings import Dots, Meter, Progress, Ring
from screens.parts.rows import ActNote, IconRow, WhereNote
from screens.parts.touch import Primary, Secondary, Slim, Touch, WayButton
from screens.words import Icon, Words

NAMES = (
    Box, Column, Grid, Row, Space, Badge, Card, Fact, Ground, Note, Pill, Rule, QrCode, Choice, NumberDisc,
    NumberedWords, Pager, Pages, Pattern, Photo, Picture, Dots, Meter, Progress, Ring, WayButton,
    Primary, Secondary, Slim, Touch, Icon,
    Words, CardSide, NamedRow, NamedTile, ActNote, IconRow, WhereNote, NumberDisc, Hits, Keyboard, BigTile, FieldLines,
)  # fmt: skip
