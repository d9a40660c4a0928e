"""`python -m simulators.chip --vpcd PORT [--trust-out DIR]`: the virtual card under the control convention.

Verbs: insert {"citizen": "khang", "slot": 0, ...} or {"passport": "erika"} or {"technician": "tho-1"} (a technician's
card, the same each time; with "cloned": true what a thief makes of it), remove {"slot": 0}. Any field of
`Behaviour`, `Faults`, `Forgery` and `Order` is an option of insert, also "photo": false, "profile" (a name or the
fields of one) and "profile_changes", and "fault": a name of faults.yaml. "citizen" and "passport" may be given as
fields too; a YAML file with all of this is laid down at once by `--card FILE`. GET /state tells what lies there, how
far the reading came, and the names of the faults. All options: docs/chip-simulator.md.
"""

from __future__ import annotations

import argparse
import threading
from pathlib import Path
from typing import Any

import yaml

from simulators.chip.injection import Plastic
from simulators.chip.slot import Slot
from simulators.chip.technician import TechnicianCard
from simulators.chip.world import World, fault_names
from simulators.control import ControlServer, Json, announce, wait_for_end

RADIO_MODEL = {"delay_ms": 10.0, "kbit_s": 212.0}
"""10 ms per APDU and 212 kbit/s."""


class Reader:
    """The two slots of one virtual reader and who lies on them."""

    def __init__(self, port: int, world: World) -> None:
        self._world = world
        self._slots = (Slot(port), Slot(port + 1))
        self._people: list[str | None] = [None, None]
        self._technicians: dict[str, TechnicianCard] = {}
        self._turn = threading.Lock()

    def insert(self, options: Json) -> Json:
        """Lay a card down (after taking away what lies there)."""
        slot = int(options.pop("slot", 0))
        card = self._technician(options) if "technician" in options else self._world.card(options)
        with self._turn:
            self._slots[slot].insert(card)
            self._people[slot] = _who(options)
        return self.state()

    def _technician(self, options: Json) -> Plastic:
        card = self._technicians.setdefault(str(options["technician"]), TechnicianCard())
        return card.clone() if options.get("cloned") else card

    def remove(self, options: Json) -> Json:
        """Take the card away."""
        slot = int(options.get("slot", 0))
        with self._turn:
            self._slots[slot].remove()
            self._people[slot] = None
        return self.state()

    def state(self) -> Json:
        """Who lies on each slot, and how far the reading came."""
        slots: list[Json] = []
        for slot, person in zip(self._slots, self._people, strict=True):
            card = slot.card
            slots.append(
                {
                    "citizen": person if card is not None else None,
                    "apdus": slot.apdus,
                    "torn": slot.torn,
                    "bytes_read": 0 if card is None else card.bytes_read,
                    "total_bytes": 0 if card is None else card.total_bytes,
                }
            )
        return {**slots[0], "slots": slots, "faults": fault_names()}

    def close(self) -> None:
        """Take everything away."""
        for slot in self._slots:
            slot.remove()


def main() -> None:
    """Run until ended."""
    options = argparse.ArgumentParser(prog="simulators.chip", description="A virtual eMRTD for vpcd.")
    options.add_argument("--vpcd", type=int, required=True, help="port of the first slot (simulators.pcsc prints it)")
    options.add_argument("--trust-out", type=Path, help="folder that gets the test country's certificate and CRL")
    options.add_argument("--terminal-out", type=Path, help="folder that gets a laboratory terminal's chain and key")
    options.add_argument("--card", type=Path, help="YAML file with the options of an insert: the first card")
    options.add_argument("--profile", help="chip profile instead of that of the card's year")
    options.add_argument("--radio", action="store_true", help="10 ms per APDU and 212 kbit/s")
    options.add_argument("--delay-ms", type=float)
    options.add_argument("--kbit-s", type=float)
    options.add_argument("--max-response", type=int, help="longest response data field, bytes")
    options.add_argument("--short", action="store_true", help="no extended length")
    options.add_argument("--photo-bytes", type=int)
    options.add_argument("--detach", action="store_true", help="outlive standard input")
    chosen = options.parse_args()
    world = World(_defaults(chosen))
    if chosen.trust_out is not None:
        world.write_trust(chosen.trust_out)
    if chosen.terminal_out is not None:
        world.laboratory.write(chosen.terminal_out)
    reader = Reader(chosen.vpcd, world)
    if chosen.card is not None:
        reader.insert(yaml.safe_load(chosen.card.read_text(encoding="utf-8")))
    control = ControlServer(reader.state, {"insert": reader.insert, "remove": reader.remove})
    announce("chip", control=control.url, trust=None if chosen.trust_out is None else str(chosen.trust_out))
    threading.Thread(target=world.prepare, name="prepare", daemon=True).start()
    wait_for_end(chosen.detach)
    control.close()
    reader.close()


def _who(options: Json) -> str:
    """Id of the document's holder, for the state."""
    wanted = options.get("technician") or options.get("passport") or options.get("citizen", "khang")
    return wanted if isinstance(wanted, str) else "own"


def _defaults(chosen: argparse.Namespace) -> dict[str, Any]:
    given: dict[str, Any] = {
        "profile": chosen.profile,
        "delay_ms": chosen.delay_ms,
        "kbit_s": chosen.kbit_s,
        "max_response": chosen.max_response,
        "photo_bytes": chosen.photo_bytes,
        "extended": False if chosen.short else None,
    }
    model = RADIO_MODEL if chosen.radio else {}
    return {**model, **{name: value for name, value in given.items() if value is not None}}


if __name__ == "__main__":
    main()
