"""`python -m simulators.payos`: serves at the announced `url`.

POST /pay {"payload": "0002…", "amount": 100000?, "delay": 3?, "closed": true?,
           "mode": "now|late|repeated|forged|altered|reordered|lost"}   pays a code as a bank's app would; `closed`: the
                                       money had left before the order was closed
POST /configure {"webhook_url": "…"}   where notifications go
POST /manners {"repeats_code": true}   GET repeats the VietQR text
POST /delay, /outage, /lose            as the hospitals' stand-ins (`simulators.hospital.faults`)
"""

from __future__ import annotations

import argparse
import json
import os
import time
from typing import Any

from simulators.bank import code
from simulators.bank.envelopes import Json, Letter
from simulators.bank.notices import MODES, Notifier
from simulators.hospital.faults import Play
from simulators.hospital.serving import serve
from simulators.payos.app import create
from simulators.payos.channel import Channel


def main() -> None:
    """Serve until ended."""
    options = _options()
    channel = Channel(options.checksum_key, options.account, options.name, options.bin, time.time)
    notifier = Notifier(options.webhook, options.checksum_key, options.minute, _envelope)

    def pay(body: dict[str, Any]) -> dict[str, Any]:
        mode = body.get("mode", "now")
        if mode not in MODES or mode == "replayed":
            raise ValueError(f"mode is one of {', '.join(MODES)}, without replayed: payOS signs no time")
        transfer = code.read(str(body["payload"]))
        amount = body.get("amount") or transfer.amount
        moved = channel.pay(transfer.account, int(amount or 0), even_closed=bool(body.get("closed")))
        notifier.tell({**channel.notice(moved), "id": moved["reference"], "transferAmount": moved["amount"]}, mode,
                      float(body.get("delay", 3)))  # fmt: skip
        return moved

    def configure(body: dict[str, Any]) -> None:
        notifier.url = str(body["webhook_url"])

    def behave(body: dict[str, Any]) -> None:
        channel.repeats_code = bool(body["repeats_code"])

    def state() -> dict[str, Any]:
        orders = [
            {"code": each.code, "status": channel.status(each), "paid": each.paid} for each in channel.orders.values()
        ]
        return {"webhook_url": notifier.url, "orders": orders, "notices": notifier.attempts}

    app = create(channel, options.client_id, options.api_key)
    verbs = {"pay": pay, "configure": configure, "manners": behave}
    serve("payos", app, Play(), state, verbs, port=options.port, detach=options.detach)


def _envelope(notice: Json, secret: str, _moment: float) -> Letter:
    """The signature stands in the body; a forged one is another's."""
    told = {key: value for key, value in notice.items() if key not in {"id", "transferAmount"}}
    if secret == "not-the-secret":  # noqa: S105 - the notifier's word for a forger
        told["signature"] = told["signature"][::-1]
    return json.dumps(told, ensure_ascii=False).encode(), {}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m simulators.payos")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--bin", default="999999", help="a BIN that no real bank has")
    parser.add_argument("--account", default="1903550744471")
    parser.add_argument("--name", default="BENH VIEN DA KHOA HOA GIANG")
    parser.add_argument("--webhook", default="")
    parser.add_argument("--client-id", default=os.environ.get("BANK_CLIENT_ID", "demo-client"))
    parser.add_argument("--api-key", default=os.environ.get("BANK_API_TOKEN", "demo-api-key"))
    parser.add_argument("--checksum-key", default=os.environ.get("BANK_WEBHOOK_SECRET", "demo-checksum-key"))
    parser.add_argument("--minute", type=float, default=1.0, help="seconds that a minute of the provider takes")
    parser.add_argument("--detach", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
