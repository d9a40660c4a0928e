"""Where a scanner on the network listens, as far as SANE's name of it tells."""

from __future__ import annotations

import re

SANED_PORT = 6566
"""IANA's sane-port; the `net` back end knows no other."""
_SANED = re.compile(r"^net:(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+):")
_URL = re.compile(r"(https?)://(\[[0-9A-Fa-f:.]+\]|[^/:\[\]\s]+)(?::(\d{1,5}))?")
"""eSCL and WSD scanners are named with their address: `escl:http://…`, `airscan:escl:NAME:http://…`."""
_PORTS = {"http": 80, "https": 443}


def listens_at(name: str) -> tuple[str, int] | None:
    """Host and port; None for one on a cable, and where the name does not tell."""
    if (saned := _SANED.match(name)) is not None:
        return saned[1].strip("[]"), SANED_PORT
    if (url := _URL.search(name)) is not None:
        return url[2].strip("[]"), int(url[3] or _PORTS[url[1]])
    return None
