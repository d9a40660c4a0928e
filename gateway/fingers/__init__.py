"""Fingers on the gateway: templates stand only here, sealed, and every comparison is decided here."""
