"""VietQR and VNPAY-QR: texts that say where money goes (NAPAS VietQR format 1.0, 09/2021; payment.md section 1).

The reader is tolerant in form and exact in its errors; the writer is strict. VNPAY-QR is named, never written.
"""

from services.codes.payment_code import LIMIT, TO_ACCOUNT, TO_CARD, PaymentFields, VietQr, VnpayQr
from services.codes.vietqr_reader import decode, looks_like_emv, recover
from services.codes.vietqr_writer import encode, transfer, with_amount

__all__ = [
    "LIMIT",
    "TO_ACCOUNT",
    "TO_CARD",
    "PaymentFields",
    "VietQr",
    "VnpayQr",
    "decode",
    "encode",
    "looks_like_emv",
    "recover",
    "transfer",
    "with_amount",
]
