"""Clinics, numbers, tickets and what a kiosk may give out offline."""
