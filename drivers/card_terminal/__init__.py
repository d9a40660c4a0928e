"""Card terminals: purchase, status, abort, reverse, close of the batch, with the semantics of nexo Retailer 3.0.

A card number never comes here: the terminal and the acquirer keep it between them. What is said about a payment is
its outcome, the acquirer's reference and an approval code.

    terminal = NexoTerminal(TerminalAddress("10.20.0.41"), Parties("TRAM03", "POS-1"))
    answer = await charge(terminal, Attempt("A1B2C3D4E5", "intent-7", 122_500), told=print)
"""

from drivers.card_terminal.charge import Patience, charge, settle
from drivers.card_terminal.desk import TerminalDesk
from drivers.card_terminal.errors import TerminalError, TerminalErrorReason
from drivers.card_terminal.nexo import Parties
from drivers.card_terminal.nexo_terminal import NexoTerminal, TerminalAddress
from drivers.card_terminal.terminal import Answer, Attempt, CardTerminal, Decline, Outcome, Stage, Totals

__all__ = [
    "Answer",
    "Attempt",
    "CardTerminal",
    "Decline",
    "NexoTerminal",
    "Outcome",
    "Parties",
    "Patience",
    "Stage",
    "TerminalAddress",
    "TerminalDesk",
    "TerminalError",
    "TerminalErrorReason",
    "Totals",
    "charge",
    "settle",
]
