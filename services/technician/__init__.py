"""The technician's mode: how it is entered, what it shows, what it tests. No pixels, no bytes on a wire."""
