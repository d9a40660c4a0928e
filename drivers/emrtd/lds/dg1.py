"""DG1: the machine readable zone on the chip (ICAO 9303-10 section 4.7.1)."""

from __future__ import annotations

from drivers.emrtd.lds.mrz import Mrz, parse_mrz
from drivers.emrtd.lds.tlv import LdsError, parse_one


def parse_dg1(data: bytes) -> Mrz:
    """Read EF.DG1 (`61 L 5F1F L …`). Raises LdsError."""
    zone = parse_one(data, 0x61).child(0x5F1F).value
    try:
        text = zone.decode("ascii")
    except UnicodeDecodeError:
        raise LdsError("DG1 is not ASCII") from None
    return parse_mrz(text)
