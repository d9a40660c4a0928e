"""Primitives of ICAO 9303-11: key derivation, ciphers and checksums."""
