"""Instructions and confirmation codes of serial fingerprint modules (ZFM-20, ZFM-70, R30x, R503, AS608).

Sources: A adafruit/Adafruit_CircuitPython_Fingerprint, P bastianraschke/pyfingerprint (public code), Z the ZFM-70
manual (official), C the R503-class manual as reproduced in Chinese (second-hand).
"""

from __future__ import annotations

from enum import Enum, IntEnum

from drivers.fingerprint.errors import FingerHint

DEFAULT_ADDRESS = 0xFFFFFFFF
DEFAULT_BAUD = 57600
BAUD_UNIT = 9600
"""System parameter 4 is the speed in units of 9,600 baud (A, P)."""
BAUD_PARAMETER = 4
PACKET_PARAMETER = 6
PACKET_SIZES = (32, 64, 128, 256)
"""Payload bytes of a data packet by system parameter 6 (A, P)."""
ECHO = 0x55
"""Answer to GetEcho; some modules also send this byte on its own at power-up (Z)."""


class Instruction(IntEnum):
    """First payload byte of a command, for the commands this driver sends."""

    GEN_IMG = 0x01  # A P
    UP_IMAGE = 0x0A  # A P
    SET_SYS_PARA = 0x0E  # A P
    READ_SYS_PARA = 0x0F  # A P
    VFY_PWD = 0x13  # A P
    GET_IMAGE_EX = 0x28  # C: 07 for a poor picture where GenImg answers 00
    AURA_LED = 0x35  # A C
    READ_PROD_INFO = 0x3C  # C
    HANDSHAKE = 0x40  # C: R503 family
    LED_ON = 0x50  # Z
    LED_OFF = 0x51  # Z
    GET_ECHO = 0x53  # A Z: ZFM-70 family


class Confirmation(IntEnum):
    """First payload byte of an acknowledgement. A value that no source names stays the plain number it is."""

    OK = 0x00  # A P
    PACKET_ERROR = 0x01  # A P
    NO_FINGER = 0x02  # A P
    CAPTURE_FAILED = 0x03  # A P
    MESSY = 0x06  # A P
    FEW_FEATURES = 0x07  # A P
    NO_MATCH = 0x08  # A P
    NOT_FOUND = 0x09  # A P
    MERGE_FAILED = 0x0A  # A P
    PAGE_RANGE = 0x0B  # A P
    TEMPLATE_READ = 0x0C  # A P
    TEMPLATE_UPLOAD = 0x0D  # A P
    CANNOT_RECEIVE = 0x0E  # A P
    IMAGE_UPLOAD = 0x0F  # A P
    DELETE_FAILED = 0x10  # A P
    CLEAR_FAILED = 0x11  # A P
    WRONG_PASSWORD = 0x13  # A P
    NO_IMAGE = 0x15  # A P
    FLASH_ERROR = 0x18  # A P
    INVALID_REGISTER = 0x1A  # A P
    WRONG_ADDRESS = 0x20  # A P
    PASSWORD_FIRST = 0x21  # A P
    ECHO = ECHO  # A Z


def confirmation_of(code: int) -> Confirmation | int:
    """The named code, or the number itself: firmware sends codes above 0x21, and 0x17, that no source explains."""
    return Confirmation(code) if code in Confirmation.__members__.values() else code


HINTS: dict[int, FingerHint] = {
    Confirmation.CAPTURE_FAILED: FingerHint.AGAIN,
    Confirmation.MESSY: FingerHint.WIPE,
    Confirmation.FEW_FEATURES: FingerHint.PRESS,
}
"""What a refused capture means for the person."""


class Family(Enum):
    """Which commands a module knows besides the common ones: found out by asking, never assumed."""

    R503 = "r503"
    """Answers HandShake (0x40)."""
    ZFM70 = "zfm70"
    """Answers GetEcho (0x53) with 0x55."""
    PLAIN = "plain"
    """Answers neither (ZFM-20, AS608): only the common commands are used."""


class Light(IntEnum):
    """Control byte of AuraLed (C): what the ring does."""

    ON = 0x03
    OFF = 0x04
