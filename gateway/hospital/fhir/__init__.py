"""HL7 FHIR R4B: the hospital's system as a FHIR server (docs/hospital.md names what it must support)."""
