"""Texts in QR codes: VietQR, VNPAY-QR, CCCD, BHYT; pure functions."""
