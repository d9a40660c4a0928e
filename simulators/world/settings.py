"""The settings files of the demo: the same keys a hospital would write, with addresses of stand-ins."""

from __future__ import annotations

import json
from pathlib import Path

NO_BANKS_BIN = "999999"
"""A bank identification number that no bank has: the demo's codes cannot be paid."""


def _quoted(value: str | Path) -> str:
    """A TOML basic string (JSON's escapes are a subset of it)."""
    return json.dumps(str(value), ensure_ascii=False)


def gateway_settings(*, run: Path, port: int, insurer: str, bank: str) -> str:
    """Laid over the demo site's own settings."""
    folder = run / "secrets"

    def secret(name: str) -> str:
        return f"{{ file = {_quoted(folder / name)} }}"

    return f"""\
demo = true
database = {_quoted(f"sqlite:///{run / 'gateway.sqlite'}")}

[server]
port = {port}
secure_cookies = false

[keys]
directory = {_quoted(run / "gateway-keys")}

[trust]
directory = {_quoted(run / "trust")}

[insurance]
url = {_quoted(insurer)}
username = "99001_BV"
facility = "99001"
password = {secret("insurer_password")}
operator_name = {secret("operator_name")}
operator_number = {secret("operator_number")}

[bank]
bin = "{NO_BANKS_BIN}"
account = "0000000004471"
account_name = "BENH VIEN DA KHOA HOA GIANG"
webhook_secret = {secret("webhook_secret")}
api_url = {_quoted(bank)}
api_token = {secret("bank_token")}
"""


def kiosk_settings(*, run: Path, gateway: str, printer_port: int, scanner: str, hurry: float) -> str:
    """The kiosk's file; `demo` makes `kiosk run` refuse it."""
    return f"""\
demo = true
journal = {_quoted(run / "journal.jsonl")}
state_directory = {_quoted(run / "state")}

[gateway]
url = {_quoted(gateway)}

[printer]
kind = "network"
host = "127.0.0.1"
port = {printer_port}

[scanner]
path = {_quoted(scanner)}

[trust]
folder = {_quoted(run / "trust")}

[window]
full_screen = false

[times]
hurry = {hurry}
"""
