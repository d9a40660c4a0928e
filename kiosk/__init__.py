"""The roof: entry point, settings, wiring, one citizen's session, workers, doctor, window hardening."""

__version__ = "0.1.0"
