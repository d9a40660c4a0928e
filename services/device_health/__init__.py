"""How the devices are: one board, a change published once, and one function per device that finds its words."""

from services.device_health.board import Health, HealthBoard
from services.device_health.devices import of_printer, of_reader, of_scanner, of_sound

__all__ = ["Health", "HealthBoard", "of_printer", "of_reader", "of_scanner", "of_sound"]
