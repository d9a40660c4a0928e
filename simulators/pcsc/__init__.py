"""A private pcscd with virtual readers, for the demo, the tests and the benchmarks."""

from simulators.pcsc.daemon import READERS, PrivatePcscd

__all__ = ["READERS", "PrivatePcscd"]
