"""What people see and touch: a screen renders a prompt and returns an answer."""
