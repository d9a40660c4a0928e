"""Trust store and every verdict (passive, active, chip authentication), from bytes alone."""
