"""The settings files of the demo: the same keys a hospital would write, with addresses of stand-ins."""

from __future__ import annotations

import json
from pathlib import Path

BANKS = {
    "sepay": ("sepay", "signature"),
    "sepay-key": ("sepay", "token"),
    "casso": ("casso", "signature"),
    "casso-token": ("casso", "token"),
    "payos": ("payos", "signature"),
}
"""Who tells of the main account's money, and how it is proven: the site's `provider` and `scheme`."""


def _quoted(value: str | Path) -> str:
    """A TOML basic string (JSON's escapes are a subset of it)."""
    return json.dumps(str(value), ensure_ascii=False)


def gateway_settings(
    *,
    run: Path,
    port: int,
    insurer: str,
    bank: str,
    bank_kind: str,
    hospital: str,
    hospital_port: int,
    fingers: bool,
    invoices: str | None,
) -> str:
    """Laid over the demo site's own settings. `hospital`: fhir, rest or none; `fingers`: people may leave theirs;
    `invoices`: where this place issues e-invoices itself."""
    provider, scheme = BANKS[bank_kind]
    system = "" if hospital == "none" else _hospital(hospital, f"http://127.0.0.1:{hospital_port}")
    return f"""\
demo = true
database = {_quoted(f"sqlite:///{run / 'gateway.sqlite'}")}

[server]
port = {port}
public_url = "http://gateway.demo"
secure_cookies = false

[keys]
directory = {_quoted(run / "gateway-keys")}

[trust]
directory = {_quoted(run / "trust")}

[insurance]
url = {_quoted(insurer)}

[bank]
api_url = {_quoted(bank)}
provider = "{provider}"
scheme = "{scheme}"
{_CLIENT if provider == "payos" else ""}
[fleet]
metrics_token = {{ env = "TRAM_METRICS_TOKEN" }}

[payments]
card = true
{_invoices(invoices)}{_FINGERS if fingers else ""}{system}"""


_CLIENT = 'client_id = { env = "TRAM_BANK_CLIENT_ID" }\n'


def _invoices(url: str | None) -> str:
    if url is None:
        return ""
    return f"""
[payments.invoice]
url = {_quoted(url)}
token = {{ env = "TRAM_E_INVOICE_TOKEN" }}
"""


def treasury_settings(bank: str, kind: str) -> str:
    """The Treasury's account of the one-stop site with a provider that tells of it, as the main account has."""
    provider, scheme = BANKS[kind]
    return f"""
[[accounts]]
id = "kho-bac"
name = "Kho bạc Nhà nước (bản thử)"
name_en = "State Treasury (test)"
bin = "999999"
account = "3511000001"
account_name = "KHO BAC NHA NUOC BAN THU"
provider = "{provider}"
scheme = "{scheme}"
api_url = {_quoted(bank)}
webhook_secret = {{ env = "TRAM_BANK_WEBHOOK_SECRET" }}
api_token = {{ env = "TRAM_BANK_API_TOKEN" }}
"""


_FINGERS = """
[place]
holder_check = "finger"

[fingers]
enrol = true
returning = true
"""


def _hospital(kind: str, url: str) -> str:
    if kind == "fhir":
        url, own = f"{url}/fhir", 'token = { env = "TRAM_HOSPITAL_SECRET" }'
    else:
        own = 'merchant = "tram-demo"\nsecret = { env = "TRAM_HOSPITAL_SECRET" }'
    return f"""
[hospital]
kind = "{kind}"

[hospital.{kind}]
url = {_quoted(url)}
{own}
"""


def upload_settings(url: str = "http://not-yet", internal: str = "http://not-yet") -> str:
    """The page for phones: its own process knows its addresses only when it listens."""
    return f"""
[uploads]
url = {_quoted(url)}
internal_url = {_quoted(internal)}
secret = {{ env = "TRAM_UPLOAD_SECRET" }}
port = 0
internal_port = 0
secure_cookies = false
"""


def kiosk_settings(
    *,
    run: Path,
    gateway: str,
    answer_seconds: float,
    printer_port: int,
    scanner: str,
    terminal: tuple[int, str],
    finger: str | None,
) -> str:
    """The kiosk's file; `demo` makes `kiosk run` refuse it. `finger`: where the module's line is, None without one."""
    reader = "" if finger is None else f'\n[finger]\nkind = "serial"\npath = {_quoted(finger)}\n'
    return f"""\
demo = true
journal = {_quoted(run / "journal.jsonl")}
state_directory = {_quoted(run / "state")}

[gateway]
url = {_quoted(gateway)}
answer_seconds = {answer_seconds}

[printer]
kind = "network"
host = "127.0.0.1"
port = {printer_port}

[scanner]
path = {_quoted(scanner)}

[card_terminal]
host = "127.0.0.1"
port = {terminal[0]}
sale_id = "TRAM03"
poi_id = {_quoted(terminal[1])}

[trust]
folder = {_quoted(run / "trust")}

[window]
full_screen = false

[times]
hurry = {_quoted(run / "hurry")}
{reader}"""
