"""How long what is kept, who else works on it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field

from gateway.settings.base import Section


class Retention(Section):
    """Days each class of data is kept, to the end of the day at the place (classes: `gateway.privacy.holding`).

    Proposals where the law names no number: a site decides them with its counsel and writes them into its notice.
    """

    session: int = Field(default=1, ge=1, le=30)
    asked: int = Field(default=1, ge=1, le=35)
    answer: int = Field(default=35, ge=35, le=90)
    """Not less than 35: kiosks may be offline for 30 days and send again after that."""
    visit: int = Field(default=90, ge=36)
    """Longer than `answer`: a registration that is sent again must find itself."""
    insurance: int = Field(default=730, ge=30)
    payer: int = Field(default=180, ge=30)
    payment: int = Field(default=3650, ge=1825)
    """Accounting vouchers: 10 years, never under 5 (Decree 174/2016 articles 12 and 13)."""
    consent: int = Field(default=1825, ge=365)
    biometric: int = Field(default=730, ge=30)
    """Templates of fingers, from their last use on; erased at once when the consent is withdrawn."""
    oversight: int = Field(default=1825, ge=365)
    staff: int = Field(default=365, ge=30)
    """After an account was closed."""
    figures: int = Field(default=1825, ge=365)
    dossier: int = Field(default=180, ge=30)
    """What this gateway holds of a dossier, after its end; the authority's own archive is elsewhere."""
    draft: int = Field(default=3, ge=1, le=3)


class Processor(Section):
    """Somebody who works on the data for this place, and whom to call at once when something happened."""

    name: str
    work: str
    contact: str


class Privacy(Section):
    """What the keeper of data works by."""

    retention: Retention = Retention()
    purge_hour: int = Field(default=2, ge=0, le=23)
    """The daily purge runs in the first round after this hour (at the place)."""
    holidays: tuple[date, ...] = ()
    """Days that are no working days besides Saturdays and Sundays (swapped working Saturdays are not known)."""
    processors: tuple[Processor, ...] = ()
    notices: Path | None = None
    """Folder of notices, one file for each version (`<notice_version>.toml`); default: those of `gateway/data`."""
    consents: tuple[str, ...] = ()
    """Purposes that need a consent here, by their ids in the notice; each is asked for by itself, unticked.

    None by default: what a check-in does needs a notice and no consent, and none may be asked for what is not done."""
    ask_cash_reason: bool = True
    """Whether kiosks ask, with one tap, why somebody pays at the cashier and not by code."""
