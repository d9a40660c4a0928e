"""A QR scanner on a pseudo-terminal: shows codes, garbage and floods, and can be unplugged."""
