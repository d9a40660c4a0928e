"""A phone's camera in front of the kiosk: finds the payment code in a picture of the screen."""

from __future__ import annotations

import zxingcpp
from PIL import Image

EMV_START = "0002"
"""Payload format indicator of every EMV QR text (VietQR, VNPAY-QR)."""


def payment_code(picture: Image.Image) -> str | None:
    """The text of the payment code on the screen, None where there is none."""
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return next((code.text for code in found if code.text.startswith(EMV_START)), None)
