"""One function per device maps its errors to what the rest of the house knows."""
