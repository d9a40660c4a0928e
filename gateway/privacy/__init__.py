"""Keeper of data: what is held of whom, for how long, who looked, and what people may ask for."""
