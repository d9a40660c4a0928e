"""What the kiosk does for people, without pixels and without bytes on a wire."""
