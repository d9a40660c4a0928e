"""Samples of the technician's pages: picture 19, tests, settings, the PIN."""

from __future__ import annotations

from dataclasses import replace

from services.journeys import prompts as ask
from services.journeys.prompts import DeviceAction, DeviceRow, Lamp, ResultRow, SettingRow, Told


def _last(message: str, **args: str | int) -> Told:
    return Told(message, tuple(args.items()))


_NONE = Told("tech.last.none")
ROWS = (
    DeviceRow("printer", "printer", Lamp.FAULT, "tech.state.paper-out", Told(text="ESC/POS · /dev/usb/lp0"),
              _last("tech.now.slips", time="07:16", code="PR-02", what="Máy hết giấy", count=2), DeviceAction.PRINT),
    DeviceRow("finger", "fingerprint", Lamp.NOTICE, "tech.state.no-device", Told(text="/dev/ttyUSB1"),
              _last("tech.now", time="12:29", code="FP-07", what="Đầu đọc vân tay đang mất kết nối"),
              DeviceAction.REOPEN),
    DeviceRow("reader", "identification-card", Lamp.GOOD, "tech.state.online", Told(text="PC/SC · Virtual PCD 00 00"),
              _last("tech.last", time="21/11", code="CR-04"), DeviceAction.REOPEN),
    DeviceRow("scanner", "barcode", Lamp.GOOD, "tech.state.online", Told(text="/dev/ttyACM0 · 9600"), _NONE,
              DeviceAction.REOPEN),
    DeviceRow("sound", "speaker-high", Lamp.GOOD, "tech.state.online", Told(text="default"), _NONE, DeviceAction.PLAY),
    DeviceRow("touch", "hand-tap", Lamp.GOOD, "tech.state.online",
              _last("tech.touch.lately", width=1080, height=1920, time="12:30"), _last("tech.touch.all", time="07:02"),
              DeviceAction.GRID),
    DeviceRow("gateway", "hard-drives", Lamp.GOOD, "tech.state.online",
              _last("tech.gateway.answers", wire="gateway.hospital.example", count=3), _NONE, DeviceAction.SEND),
)  # fmt: skip
BOARD = ask.TechnicianBoard(
    kiosk="HG-BV-03",
    version="0.4.2",
    running=Told("tech.running.days", (("count", 6),)),
    clock="12:31:08",
    rows=ROWS,
    waiting=3,
    served=418,
)
CROWDED = replace(
    BOARD,
    rows=(
        *ROWS,
        DeviceRow("card-terminal", "coins", Lamp.GOOD, "tech.state.online", Told(text="10.20.0.44:5015"), _NONE,
                  DeviceAction.REOPEN),
        DeviceRow("document-scanner", "file-text", Lamp.GOOD, "tech.state.online", Told(text="fujitsu:fi-7160:1234"),
                  _NONE, DeviceAction.REOPEN),
        DeviceRow("keypad", "keyboard", Lamp.FAULT, "tech.state.no-device", Told(text="/dev/input/by-id/keypad-kbd"),
                  _last("tech.now", time="12:02", code="AU-03", what="Bàn phím nổi của chế độ nghe đang mất kết nối"),
                  DeviceAction.REOPEN),
        DeviceRow("headphone-socket", "headphones", Lamp.GOOD, "tech.state.online", Told(text="Headphone"), _NONE,
                  DeviceAction.REOPEN),
    ),
    note=Told("tech.reopened"),
)  # fmt: skip
ALL_RESULTS = ask.CheckResults(
    rows=(
        ResultRow("touch", Lamp.FAULT, _last("tech.found.missed", count=7),
                  "KI-905: Lau kính, gỡ miếng dán; xem dây cảm ứng; chạm thử lại."),
        ResultRow("printer", Lamp.GOOD, Told("tech.found.printed")),
        ResultRow("reader", Lamp.GOOD, _last("tech.found.traced", count=151, ms=4210)),
        ResultRow("scanner", Lamp.GOOD, _last("tech.found.code", kind="cccd", count=104)),
        ResultRow("finger", Lamp.NOTICE, _last("tech.found.finger", quality=42, ms=1890)),
        ResultRow("document-scanner", Lamp.GOOD, _last("tech.found.paper", seconds=9, kilobytes=412)),
        ResultRow("card-terminal", Lamp.FAULT, _last("tech.found.terminal.busy", ms=211)),
        ResultRow("keypad", Lamp.FAULT, _last("tech.found.nokeys", count=1), lines=("KEY_UP",)),
        ResultRow("headphone-socket", None, Told("tech.do.socket")),
        ResultRow("sound", None, Told("tech.do.wait")),
        ResultRow("gateway", None, Told("tech.do.wait")),
    ),
    running="headphone-socket",
)  # fmt: skip
LINES = ask.TechnicianLines(
    name="reader",
    heads=tuple(f"tech.line.{name}" for name in ("number", "header", "sent", "status", "received", "ms")),
    rows=tuple(
        (str(number), f"0C B0 {number * 223 >> 8:02X} {number * 223 & 0xFF:02X}", "19", "9000", "239", "41")
        for number in range(1, 152)
    ),
)
ONE_RESULT = ask.CheckResults(
    rows=(
        ResultRow("reader", Lamp.GOOD, _last("tech.found.traced", count=151, ms=4210), table=LINES.rows),
    ),
    history=ask.DeviceHistory(
        _last("tech.history.counts", changes=5, losses=2),
        (
            ResultRow("CR-04", None, _last("tech.history.when", time="12:29", count=3),
                      "Thẻ nhấc hơi sớm. Không phải lỗi máy: nhắc người dùng giữ thẻ tới khi nghe tiếng bíp."),
            ResultRow("CR-01", None, _last("tech.history.when", time="28/11", count=1),
                      "Trạm không thấy đầu đọc thẻ. Xem dây USB; rút và cắm lại đầu đọc."),
        ),
    ),
)  # fmt: skip
RESULTS = ask.CheckResults(
    rows=(
        ResultRow("printer", Lamp.GOOD, Told("tech.found.printed")),
        ResultRow("reader", Lamp.GOOD, _last("tech.found.card", ms=34),
                  lines=("00 A4 04 0C Lc 7: 9000, 0 byte, 12 ms", "00 B0 9C 00 Le 0: 9000, 118 byte, 22 ms")),
        ResultRow("scanner", Lamp.FAULT, _last("tech.found.nobody", seconds=20),
                  "Xem dây, đèn và chế độ của máy quét."),
        ResultRow("gateway", None, Told("tech.do.wait")),
    ),
    running="gateway",
)  # fmt: skip
SETTINGS = ask.SiteSettingsPage(
    rows=(
        SettingRow("site.volume", Told(text="60")), SettingRow("site.language", Told("tech.value.vi")),
        SettingRow("site.text", Told("tech.value.normal")), SettingRow("site.contrast", Told("tech.value.normal")),
        SettingRow("site.reach", Told("tech.value.normal")), SettingRow("times.answer_factor", Told(text="1.0")),
        SettingRow("printer.cut", Told("tech.value.partial")), SettingRow("printer.mode", Told("tech.value.raster")),
        SettingRow("scanner.baud", Told(text="9600")),
    ),
    can_undo=True,
)  # fmt: skip
TECHNICIAN = (
    ("technician-pin", ask.TechnicianPin()),
    ("technician-pin-wait", ask.TechnicianPin(wrong=True, wait=30)),
    ("technician-board", BOARD),
    ("technician-board-crowded", CROWDED),
    ("technician-results", RESULTS),
    ("technician-results-all", ALL_RESULTS),
    ("technician-result", ONE_RESULT),
    ("technician-lines", LINES),
    ("technician-settings", SETTINGS),
    ("technician-touch", ask.TouchGrid()),
)
