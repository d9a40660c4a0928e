"""The technician's mode of this kiosk: its devices, tests, settings and bundle behind services.technician."""
