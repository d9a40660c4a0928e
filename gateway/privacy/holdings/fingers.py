"""Fingers people left here to be known by: minutiae, never pictures."""

from __future__ import annotations

from gateway.privacy.holding import ByHash, DataClass, Deletion, Holding, Rule
from gateway.privacy.holdings.parts import as_json
from gateway.store import tables as t

HOLDINGS = (
    Holding(
        t.finger_templates,
        "templates of fingers, with a consent of their own",
        rules=(Rule(DataClass.BIOMETRIC, t.finger_templates.c.used_at, Deletion()),),
        reach=(ByHash(t.finger_templates.c.person, "person"),),
        export=("position", "extractor", "created_at", "used_at"),
        sealed={"sealed_templates": as_json, "sealed_person": as_json},
        erasure=Deletion(),
    ),
    Holding(
        t.finger_attempts,
        "when a finger was compared, and with what answer; no score",
        rules=(Rule(DataClass.VISIT, t.finger_attempts.c.at, Deletion()),),
        reach=(ByHash(t.finger_attempts.c.person, "person"),),
        export=("kind", "answer", "at"),
        erasure=Deletion(),
    ),
)
