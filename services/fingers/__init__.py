"""Comparing fingers: rules, templates, and a matcher in a child process. Shared by kiosk and gateway; no device."""
