"""`python -m simulators.bank`: the payer's bank app, the account's bank, and the provider of notifications.

POST /pay {"payload": "0002…", "amount": 100000?, "delay": 3?, "purpose": "…"?, "signature": "NGUYEN VAN A"?,
           "mode": "now|late|repeated|forged|altered|replayed|reordered|lost"}
                                 pays a code as the app would; answers the transaction. Some apps put the payer's name
                                 behind the text of the transfer: `signature`. `forged`, `altered`, `replayed`:
                                 the money moves, the notification is an attacker's; `reordered`: told after a later one
POST /ignore {"payload": "…"}    the payer looks at the code and puts the phone away
POST /configure {"webhook_url": "…"}   where notifications go
POST /outage {"on": true}        the list is not answered
GET  /state                      transactions, notifications tried, what was ignored

GET  /userapi/transactions/list  on the announced `url`: SePay's list, with its token
GET  /v2/transactions            Casso's
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from simulators.bank import code
from simulators.bank.envelopes import ENVELOPES
from simulators.bank.notices import MODES, Notifier
from simulators.control import ControlServer, announce, wait_for_end

PLACE = ZoneInfo("Asia/Ho_Chi_Minh")
LIST_PATH = "/userapi/transactions/list"
CASSO_PATH = "/v2/transactions"


class Ledger:
    """The account's movements."""

    def __init__(self, bin: str) -> None:
        self._bin = bin
        self._lock = threading.Lock()
        self._first = int(time.time())
        """No two runs of this bank give the same number to different movements."""
        self.rows: list[dict[str, Any]] = []
        self.ignored = 0
        self.outage = False

    def book(self, payload: str, amount: int | None, purpose: str | None, signature: str = "") -> dict[str, Any]:
        """A transfer for a code. ValueError when the app would refuse it."""
        transfer = code.read(payload)
        if transfer.bin != self._bin:
            raise ValueError(f"ngân hàng {transfer.bin} không có ở đây")
        value = transfer.amount if amount is None else amount
        if value is None or value <= 0:
            raise ValueError("chưa có số tiền")
        text = " ".join(filter(None, (transfer.purpose if purpose is None else purpose, signature)))
        with self._lock:
            number = self._first + len(self.rows)
            reference = f"FT26{number:010}"
            row = {
                "id": number,
                "at": datetime.now(PLACE).strftime("%Y-%m-%d %H:%M:%S"),
                "account": transfer.account,
                "amount": value,
                "content": f"IBFT {text} GD {number} {reference}",
                "reference": reference,
            }
            self.rows.append(row)
        return row

    def notice(self, row: dict[str, Any]) -> dict[str, Any]:
        """The provider's notification of a movement."""
        return {
            "id": row["id"],
            "gateway": "StandInBank",
            "transactionDate": row["at"],
            "accountNumber": row["account"],
            "code": None,
            "content": row["content"],
            "transferType": "in",
            "transferAmount": row["amount"],
            "accumulated": sum(one["amount"] for one in self.rows),
            "subAccount": None,
            "referenceCode": row["reference"],
            "description": "",
        }

    def listed(self, account: str, since: str, limit: int) -> dict[str, Any]:
        """The provider's list, newest first."""
        rows = [row for row in self.rows if row["account"] == account and row["at"] >= since]
        transactions = [
            {
                "id": str(row["id"]),
                "bank_brand_name": "StandInBank",
                "account_number": row["account"],
                "transaction_date": row["at"],
                "amount_out": "0.00",
                "amount_in": f"{row['amount']}.00",
                "accumulated": "0.00",
                "transaction_content": row["content"],
                "reference_number": row["reference"],
                "code": None,
                "sub_account": None,
            }
            for row in reversed(rows)
        ]
        return {"status": 200, "error": None, "messages": {"success": True}, "transactions": transactions[:limit]}

    def pages(self, since: str, page: int, size: int) -> dict[str, Any]:
        """Casso's list, newest first, from a day on."""
        rows = [row for row in reversed(self.rows) if row["at"][:10] >= since]
        records = [
            {
                "id": row["id"],
                "tid": row["reference"],
                "description": row["content"],
                "amount": row["amount"],
                "when": row["at"],
                "bankSubAccId": row["account"],
            }
            for row in rows
        ]
        shown = records[(page - 1) * size : page * size]
        return {"error": 0, "message": "success", "data": {"page": page, "pageSize": size, "records": shown}}


def main() -> None:
    """Serve until ended."""
    options = _options()
    ledger = Ledger(options.bin)
    notifier = Notifier(options.webhook, options.webhook_secret, options.minute, ENVELOPES[options.kind])
    notifier.urls.update(each.split("=", 1) for each in options.webhook_for)
    server = ThreadingHTTPServer(("127.0.0.1", options.port), _list_handler(ledger, options.api_token))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="list", daemon=True).start()

    def pay(body: dict[str, Any]) -> dict[str, Any]:
        mode = body.get("mode", "now")
        if mode not in MODES:
            raise ValueError(f"mode is one of {', '.join(MODES)}")
        row = ledger.book(str(body["payload"]), body.get("amount"), body.get("purpose"), str(body.get("signature", "")))
        notifier.tell(ledger.notice(row), mode, float(body.get("delay", 3)))
        return row

    def ignore(_body: dict[str, Any]) -> None:
        ledger.ignored += 1

    def configure(body: dict[str, Any]) -> None:
        notifier.url = str(body["webhook_url"])

    def outage(body: dict[str, Any]) -> None:
        ledger.outage = bool(body["on"])

    def state() -> dict[str, Any]:
        return {
            "webhook_url": notifier.url,
            "transactions": ledger.rows,
            "notices": notifier.attempts,
            "ignored": ledger.ignored,
            "outage": ledger.outage,
        }

    control = ControlServer(state, {"pay": pay, "ignore": ignore, "configure": configure, "outage": outage})
    announce("bank", control=control.url, url=f"http://127.0.0.1:{server.server_address[1]}")
    wait_for_end(options.detach)


def _list_handler(ledger: Ledger, token: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if ledger.outage:
                self.close_connection = True
            elif url.path == CASSO_PATH:
                self.casso(parse_qs(url.query))
            elif url.path != LIST_PATH:
                self.answer(404, {"error": "not found"})
            elif self.headers.get("Authorization") != f"Bearer {token}":
                self.answer(401, {"status": 401, "error": "Unauthorized"})
            else:
                query = {key: values[0] for key, values in parse_qs(url.query).items()}
                since = query.get("transaction_date_min", "")
                limit = int(query.get("limit", "5000"))
                self.answer(200, ledger.listed(query.get("account_number", ""), since, limit))

        def casso(self, query: dict[str, list[str]]) -> None:
            if self.headers.get("Authorization") != f"Apikey {token}":
                self.answer(401, {"error": 401, "message": "Unauthorized"})
                return
            page, size = int(query.get("page", ["1"])[0]), int(query.get("pageSize", ["10"])[0])
            self.answer(200, ledger.pages(query.get("fromDate", [""])[0], page, size))

        def answer(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    return Handler


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m simulators.bank")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--bin", default="999999", help="the bank's own BIN, which no real bank has")
    parser.add_argument("--kind", default="sepay", choices=sorted(ENVELOPES), help="how notifications are proven")
    parser.add_argument("--webhook", default="")
    parser.add_argument(
        "--webhook-for", metavar="ACCOUNT=URL", action="append", default=[], help="an account's own address"
    )
    parser.add_argument("--webhook-secret", default=os.environ.get("BANK_WEBHOOK_SECRET", ""))
    parser.add_argument("--api-token", default=os.environ.get("BANK_API_TOKEN", ""))
    parser.add_argument("--minute", type=float, default=1.0, help="seconds that a minute of the provider takes")
    parser.add_argument("--detach", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
