"""Says what a scanned text is, and reads it."""

from __future__ import annotations

from collections.abc import Callable

from services.codes.bhyt import BhytQr, looks_like_bhyt, read_bhyt
from services.codes.cccd import CccdQr, looks_like_cccd, read_cccd
from services.codes.dossier import DossierCode, looks_like_dossier, read_dossier
from services.codes.errors import CodeError, CodeErrorReason, CodeKind
from services.codes.plain import as_read
from services.codes.slip import SlipQr, looks_like_slip, read_slip
from services.codes.vietqr import VietQr, VnpayQr, decode, looks_like_emv

Code = CccdQr | BhytQr | VietQr | VnpayQr | DossierCode | SlipQr

_KINDS: tuple[tuple[CodeKind, Callable[[str], bool], Callable[[str], Code]], ...] = (
    (CodeKind.CCCD, looks_like_cccd, read_cccd),
    (CodeKind.BHYT, looks_like_bhyt, read_bhyt),
    (CodeKind.EMV, looks_like_emv, decode),
    (CodeKind.SLIP, looks_like_slip, read_slip),
    (CodeKind.DOSSIER, looks_like_dossier, read_dossier),
)


def detect(text: str) -> CodeKind:
    """What a text seems to be, by how it opens; VietQR and VNPAY-QR are both EMV until they are read."""
    plain = as_read(text)
    return next((kind for kind, looks_like, _ in _KINDS if looks_like(plain)), CodeKind.UNKNOWN)


def read_code(text: str) -> Code:
    """Read any code this house knows.

    Raises CodeError: UNKNOWN when it opens like none of them, else the error of the kind it opens like.
    """
    plain = as_read(text)
    for _, looks_like, read in _KINDS:
        if looks_like(plain):
            return read(plain)
    raise CodeError(CodeErrorReason.UNKNOWN, CodeKind.UNKNOWN, "", "no code that is known here")
