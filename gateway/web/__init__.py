"""Pages for people who work here: log-in and the staff desk, live by server-sent events."""
