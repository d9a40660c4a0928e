"""The files of the chip as bytes."""
