"""The hospital's own system: one interface, an HL7 FHIR R4B and a REST implementation, and deliveries that survive."""
