"""What was declared and agreed to before a dossier was sent: checked against words that were really shown, and kept.

The declaration is a form's, by its version; the consent is the notice's text for dossiers. Both are evidence: which
words, when, on which kiosk. Nothing is filed without them.
"""

from __future__ import annotations

from sqlalchemy import select

from gateway.clock import bounded
from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.privacy.kinds import CONSENT
from gateway.privacy.notice import DOSSIER
from gateway.privacy.subjects import Role, link
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import consents, notices
from services.contract.one_stop import Declared, Filing


def declared_in(filing: Filing) -> Declared:
    """The declaration of a filing. Raises Refused 422 without one."""
    if filing.declared is None:
        raise Refused(422, "Nobody declared anything")
    return filing.declared


def keep_consent(house: House, transaction: Transaction, kiosk: Kiosk, key: str, filing: Filing) -> None:
    """Keep the evidence, once for each filing. Raises Refused 422 for words that this gateway never gave out."""
    declared = declared_in(filing)
    shown = transaction.one(
        select(notices.c.digest).where(
            notices.c.version == declared.notice_version, notices.c.language == filing.language
        )
    )
    if shown is None or shown["digest"] != declared.notice_digest:
        raise Refused(422, "There is no such version of the notice")
    row = transaction.insert(consents).values(
        kiosk_id=kiosk.id,
        registration_key=key,
        purpose=DOSSIER,
        session_id=filing.session_id,
        given=True,
        notice_version=declared.notice_version,
        notice_digest=declared.notice_digest,
        language=filing.language,
        at=bounded(declared.at, house.now()),
        received_at=house.now(),
    )
    transaction.execute(row.on_conflict_do_nothing())
    link(house, transaction, CONSENT, key, ((Role.PATIENT, filing.applicant), (Role.PATIENT, filing.represented)))
