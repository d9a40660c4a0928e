"""A hospital's HL7 FHIR R4B server: own storage, every resource checked by `fhir.resources`, faults on demand."""
