"""Slips as data, drawn with the prepared fonts; the driver turns pictures into printer bytes."""
