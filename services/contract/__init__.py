"""The wire models of the gateway's API, shared by kiosk and gateway. Names here are the API's names."""
