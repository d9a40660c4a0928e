"""Figures for the steering committee: counts by day and kiosk, of visits and never of people."""
