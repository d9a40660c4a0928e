"""Receipt printers that speak ESC/POS: a byte stream, a picture as raster bytes, status before and after."""

from drivers.printer.capabilities import CutMode, PrinterCapabilities, PrinterProfile, PrintMode
from drivers.printer.errors import PrinterError, PrinterErrorReason
from drivers.printer.printer import EscPosPrinter
from drivers.printer.status import CoverState, CutterState, HeadState, PaperState, PrinterStatus
from drivers.printer.streams import ByteStream, NetworkAddress, SerialLine, UsbFile, open_stream
from drivers.printer.text import CodePage, TextAlign, TextLine

__all__ = [
    "ByteStream",
    "CodePage",
    "CoverState",
    "CutMode",
    "CutterState",
    "EscPosPrinter",
    "HeadState",
    "NetworkAddress",
    "PaperState",
    "PrintMode",
    "PrinterCapabilities",
    "PrinterError",
    "PrinterErrorReason",
    "PrinterProfile",
    "PrinterStatus",
    "SerialLine",
    "TextAlign",
    "TextLine",
    "UsbFile",
    "open_stream",
]
