"""Slips as pictures: 576 dots wide, 1 bit, as long as they must be and never over 190 mm (LOOK.md section 12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PIL import Image

from services.messages import money, tr
from services.receipts.paper import INNER, LONGEST, MARGIN, WIDTH, Align, Paper, Style, Weight, qr_picture
from services.receipts.slips import NumberSlip, PaymentSlip, Slip
from services.receipts.words_of_amount import amount_in_words, in_lines

BODY = Style(28, 38)
BOLD = Style(28, 38, Weight.BOLD)
SMALL = Style(24, 34)
SMALL_BOLD = Style(24, 34, Weight.BOLD)
PLACE = Style(32, 42, Weight.BOLD)
KIOSK = Style(26, 36)
HEADING = Style(32, 40, Weight.BOLD)
TITLE = Style(36, 46, Weight.BOLD)
CLINIC = Style(44, 56, Weight.BOLD)
ROOM = Style(36, 48, Weight.BOLD)
AMOUNT = Style(64, 78, Weight.FIGURES)
CODE = Style(38, 46, Weight.FIGURES, spacing=2)
NUMBER = Style(232, 212, Weight.FIGURES, spacing=-8)
NARROW = 0.88
PLACE_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Room:
    """How generous a slip is with paper; the first that fits in 190 mm is used."""

    rule: int = 16
    row: int = 5
    mark: int = 6
    bottom: int = 32
    bring: bool = True
    foot: bool = True
    small: bool = False
    """Place and way in smaller letters: only where their names are very long."""


ROOMS = (
    Room(),
    Room(rule=10, row=2, mark=3, bottom=16),
    Room(rule=8, row=0, mark=2, bottom=8, foot=False),
    Room(rule=6, row=0, mark=0, bottom=8, foot=False, bring=False),
    Room(rule=5, row=0, mark=0, bottom=8, foot=False, bring=False, small=True),
)


def draw(slip: Slip) -> Image.Image:
    """The slip as a 1-bit picture. The last, tightest room is taken even if it should be too long."""
    picture = _drawn(slip, ROOMS[0])
    for room in ROOMS[1:]:
        if picture.height <= LONGEST:
            break
        picture = _drawn(slip, room)
    return picture


def _drawn(slip: Slip, room: Room) -> Image.Image:
    paper = Paper()
    paper.space(24)
    if isinstance(slip, NumberSlip):
        _number_slip(paper, slip, room)
    else:
        _payment_slip(paper, slip, room)
    paper.space(room.bottom)
    return paper.picture()


# --- the number ---------------------------------------------------------------------------------------------------


def _number_slip(paper: Paper, slip: NumberSlip, room: Room) -> None:
    language = slip.language
    _head(paper, slip, room)
    if slip.first_printed_at is not None:
        _copy_frame(paper, slip.first_printed_at, language, room)
    paper.text(tr("slip.number", language), HEADING, Align.CENTRE)
    big_number(paper, slip.number)
    paper.text(slip.clinic, ROOM if room.small else CLINIC, Align.CENTRE)
    paper.text(slip.room, BOLD if room.small else ROOM, Align.CENTRE)
    if slip.way:
        paper.text(slip.way, SMALL if room.small else BODY, Align.CENTRE)
    paper.rule(room.rule)
    _row(paper, room, tr("slip.taken", language), _moment(slip.taken_at))
    if slip.waiting is not None:
        _row(paper, room, tr("slip.ahead", language), _people(slip.waiting, language))
    if slip.expected_at is not None:
        about = tr("slip.expected.about", language, time=f"{_local(slip.expected_at):%H:%M}")
        _row(paper, room, tr("slip.expected", language), about)
    if slip.marks:
        paper.rule(room.rule)
        for mark in slip.marks:
            _mark(paper, room, mark, slip)
    if room.bring:
        paper.rule(room.rule)
        paper.text(tr("slip.bring", language), BOLD)
        what = "slip.bring.priority" if "prio.slip" in slip.marks else "slip.bring.plain"
        paper.text(tr(what, language), BODY)
    paper.rule(room.rule, dashed=True)
    lines = [(tr("slip.reprint", language), SMALL), (slip.reprint_code, CODE)]
    if slip.number_masked:
        lines.append((f"{tr('slip.id', language)} {slip.number_masked}", SMALL))
    lines.append((tr("slip.lost", language, desk=slip.desk), SMALL))
    _code_beside(paper, slip.code, lines)
    if room.foot:
        paper.space(10)
        paper.text(tr("slip.noname", language), SMALL, Align.CENTRE)
        paper.text(tr("slip.keep", language), SMALL, Align.CENTRE)


def _copy_frame(paper: Paper, first: datetime, language: str, room: Room) -> None:
    when = tr("slip.copy.first", language, time=_moment(first))
    top = paper.y
    paper.space(10)
    if room.small:
        paper.text(f"{tr('slip.copy', language)}. {when}", SMALL_BOLD, Align.CENTRE)
    else:
        paper.text(tr("slip.copy", language), BOLD, Align.CENTRE)
        paper.text(when, SMALL, Align.CENTRE)
    paper.space(10)
    paper.frame(top)
    paper.space(room.rule)


def big_number(paper: Paper, number: str) -> None:
    """Four characters are narrowed, never shrunk: the height of 21 mm is what is read from afar."""
    ascent, descent = NUMBER.font.getmetrics()
    strip = Paper.strip(number, NUMBER, int(NUMBER.width(number)) + 16)
    # The middle is that of the ink: a "1" has more white at its sides than a "4".
    left, _, right, _ = strip.point(lambda grey: 255 - grey).getbbox() or (0, 0, 1, 1)
    ink = strip.crop((left, 0, right, strip.height))
    scale = min(1.0 if len(number) < 4 else NARROW, INNER / ink.width)
    narrow = ink.resize((max(1, round(ink.width * scale)), ink.height), Image.Resampling.LANCZOS)
    paper.space(-2)
    top = paper.y + round((NUMBER.line - ascent - descent) / 2)
    paper.darken(narrow, (WIDTH - narrow.width) // 2, top)
    paper.space(NUMBER.line + 4)


def _mark(paper: Paper, room: Room, mark: str, slip: NumberSlip) -> None:
    text = tr(mark, slip.language)
    if mark == "slip.insurance_pending" and not room.small:
        text = tr("slip.desk_looks", slip.language, mark=text, desk=slip.desk)
    paper.space(room.mark)
    paper.block(MARGIN, paper.y + 6, 26, 26)
    left = MARGIN + 26 + 16
    paper.text(text, SMALL_BOLD if room.small else BOLD, left=left, width=WIDTH - MARGIN - left)
    if slip.language != "vi":
        # Whom it is for works here and reads Vietnamese.
        paper.text(tr(mark, "vi"), SMALL, left=left, width=WIDTH - MARGIN - left)
    paper.space(room.mark)


def _people(count: int, language: str) -> str:
    if count == 0:
        return tr("slip.ahead.none", language)
    return tr("slip.ahead.one", language) if count == 1 else tr("slip.ahead.people", language, count=count)


# --- the payment --------------------------------------------------------------------------------------------------


def _payment_slip(paper: Paper, slip: PaymentSlip, room: Room) -> None:
    language = slip.language
    paid = slip.paid_at is not None
    title = "slip.payment" if paid else "slip.payment.unclear"
    _head(paper, slip, room)
    paper.text(tr(title, language), TITLE, Align.CENTRE)
    if language != "vi":
        paper.text(tr(title, "vi"), SMALL_BOLD, Align.CENTRE)
    paper.text(tr("slip.payment.under", language), BOLD, Align.CENTRE)
    paper.rule(room.rule)
    if paid:
        paper.text(tr("slip.payment.received", language), SMALL, Align.CENTRE)
        paper.text(money(slip.amount), AMOUNT, Align.CENTRE)
        for line in _joined(in_lines(amount_in_words(slip.amount, language)), BOLD):
            paper.text(line, BOLD, Align.CENTRE)
    else:
        paper.text(tr("slip.payment.unknown", language), BOLD)
    paper.rule(room.rule)
    _payment_rows(paper, slip, room)
    paper.rule(room.rule)
    if paid:
        _invoice(paper, slip)
        paper.rule(room.rule, dashed=True)
    _code_beside(paper, slip.code, [(tr("slip.payment.show", language), SMALL)])


def _payment_rows(paper: Paper, slip: PaymentSlip, room: Room) -> None:
    language = slip.language
    if slip.paid_at is None:
        _row(paper, room, tr("slip.payment.due", language), money(slip.amount))
    _row(paper, room, tr("slip.payment.bill", language), slip.bill_number)
    _row(paper, room, tr("slip.number", language), slip.ticket_number)
    _row(paper, room, tr("slip.payment.purpose", language), slip.purpose)
    _row(paper, room, tr("slip.payment.method", language), tr("slip.payment.method.vietqr", language))
    if slip.paid_at is not None:
        _row(paper, room, tr("slip.payment.paid_at", language), f"{_local(slip.paid_at):%H:%M:%S, %d/%m/%Y}")
    elif slip.printed_at is not None:
        _row(paper, room, tr("slip.payment.printed_at", language), f"{_local(slip.printed_at):%H:%M:%S, %d/%m/%Y}")
    _row(paper, room, tr("slip.payment.account", language), f"•••• {slip.account_last4}")
    paper.space(room.row)
    paper.text(slip.account_name, BOLD)
    paper.space(room.row)
    if slip.number_masked:
        _row(paper, room, tr("slip.id", language), slip.number_masked)


def _invoice(paper: Paper, slip: PaymentSlip) -> None:
    language = slip.language
    paper.text(tr("slip.payment.invoice", language), BOLD)
    if slip.invoice_code is None:
        paper.text(tr("slip.payment.invoice.none", language), BODY)
        return
    paper.text(tr("slip.payment.invoice.code", language), SMALL)
    paper.text(slip.invoice_code, CODE)
    if slip.invoice_site:
        paper.text(tr("slip.payment.invoice.site", language, site=slip.invoice_site), BODY)
    else:
        paper.text(tr("slip.payment.invoice.ask", language), BODY)


# --- shared pieces ------------------------------------------------------------------------------------------------


def _head(paper: Paper, slip: Slip, room: Room) -> None:
    if slip.demo:
        top = paper.y
        paper.space(10)
        paper.text(tr("slip.demo", slip.language), Style(28, 36, Weight.BOLD), Align.CENTRE)
        paper.space(10)
        paper.frame(top)
        paper.space(16)
    paper.text(slip.place, BOLD if room.small else PLACE, Align.CENTRE)
    paper.text(slip.kiosk, SMALL if room.small else KIOSK, Align.CENTRE)
    paper.rule(room.rule)


def _row(paper: Paper, room: Room, label: str, value: str) -> None:
    """A label at the left and its value at the right; on two lines when they do not fit beside each other."""
    paper.space(room.row)
    gap = 20
    if BODY.width(label) + gap + BOLD.width(value) <= INNER:
        paper.put(label, BODY, MARGIN)
    else:
        paper.text(label, BODY)
    paper.text(value, BOLD, Align.RIGHT)
    paper.space(room.row)


def _code_beside(paper: Paper, content: str, lines: list[tuple[str, Style]]) -> None:
    """The QR code at the left, text in the middle of its height at the right."""
    code = qr_picture(content)
    left = MARGIN + code.width + 22
    width = WIDTH - MARGIN - left
    wrapped = [(line, style) for text, style in lines for line in style.wrap(text, width)]
    height = sum(style.line for _, style in wrapped)
    top = paper.y
    paper.paste(code, MARGIN, top + max(0, (height - code.height) // 2))
    paper.space(max(0, (code.height - height) // 2))
    for line, style in wrapped:
        paper.line(line, style, Align.LEFT, left, width)
    paper.y = top + max(height, code.height)


def _joined(pieces: list[str], style: Style) -> list[str]:
    """As many pieces in a line as fit."""
    lines: list[str] = []
    for piece in pieces:
        if lines and style.width(f"{lines[-1]} {piece}") <= INNER:
            lines[-1] = f"{lines[-1]} {piece}"
        else:
            lines.append(piece)
    return lines


def _local(moment: datetime) -> datetime:
    return moment.astimezone(PLACE_TIME)


def _moment(moment: datetime) -> str:
    return f"{_local(moment):%H:%M, %d/%m/%Y}"
