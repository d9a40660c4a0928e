"""The kiosk's way to the gateway: key, token, one API, every answer typed."""
