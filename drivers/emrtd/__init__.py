"""Chip protocols of travel documents (ICAO 9303-10, -11): access, files, proofs of the chip; no verdicts."""
