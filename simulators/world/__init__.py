"""The whole demo world: simulators, gateway and kiosk as processes of their own, started and ended here."""
