"""QR codes on pages, as the path of an SVG picture."""

from __future__ import annotations

import qrcode


def qr_path(text: str) -> str:
    """One unit for each module, four around it."""
    matrix = _matrix(text)
    return "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)


def qr_size(text: str) -> str:
    """How many modules wide."""
    return str(len(_matrix(text)))


def _matrix(text: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make()
    matrix: list[list[bool]] = code.get_matrix()
    return matrix
