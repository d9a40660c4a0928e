"""Receipt printers: ESC/POS bytes out, status bytes in."""
