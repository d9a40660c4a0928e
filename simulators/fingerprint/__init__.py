"""A serial fingerprint module on a pseudo-terminal, and synthetic fingers to put on it: no data of any person."""
