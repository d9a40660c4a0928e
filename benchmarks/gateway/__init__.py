"""How fast the gateway is: whole check-ins of many enrolled kiosks, over real HTTP, on SQLite or PostgreSQL."""
