"""File formats of the Logical Data Structure (ICAO 9303-10): pure functions from bytes."""
