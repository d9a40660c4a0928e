"""The notice and the consents: whose words are shown, in which version, and the evidence of each answer.

A version is a file that never changes once it was shown: its digest is kept with its words, and another text under the
same version is refused at the start.
"""

from __future__ import annotations

import json
import tomllib
import unicodedata
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from sqlalchemy import delete, select, update

from gateway.clock import bounded, day_of
from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.privacy.kinds import CONSENT
from gateway.privacy.subjects import link_like_check_in
from gateway.problems import Refused
from gateway.settings import SettingsError
from gateway.store.database import Transaction
from gateway.store.tables import cash_reasons, consents, finger_templates, notices
from services.contract.models import CashReport, Consents, Notice

_OWN = Path(__file__).resolve().parents[1] / "data" / "notices"
_LANGUAGES = ("vi", "en")
FINGER = "finger"
"""The purpose under which templates of fingers are kept; asked for where a finger is enrolled, and nowhere else."""
DOSSIER = "dossier"
"""The purpose under which a dossier is sent to the authority; asked for before it is sent, and nowhere else."""


def load_notice(house: House) -> Notice:
    """The notice of the version that the settings name. Raises SettingsError when there is none, or it is not whole."""
    settings = house.settings
    version = settings.place.notice_version
    file = (settings.privacy.notices or _OWN) / f"{version}.toml"
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"notice {version}: {file.name} cannot be read") from error
    wanted = set(settings.privacy.consents) | ({FINGER} if settings.fingers.enrol else set[str]())
    if settings.one_stop is not None and settings.one_stop.system is not None:
        wanted.add(DOSSIER)
    offered = [each for each in content.pop("consents", []) if each.get("id") in wanted]
    if missing := wanted - {each["id"] for each in offered}:
        raise SettingsError(f"notice {version}: no text for the consents {', '.join(sorted(missing))}")
    words = _filled({**content, "consents": offered}, settings.place.name, settings.place.name_en)
    plain = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return Notice.model_validate({**words, "version": version, "digest": sha256(plain.encode()).hexdigest()})
    except ValidationError as error:
        places = ", ".join(".".join(str(part) for part in fault["loc"]) for fault in error.errors())
        raise SettingsError(f"notice {version}: {places}") from error


def keep_notice(house: House, transaction: Transaction, notice: Notice) -> None:
    """Keep the words of a version once they may have been shown. Raises SettingsError when it said something else."""
    for language in _LANGUAGES:
        row = transaction.insert(notices).values(
            version=notice.version,
            language=language,
            digest=notice.digest,
            body=notice.model_dump_json(),
            first_at=house.now(),
        )
        transaction.execute(row.on_conflict_do_nothing())
    kept = transaction.one(select(notices.c.digest).where(notices.c.version == notice.version))
    if kept is not None and kept["digest"] != notice.digest:
        raise SettingsError(f"notice {notice.version} was shown with other words: give the new text a new version")


def keep_consents(house: House, transaction: Transaction, kiosk: Kiosk, sent: Consents) -> None:
    """Keep each answer once. Raises Refused 422 for words that this gateway never gave out."""
    known = transaction.one(
        select(notices.c.digest).where(notices.c.version == sent.notice_version, notices.c.language == sent.language)
    )
    if known is None or known["digest"] != sent.notice_digest:
        raise Refused(422, "There is no such version of the notice")
    for answer in sent.answers:
        row = transaction.insert(consents).values(
            kiosk_id=kiosk.id,
            registration_key=sent.registration_key,
            purpose=answer.purpose,
            session_id=sent.session_id,
            given=answer.given,
            notice_version=sent.notice_version,
            notice_digest=sent.notice_digest,
            language=sent.language,
            at=bounded(sent.at, house.now()),
            received_at=house.now(),
        )
        transaction.execute(row.on_conflict_do_nothing())
    link_like_check_in(house, transaction, kiosk.id, sent.registration_key, CONSENT)


def standing(transaction: Transaction, registration_keys: tuple[str, ...]) -> list[str]:
    """Purposes that were agreed to and not withdrawn."""
    rows = transaction.all(
        select(consents.c.purpose)
        .where(consents.c.registration_key.in_(registration_keys), consents.c.given, consents.c.withdrawn_at.is_(None))
        .distinct()
        .order_by(consents.c.purpose)
    )
    return [row["purpose"] for row in rows]


def purposes(transaction: Transaction, *, english: bool = False) -> dict[str, str]:
    """What each purpose was called in the notices that were shown, the newest words where versions differ."""
    rows = transaction.all(select(notices.c.body).order_by(notices.c.first_at))
    texts = [text for row in rows for text in Notice.model_validate_json(row["body"]).consents]
    return {text.id: text.name_en if english else text.name for text in texts}


def withdraw(house: House, transaction: Transaction, by: str, registration_keys: tuple[str, ...], purpose: str) -> int:
    """Take a consent back at the desk; how many were given and are not any more. The evidence of both stays."""
    given = (
        consents.c.registration_key.in_(registration_keys),
        consents.c.purpose == purpose,
        consents.c.given,
        consents.c.withdrawn_at.is_(None),
    )
    rows = transaction.all(select(consents.c.kiosk_id).where(*given).with_for_update())
    if purpose == FINGER:
        # The template goes with the consent, at once and not at the next purge.
        theirs = finger_templates.c.registration_key.in_(registration_keys)
        transaction.execute(delete(finger_templates).where(theirs))
    transaction.execute(update(consents).where(*given).values(withdrawn_at=house.now(), withdrawn_by=by))
    return len(rows)


def keep_reason(house: House, transaction: Transaction, kiosk: Kiosk, sent: CashReport) -> None:
    """Why somebody did not pay by code: the first answer counts."""
    at = bounded(sent.at, house.now())
    row = transaction.insert(cash_reasons).values(
        kiosk_id=kiosk.id,
        registration_key=sent.registration_key,
        day=day_of(at),
        reason=sent.reason.value,
        received_at=house.now(),
    )
    transaction.execute(row.on_conflict_do_nothing())


def _filled(part: Any, place: str, place_en: str) -> Any:
    """Words in NFC, with the place's name where they say {place} or {place_en}."""
    if isinstance(part, str):
        text = part.replace("{place}", place).replace("{place_en}", place_en)
        return unicodedata.normalize("NFC", text).strip()
    if isinstance(part, dict):
        parts = cast("dict[str, Any]", part)
        return {name: _filled(each, place, place_en) for name, each in parts.items()}
    if isinstance(part, list):
        return [_filled(each, place, place_en) for each in cast("list[Any]", part)]
    return part
