"""A hospital's system behind the REST profile (docs/hospital.md): own storage, signed calls, faults on demand."""
