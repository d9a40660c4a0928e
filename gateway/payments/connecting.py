"""Accounts of the settings to the providers that tell of them."""

from __future__ import annotations

from gateway.payments.by_hand import ByHand
from gateway.payments.casso import Casso
from gateway.payments.payos import PayOs
from gateway.payments.provider import BankNotifications
from gateway.payments.sepay import SePay
from gateway.settings import Bank


def connect_bank(settings: Bank) -> BankNotifications:
    """The provider of an account. Raises SettingsError for a secret that is missing."""
    match settings.provider:
        case "sepay":
            return SePay(settings)
        case "casso":
            return Casso(settings)
        case "payos":
            return PayOs(settings)
        case "cashier":
            return ByHand()
