"""How fast a chip is read, beside what arithmetic allows: `python -m benchmarks.chip`."""
