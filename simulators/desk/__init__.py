"""The simulator desk: a web page on loopback where a person plays the world around the kiosk."""
