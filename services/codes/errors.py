"""The one error of this room: which code a text seemed to be, what is wrong with it and where."""

from __future__ import annotations

from enum import Enum


class CodeKind(Enum):
    """What a scanned text can be."""

    CCCD = "cccd"
    """The QR of a chip ID card, 2021 or 2024."""
    BHYT = "bhyt"
    """The QR of a paper health insurance card."""
    VIETQR = "vietqr"
    VNPAY_QR = "vnpay-qr"
    DOSSIER = "dossier"
    SLIP = "slip"
    """A slip printed by one of our kiosks."""
    EMV = "emv"
    """A payment code of the EMV merchant-presented family that is neither VietQR nor VNPAY-QR."""
    UNKNOWN = "unknown"


class CodeErrorReason(Enum):
    """What to fix. The words are those of `vietqr.json` where it has them."""

    STRUCTURE = "structure"
    """The text does not have the form its kind demands."""
    CRC = "crc"
    """The checksum does not fit: read wrongly, or altered."""
    CHECK = "check"
    """The check character of one of our own codes does not fit."""
    VALUE = "value"
    """A writer was asked for something that may not be written."""
    UNKNOWN = "unknown"
    """No code this house knows."""


class CodeError(ValueError):
    """Raised by every reader and writer of `services.codes`.

    `where` is a path of field numbers ("38.01", "3") or the name of a field; `position` the offset in the text, in
    characters. For EMV codes `crc_ok` and `right_crc` say what the checksum was worth (None when there is none).
    The message never holds the text itself: it may be personal data.
    """

    def __init__(
        self,
        reason: CodeErrorReason,
        kind: CodeKind,
        where: str,
        detail: str,
        *,
        position: int | None = None,
        crc_ok: bool | None = None,
        right_crc: str | None = None,
    ) -> None:
        super().__init__(f"{kind.value}: {where}: {detail}" if where else f"{kind.value}: {detail}")
        self.reason = reason
        self.kind = kind
        self.where = where
        self.detail = detail
        self.position = position
        self.crc_ok = crc_ok
        self.right_crc = right_crc
