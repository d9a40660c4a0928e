"""Reads VietQR and VNPAY-QR texts: tolerant in form (any order, unknown ids, either case), exact in its errors."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from services.codes.emv import CRC_HEADER, CRC_ID, MAX_TEXT, EmvObject, checksum, is_digits, read_objects
from services.codes.errors import CodeError, CodeErrorReason, CodeKind
from services.codes.payment_code import (
    ACCOUNT,
    ADDITIONAL,
    ADDITIONAL_FIELDS,
    BENEFICIARY,
    DATA_REQUEST,
    DATA_REQUESTED,
    DONG,
    DYNAMIC,
    EXACT_LENGTHS,
    NAPAS,
    OTHER_LANGUAGE,
    OTHER_LANGUAGE_FIELDS,
    STATIC,
    TOP_FIELDS,
    TYPED_BY_PAYER,
    VNPAY,
    VietQr,
    VnpayQr,
)
from services.codes.plain import as_read

_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]*)?|[0-9]{13}", re.ASCII)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f]")
LONGEST_SERVICE = 10
"""QRIBFTTA has 8 characters; a code that somebody adds may have two more."""
_HANDLED = {"00", "01", "53", "54", "58", BENEFICIARY, ADDITIONAL, OTHER_LANGUAGE, CRC_ID, *TOP_FIELDS}


def looks_like_emv(text: str) -> bool:
    """Whether a text opens as every EMV merchant-presented code does: object 00 with value 01."""
    return text.startswith("000201")


def decode(text: str) -> VietQr | VnpayQr:
    """Read a code. Raises CodeError STRUCTURE (`where` is the object, e.g. "38.01") or CRC (`right_crc`)."""
    return _read(_Reader, as_read(text))


def recover(text: str) -> VietQr | VnpayQr:
    """Like `decode`, but reads codes with the service inside 38.01, as some libraries write them.

    Such a code comes back with `conforming` False: fit to be named, not to be paid without a second look.
    """
    return _read(_RecoveringReader, as_read(text))


def _read(reader: type[_Reader], text: str) -> VietQr | VnpayQr:
    """Lengths count characters; where they do not fit and there are Vietnamese letters, they may count bytes, as some
    libraries write them (payment.md 1.3, trap 4): such a code does not conform."""
    try:
        return reader(text).read()
    except CodeError as error:
        if text.isascii() or error.reason is not CodeErrorReason.STRUCTURE:
            raise
        try:
            return _as_text(reader(text.encode("utf-8", "replace").decode("latin-1"), "latin-1").read())
        except CodeError:
            raise error from None


def _as_text(code: VietQr | VnpayQr) -> VietQr | VnpayQr:
    """Values that were read byte by byte as the letters they mean."""

    def letters(value: str) -> str:
        return value.encode("latin-1").decode("utf-8", "replace")

    texts = {name: letters(value) for name, value in vars(code).items() if isinstance(value, str)}
    others = {key: letters(value) for key, value in code.other_tags.items()}
    return replace(code, **texts, other_tags=others, conforming=False)


class _Reader:
    """One reading: `text` as scanned; `encoding` is what the checksum was computed over."""

    def __init__(self, text: str, encoding: str = "utf-8") -> None:
        self.text = text
        self.encoding = encoding
        self.kind = CodeKind.EMV
        self.crc_ok: bool | None = None
        self.right_crc: str | None = None
        self.conforming = True

    def read(self) -> VietQr | VnpayQr:
        if len(self.text) > MAX_TEXT:
            raise self.broken("", f"{len(self.text)} characters, no QR code holds more than {MAX_TEXT}")
        if not looks_like_emv(self.text):
            raise self.broken("00", "does not open with 000201")
        self.kind = self._guess()
        self._read_crc()
        objects = {o.id: o for o in self.objects(self.text, "", 0)}
        self._check_crc(objects)
        shared = self._shared(objects)
        if (napas := objects.get(BENEFICIARY)) is not None:
            return self._vietqr(napas, shared)
        return self._vnpay(shared, objects)

    def _guess(self) -> CodeKind:
        """What the code means to be, so that an error names it even when its structure is lost."""
        if NAPAS in self.text.upper():
            return CodeKind.VIETQR
        return CodeKind.VNPAY_QR if VNPAY in self.text.upper() else CodeKind.EMV

    def objects(self, text: str, path: str, start: int) -> tuple[EmvObject, ...]:
        try:
            return read_objects(text, path, start, self.kind)
        except CodeError as error:
            raise self.broken(error.where, error.detail, error.position) from None

    def broken(self, where: str, detail: str, position: int | None = None) -> CodeError:
        return CodeError(
            CodeErrorReason.STRUCTURE,
            self.kind,
            where,
            detail,
            position=position,
            crc_ok=self.crc_ok,
            right_crc=None if self.crc_ok else self.right_crc,
        )

    def _read_crc(self) -> None:
        """Judge the last object first: an error elsewhere then says whether the text came through whole."""
        if self.text[-8:-4] == CRC_HEADER:
            self.right_crc = checksum(self.text[:-4], self.encoding)
            self.crc_ok = self.text[-4:].upper() == self.right_crc

    def _check_crc(self, objects: dict[str, EmvObject]) -> None:
        crc = objects.get(CRC_ID)
        if crc is None:
            raise self.broken(CRC_ID, "there is no checksum")
        if crc.position + 8 != len(self.text) or len(crc.value) != 4:
            raise self.broken(CRC_ID, "the checksum of 4 characters must be last", crc.position)
        if not self.crc_ok:
            raise CodeError(
                CodeErrorReason.CRC,
                self.kind,
                CRC_ID,
                f"the checksum should be {self.right_crc}",
                position=crc.position,
                crc_ok=False,
                right_crc=self.right_crc,
            )

    def _shared(self, objects: dict[str, EmvObject]) -> dict[str, Any]:
        """Constructor arguments common to both kinds."""
        values: dict[str, Any] = {}
        for key, (name, longest) in TOP_FIELDS.items():
            if (found := objects.get(key)) is not None:
                values[name] = self.text_of(found, key, longest, exact=key in EXACT_LENGTHS)
        if (other := objects.get(OTHER_LANGUAGE)) is not None:
            values.update(self._other_language(other))
        if (extra := objects.get(ADDITIONAL)) is not None:
            values.update(self._additional(extra))
        values["initiation"] = self._fixed(objects, "01", (STATIC, DYNAMIC), required=False)
        values["currency"] = self._fixed(objects, "53", (DONG,), required=True)
        values["amount"] = self._amount(objects.get("54"))
        values["country"] = self._fixed(objects, "58", ("VN",), required=True)
        values["other_tags"] = {key: found.value for key, found in objects.items() if key not in _HANDLED}
        return values

    def _fixed(
        self, objects: dict[str, EmvObject], key: str, allowed: tuple[str, ...], *, required: bool
    ) -> str | None:
        found = objects.get(key)
        if found is None:
            if required:
                raise self.broken(key, "is missing")
            return None
        if found.value not in allowed:
            raise self.broken(key, f"must be {' or '.join(allowed)}", found.position)
        return found.value

    def _additional(self, extra: EmvObject) -> dict[str, str]:
        values: dict[str, str] = {}
        for inner in self.objects(extra.value, ADDITIONAL, extra.position + 4):
            where = f"{ADDITIONAL}.{inner.id}"
            if inner.id == DATA_REQUEST:
                if not DATA_REQUESTED.fullmatch(inner.value):
                    raise self.broken(where, "must be 1 to 3 letters of A, M and E", inner.position)
                values["data_request"] = inner.value
            name = ADDITIONAL_FIELDS.get(inner.id)
            if name is None or inner.value == TYPED_BY_PAYER:
                continue
            values[name] = self.text_of(inner, where, 25)
        return values

    def _other_language(self, other: EmvObject) -> dict[str, str]:
        values: dict[str, str] = {}
        for inner in self.objects(other.value, OTHER_LANGUAGE, other.position + 4):
            if (known := OTHER_LANGUAGE_FIELDS.get(inner.id)) is not None:
                name, longest = known
                values[name] = self.text_of(inner, f"{OTHER_LANGUAGE}.{inner.id}", longest, exact=inner.id == "00")
        return values

    def text_of(self, found: EmvObject, where: str, longest: int, *, exact: bool = False) -> str:
        """A text of at most, or of exactly, so many characters that can all be printed."""
        length = len(found.value)
        if length > longest or (exact and length != longest):
            wanted = f"must be {longest}" if exact else f"at most {longest}"
            raise self.broken(where, f"{length} characters, {wanted}", found.position)
        if _UNPRINTABLE.search(found.value):
            raise self.broken(where, "holds what cannot be printed", found.position)
        return found.value

    def _amount(self, found: EmvObject | None) -> str | None:
        if found is None:
            return None
        whole, _, part = found.value.partition(".")
        if len(found.value) > 13 or not _AMOUNT.fullmatch(found.value):
            raise self.broken("54", "must be digits with at most one point, at most 13 characters", found.position)
        if int(whole) == 0 or part.strip("0"):
            raise self.broken("54", "must be whole đồng and not zero", found.position)
        return found.value

    def _vietqr(self, napas: EmvObject, shared: dict[str, Any]) -> VietQr:
        inner = {o.id: o for o in self.objects(napas.value, BENEFICIARY, napas.position + 4)}
        guid = inner.get("00")
        if guid is None or guid.value.upper() != NAPAS:
            raise self.broken("38.00", f"must be {NAPAS}", napas.position)
        account = inner.get("01")
        if account is None:
            raise self.broken("38.01", "is missing", napas.position)
        bin_number, number, service = self.account(account)
        if (outer := inner.get("02")) is not None:
            service = self.text_of(outer, "38.02", LONGEST_SERVICE)
        return VietQr(
            bin=bin_number,
            account=number,
            service=service,
            conforming=self.conforming,
            **shared,
        )

    def account(self, found: EmvObject) -> tuple[str, str, str | None]:
        """BIN, account and a service code that should not be here (only `recover` lets it pass)."""
        inner = self.objects(found.value, "38.01", found.position + 4)
        values = {o.id: o.value for o in inner}
        bin_number, number = values.get("00", ""), values.get("01", "")
        if len(bin_number) != 6 or not is_digits(bin_number):
            raise self.broken("38.01.00", "must be the 6 digits of a bank", found.position)
        if not ACCOUNT.fullmatch(number):
            raise self.broken("38.01.01", "must be 1 to 19 letters and digits", found.position)
        return bin_number, number, self.misplaced(values, found)

    def misplaced(self, values: dict[str, str], found: EmvObject) -> str | None:
        """A service in 38.01, behind bank and account: one library's mistake (payment.md 1.3, trap 3). Other ids are
        skipped, as everywhere."""
        if "02" in values:
            raise self.broken("38.01", "holds 02 besides bank and account: it belongs into 38.02", found.position)
        return None

    def _vnpay(self, shared: dict[str, Any], objects: dict[str, EmvObject]) -> VnpayQr:
        for key in (f"{number:02d}" for number in range(26, 52)):
            if (found := objects.get(key)) is None:
                continue
            inner = {o.id: o.value for o in self.objects(found.value, key, found.position + 4)}
            if inner.get("00", "").upper() == VNPAY:
                del shared["other_tags"][key]
                return VnpayQr(merchant_id=inner.get("01"), **shared)
        raise self.broken(BENEFICIARY, "is missing: no VietQR, and no beneficiary of VNPAY either")


class _RecoveringReader(_Reader):
    def misplaced(self, values: dict[str, str], found: EmvObject) -> str | None:
        self.conforming = "02" not in values
        return values.get("02")
