"""Password authenticated connection establishment (ICAO 9303-11 section 4.4)."""
