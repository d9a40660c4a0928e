"""The terminal's side of nexo over TCP: reads requests, plays a purchase, tells stages, answers, or loses answers."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from simulators.card_terminal.acquirer import Acquirer, Purchase, approval, failure

CARDS = ("approve", "decline", "wrong-pin", "pull-early", "none", "no-host")
LOSSES = ("nothing", "request", "answer", "late", "status", "stages")


@dataclass
class Play:
    """How the next purchases go. `card`: what the payer does; `lost`: what goes missing on the line."""

    card: str = "approve"
    lost: str = "nothing"
    delay: float = 3.0
    """Seconds until a late answer comes."""
    step: float = 0.3
    """Seconds from stage to stage."""
    card_seconds: float = 60.0
    """How long a card is waited for."""
    by_hand: bool = False
    """A card comes only with the verb `present`."""
    leak: bool = False
    lost_statuses: int = 0
    """So many status requests get no answer."""
    lost_reversals: int = 0
    """So many reversals are carried out, and their answers lost."""


@dataclass
class Running:
    """The purchase that has the terminal now."""

    purchase: Purchase
    aborted: threading.Event = field(default_factory=threading.Event)
    presented: threading.Event = field(default_factory=threading.Event)


class Terminal:
    """Serves connections until it is switched off; can be switched on again at the same port."""

    def __init__(self, acquirer: Acquirer, poi_id: str, port: int) -> None:
        self.acquirer = acquirer
        self.poi_id = poi_id
        self.play = Play()
        self.running: Running | None = None
        self.requests: list[str] = []
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.port = port
        self.switch_on()

    def switch_on(self) -> None:
        """Listen."""
        if self._listener is not None:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(8)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), name="terminal", daemon=True).start()

    def switch_off(self) -> None:
        """The plug is pulled: nothing is answered, what ran is over at the stage it had."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._lock:
            lines, running = list(self._open), self.running
        for line in lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        if running is not None:
            running.aborted.set()

    def present(self) -> None:
        """The payer shows a card. ValueError when none is waited for."""
        if self.running is None:
            raise ValueError("no card is waited for")
        self.running.presented.set()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(line)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        try:
            while (message := _read(line)) is not None:
                if not self._handle(line, message["SaleToPOIRequest"]):
                    return
        except (OSError, ValueError, KeyError):
            return
        finally:
            with self._lock:
                self._open.discard(line)
            # shutdown: the other end must notice although other threads hold the socket.
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _handle(self, line: socket.socket, request: dict[str, Any]) -> bool:
        """False ends the connection without an answer."""
        header = request["MessageHeader"]
        category = header["MessageCategory"]
        body = request[f"{category}Request"]
        self.requests.append(category)
        match category:
            case "Payment":
                return self._payment(line, header, body)
            case "TransactionStatus":
                if self.play.lost_statuses > 0:
                    self.play.lost_statuses -= 1
                    return False
                answer = self.acquirer.status(body["MessageReference"])
            case "Abort":
                self._abort(body["MessageReference"])
                return True
            case "Reversal":
                original = body["OriginalPOITransaction"]["POITransactionID"]["TransactionID"]
                answer = self.acquirer.reverse(original, header["ServiceID"])
                if self.play.lost_reversals > 0:
                    self.play.lost_reversals -= 1
                    return False
            case "Reconciliation":
                answer = self.acquirer.close()
            case "Diagnosis":
                answer = {
                    "Response": {"Result": "Success"},
                    "POIStatus": {"GlobalStatus": "OK"},
                    "HostStatus": [{"AcquirerID": "bank", "IsReachableFlag": self.play.card != "no-host"}],
                }
            case _:
                answer = failure("NotAllowed")
        _answer(line, header, answer)
        return True

    def _payment(self, line: socket.socket, header: dict[str, Any], body: dict[str, Any]) -> bool:
        lost = self.play.lost
        if lost == "request":
            return False
        amounts = body["PaymentTransaction"]["AmountsReq"]
        amount = amounts["RequestedAmount"]
        if amounts["Currency"] != "VND" or not isinstance(amount, int) or amount <= 0:
            _answer(line, header, failure("MessageFormat"))
            return True
        with self._lock:
            busy = self.running is not None
            transaction = body["SaleData"]["SaleTransactionID"]["TransactionID"]
            purchase = None if busy else self.acquirer.begin(
                header["SaleID"], header["ServiceID"], transaction, amount
            )  # fmt: skip
            running = self.running = self.running if purchase is None else Running(purchase)
        if busy:
            _answer(line, header, failure("Busy"))
            return True
        if purchase is None or running is None:
            _answer(line, header, failure("NotAllowed"))
            return True
        try:
            answer = self._purchase(line, header, running)
            self.acquirer.end(purchase, answer)
        finally:
            self.running = None
        if lost == "answer":
            return False
        if lost == "late":
            time.sleep(self.play.delay)
        _answer(line, header, answer)
        return True

    def _purchase(self, line: socket.socket, header: dict[str, Any], running: Running) -> dict[str, Any]:
        play, purchase = self.play, running.purchase

        def tell(event: str) -> None:
            if play.lost != "stages":
                _display(line, header, event)

        def step() -> bool:
            return running.aborted.wait(play.step)

        tell("TENDER_CREATED")
        if not self._card_comes(running):
            return failure("Aborted", "cancelled") if running.aborted.is_set() else failure("Cancel", "time-over")
        tell("CARD_INSERTED")
        for event in ("WAIT_FOR_PIN", *(("WRONG_PIN", "WAIT_FOR_PIN") if play.card == "wrong-pin" else ()), "WAIT"):
            if step():
                return failure("Aborted", "cancelled")
            tell(event)
        step()
        if play.card == "no-host":
            return failure("UnreachableHost")
        if play.card == "decline":
            return failure("Refusal", "refused")
        # From here on the bank has decided: an abort comes too late.
        self.acquirer.charge(purchase)
        if play.card == "pull-early":
            tell("CARD_REMOVED")
            self.acquirer.reverse(purchase.reference)
            return failure("InsertedCard", "card-pulled")
        tell("CARD_REMOVED")
        return approval(purchase, leak=play.leak)

    def _card_comes(self, running: Running) -> bool:
        play = self.play
        until = time.monotonic() + play.card_seconds
        if not play.by_hand and play.card != "none":
            return not running.aborted.wait(play.step)
        while time.monotonic() < until and not running.aborted.is_set():
            if running.presented.wait(0.05):
                return True
        return False

    def _abort(self, reference: dict[str, Any]) -> None:
        running = self.running
        if running is not None and running.purchase.service_id == reference["ServiceID"]:
            running.aborted.set()


def _read(line: socket.socket) -> dict[str, Any] | None:
    head = _exactly(line, 4)
    if head is None:
        return None
    body = _exactly(line, int.from_bytes(head, "big"))
    return None if body is None else json.loads(body)


def _exactly(line: socket.socket, count: int) -> bytes | None:
    data = b""
    while len(data) < count:
        more = line.recv(count - len(data))
        if not more:
            return None
        data += more
    return data


def _answer(line: socket.socket, header: dict[str, Any], body: dict[str, Any]) -> None:
    category = header["MessageCategory"]
    head = {**header, "MessageType": "Response"}
    _write(line, {"SaleToPOIResponse": {"MessageHeader": head, f"{category}Response": body}})


def _display(line: socket.socket, header: dict[str, Any], event: str) -> None:
    head = {
        **{name: header[name] for name in ("ProtocolVersion", "SaleID", "POIID")},
        "MessageClass": "Device",
        "MessageCategory": "Display",
        "MessageType": "Notification",
        "DeviceID": header["ServiceID"],
    }
    text = {"OutputFormat": "MessageRef", "PredefinedContent": {"ReferenceID": f"TransactionID=1&event={event}"}}
    output = {"Device": "CustomerDisplay", "InfoQualify": "Status", "OutputContent": text}
    message = {"SaleToPOIRequest": {"MessageHeader": head, "DisplayRequest": {"DisplayOutput": [output]}}}
    # Whoever does not listen any more has not stopped the purchase.
    with contextlib.suppress(OSError):
        _write(line, message)


def _write(line: socket.socket, message: dict[str, Any]) -> None:
    text = json.dumps(message).encode()
    line.sendall(len(text).to_bytes(4, "big") + text)
