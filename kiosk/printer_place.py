"""The printer of the settings in the driver's words."""

from __future__ import annotations

from drivers.printer import CodePage, CutMode, NetworkAddress, PrinterProfile, PrintMode, SerialLine, UsbFile
from kiosk.settings import NetworkPrinter, PrinterSettings, SerialPrinter

_CUTS = {"partial": CutMode.PARTIAL, "full": CutMode.FULL, "none": CutMode.NONE}


def place_of(printer: PrinterSettings) -> NetworkAddress | SerialLine | UsbFile:
    """Where it hangs."""
    if isinstance(printer, NetworkPrinter):
        return NetworkAddress(printer.host, printer.port)
    if isinstance(printer, SerialPrinter):
        return SerialLine(
            str(printer.path),
            printer.baud,
            rtscts=printer.flow == "rtscts",
            dsrdtr=printer.flow == "dsrdtr",
            xonxoff=printer.flow == "xonxoff",
        )
    return UsbFile(str(printer.path))


def profile_of(printer: PrinterSettings) -> PrinterProfile:
    """What it can do, as the installer says."""
    return PrinterProfile(
        width=printer.width,
        cut=_CUTS[printer.cut],
        mode=PrintMode(printer.mode),
        code_page=CodePage(printer.code_page),
    )
