"""Appointments on demand: of somebody whom the hospital knows, or gets to know by it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from simulators.citizens import Citizen
from simulators.hospital_rest.desk import Desk
from simulators.hospital_rest.store import Row


def book(desk: Desk, citizen: Citizen, code: str, start: datetime) -> int:
    """Book half an hour from `start` (time of the place); the appointment's id."""
    person: Row = {
        "LOAI_GTTT": 1,
        "SO_GTTT": citizen.number,
        "HO_TEN": citizen.name,
        "NGAY_SINH": citizen.birth.replace("-", ""),
        "GIOI_TINH": {"M": 1, "F": 2}.get(citizen.sex, 3),
        "XAC_THUC": 1,
    }
    times = {"THOI_GIAN_TU": f"{start:%Y%m%d%H%M}", "THOI_GIAN_DEN": f"{start + timedelta(minutes=30):%Y%m%d%H%M}"}
    row = {"MA_DICH_VU": code, "TEN_DICH_VU": desk.catalogue.named(code), **times}
    with desk.store.lock:
        patient = desk.patient_for(person)
        query = "INSERT INTO bookings (patient, day, body) VALUES (?, ?, ?)"
        return desk.store.put(query, patient, f"{start:%Y%m%d}", json.dumps(row))
