"""The REST profile after the publicly documented exchange of kiosks and hospital systems (docs/hospital.md)."""
