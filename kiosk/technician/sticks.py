"""USB sticks a technician's bundle may be written to: only those of the allow-list, and only where they are mounted.

The kiosk mounts nothing (no root): the site's own udev rule mounts allow-listed sticks (docs/technician.md). What is
mounted is found in /proc/self/mounts, which stick it is by the links of udev in /dev/disk/by-uuid.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
BY_UUID = Path("/dev/disk/by-uuid")
_FILE_SYSTEMS = frozenset({"vfat", "exfat", "ext4", "ntfs3"})


def stick(allowed: Iterable[str], mounts: Path = MOUNTS, by_uuid: Path = BY_UUID) -> Path | None:
    """Where the first allow-listed stick is mounted for writing; None when there is none."""
    devices = {(by_uuid / uuid).resolve() for uuid in allowed if uuid and "/" not in uuid and (by_uuid / uuid).exists()}
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    for line in lines:
        device, place, kind, options, *_ = [*line.split(" "), "", "", "", ""]
        writable = "rw" in options.split(",")
        if device.startswith("/") and Path(device).resolve() in devices and kind in _FILE_SYSTEMS and writable:
            # Spaces in a mount's name are written as \040 (proc(5)).
            return Path(place.encode().decode("unicode_escape"))
    return None
