"""The failure codes. A code stands for one thing that can be wrong, and for one place in the sources.

What people read stands in `assets/locales/<language>/failures.toml` (`<code>.what`, `.next`, `.who`), what
technicians read beside it (`.cause`, `.cure`), all of it in docs/failure-codes.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from services.messages import tr

SENTENCES = ("what", "next", "who")
"""What people read: what happened, what to do, who helps."""


class Area(Enum):
    """The letters of a code."""

    CARD = "CR"
    CODE = "QR"
    PRINTER = "PR"
    GATEWAY = "GW"
    INSURER = "BH"
    PAYMENT = "TT"
    ONE_STOP = "MC"
    FINGERPRINT = "FP"
    DOCUMENT_SCANNER = "DS"
    SOUND = "AU"
    KIOSK = "KI"


class UnknownCode(KeyError):
    """Not a code of the registry (a newer gateway's, perhaps)."""


@dataclass(frozen=True)
class Failure:
    """One failure. `alarm`: a technician is told (it is not something a person at the kiosk can put right)."""

    code: str
    alarm: bool = False

    @property
    def area(self) -> Area:
        """Which part of the house it belongs to."""
        return Area(self.code.partition("-")[0])

    def sentences(self, language: str) -> tuple[str, str, str]:
        """What happened, what to do, who helps, at a place that names its desks as everywhere."""
        desks = dict(desks_named(tr("site.desk.help", language), tr("site.desk.insurance", language)))
        what, then, who = (tr(f"{self.code}.{part}", language, **desks) for part in SENTENCES)
        return what, then, who

    def cause(self, language: str) -> str:
        """Why it happens, for technicians."""
        return tr(f"{self.code}.cause", language)

    def cure(self, language: str) -> str:
        """What a technician does."""
        return tr(f"{self.code}.cure", language)


def desks_named(help_desk: str, insurance_desk: str) -> tuple[tuple[str, str], ...]:
    """The desks of a place as the sentences name them, at their beginning (`Help_desk`) and inside (`help_desk`)."""
    names = {"help_desk": help_desk, "insurance_desk": insurance_desk}
    capital = {key.capitalize(): name[:1].upper() + name[1:] for key, name in names.items()}
    return tuple((names | capital).items())


REGISTRY: dict[str, Failure] = {
    failure.code: failure
    for failure in (
        Failure("CR-01", alarm=True),
        Failure("CR-02", alarm=True),
        Failure("CR-03"),
        Failure("CR-04"),
        Failure("CR-05"),
        Failure("CR-06"),
        Failure("CR-08"),
        Failure("CR-09"),
        Failure("CR-10", alarm=True),
        Failure("QR-10", alarm=True),
        Failure("QR-11"),
        Failure("QR-12"),
        Failure("QR-13"),
        Failure("PR-01", alarm=True),
        Failure("PR-02", alarm=True),
        Failure("PR-03", alarm=True),
        Failure("PR-04", alarm=True),
        Failure("PR-05", alarm=True),
        Failure("PR-06", alarm=True),
        Failure("PR-07", alarm=True),
        Failure("PR-08", alarm=True),
        Failure("PR-09"),
        Failure("PR-10", alarm=True),
        Failure("GW-201", alarm=True),
        Failure("GW-202", alarm=True),
        Failure("GW-203", alarm=True),
        Failure("GW-204", alarm=True),
        Failure("GW-205"),
        Failure("GW-206", alarm=True),
        Failure("GW-207", alarm=True),
        Failure("BH-101", alarm=True),
        Failure("BH-102", alarm=True),
        Failure("BH-103", alarm=True),
        Failure("BH-104", alarm=True),
        Failure("TT-301"),
        Failure("TT-302", alarm=True),
        Failure("TT-303"),
        Failure("TT-304"),
        Failure("TT-305", alarm=True),
        Failure("TT-306"),
        Failure("TT-307"),
        Failure("TT-308", alarm=True),
        Failure("TT-311", alarm=True),
        Failure("TT-312"),
        Failure("TT-313", alarm=True),
        Failure("TT-314"),
        Failure("TT-315", alarm=True),
        Failure("TT-316", alarm=True),
        Failure("MC-101", alarm=True),
        Failure("MC-102"),
        Failure("MC-103", alarm=True),
        Failure("MC-104"),
        Failure("MC-105"),
        Failure("MC-106"),
        Failure("FP-01", alarm=True),
        Failure("FP-02", alarm=True),
        Failure("FP-03", alarm=True),
        Failure("FP-04", alarm=True),
        Failure("FP-05", alarm=True),
        Failure("FP-06", alarm=True),
        Failure("FP-07", alarm=True),
        Failure("FP-08", alarm=True),
        Failure("DS-01", alarm=True),
        Failure("DS-02", alarm=True),
        Failure("DS-03", alarm=True),
        Failure("DS-04", alarm=True),
        Failure("DS-05"),
        Failure("DS-06", alarm=True),
        Failure("DS-07"),
        Failure("DS-08", alarm=True),
        Failure("DS-09", alarm=True),
        Failure("DS-10"),
        Failure("DS-11", alarm=True),
        Failure("DS-12"),
        Failure("DS-13", alarm=True),
        Failure("DS-14", alarm=True),
        Failure("AU-01", alarm=True),
        Failure("AU-02", alarm=True),
        Failure("AU-03", alarm=True),
        Failure("KI-901", alarm=True),
        Failure("KI-902", alarm=True),
        Failure("KI-903", alarm=True),
        Failure("KI-904", alarm=True),
        Failure("KI-905", alarm=True),
    )
}


def failure(code: str) -> Failure:
    """The registered failure. Raises UnknownCode."""
    try:
        return REGISTRY[code]
    except KeyError:
        raise UnknownCode(code) from None
