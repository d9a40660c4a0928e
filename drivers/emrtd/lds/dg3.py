"""DG3: fingers in records of ISO/IEC 19794-4:2005 (ICAO 9303-10 section 4.7.3), for an authorised terminal only."""

from __future__ import annotations

from drivers.emrtd.lds.biometrics import biometric_blocks
from drivers.emrtd.lds.iso19794_4 import FingerCompression, FingerImage, read_finger_images

__all__ = ["FingerCompression", "FingerImage", "parse_dg3"]


def parse_dg3(data: bytes) -> tuple[FingerImage, ...]:
    """All fingers of EF.DG3; none where the group has no instances. Raises LdsError."""
    return tuple(finger for block in biometric_blocks(data, 0x63) for finger in read_finger_images(block))
