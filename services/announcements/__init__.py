"""What is said aloud, and in which order."""
