"""Kinds of records that subject links name."""

from __future__ import annotations

CHECK_IN = "check-in"
"""By the check-in's id."""
LATE = "late"
"""A registration that came too late to be one, by its key."""
CONSENT = "consent"
"""By the key of the registration it belongs to."""
DOSSIER = "dossier"
"""By the dossier's id."""
