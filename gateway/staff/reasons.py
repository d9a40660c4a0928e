"""Why the gateway trusts a card no further, for people at a desk: what is kept is English, for technicians."""

from __future__ import annotations

import re

from services.trust.verdicts import PassiveReason

WORDS = "console.why"
"""Message ids begin like this."""

_EXACTLY = {
    "freshness not proven": "stale",
    "no evidence came with the claim": "missing",
    "the evidence cannot be read": "missing",
    "DG1 is not signed": "altered",
    "DG1 or DG13 cannot be read": "altered",
    "the number is not the signed one": "number",
    "the document's number is not the signed one": "number",
    "the name is not the signed one": "name",
    "the date of birth is not the signed one": "birth",
    "the sex is not the signed one": "sex",
}
_SIGNED = {
    PassiveReason.NO_ROOT: "root",
    PassiveReason.OK: "root",
    PassiveReason.OK_PINNED: "root",
    PassiveReason.NO_SOD: "altered",
    PassiveReason.MALFORMED: "altered",
    PassiveReason.GROUP_DIFFERS: "altered",
    PassiveReason.GROUP_NOT_SIGNED: "altered",
    PassiveReason.CONTENT_ALTERED: "altered",
    PassiveReason.SIGNATURE_WRONG: "altered",
}
_PASSIVE = re.compile(r"[a-z-]+: ([a-z-]+)(?: \(.*\))?", re.DOTALL)
_UNPROVEN = ("trusted, without a proof of the chip", "passive authentication does not cover")
_CHIP = ("the chip", "the proven key", "the signature of EF.CardSecurity", "no chip authentication", "unknown hash")


def why(reason: str) -> str:
    """The last part of a message id under `WORDS`; empty where there is nothing to say to a desk."""
    if reason in _EXACTLY:
        return _EXACTLY[reason]
    if reason.startswith(_UNPROVEN):
        return "unproven"
    if reason.startswith(_CHIP):
        return "chip"
    found = _PASSIVE.fullmatch(reason)
    if found is None or found[1] not in {each.value for each in PassiveReason}:
        return ""
    return _SIGNED.get(PassiveReason(found[1]), "signer")
