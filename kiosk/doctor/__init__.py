"""The doctor: looks at every part, never raises, and says in plain words what is wrong and what to do."""
