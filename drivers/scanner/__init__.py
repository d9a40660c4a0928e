"""QR scanners: raw bytes in, texts out."""
