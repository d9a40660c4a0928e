"""What both stand-ins of a hospital's system share: what can be registered for, faults on demand, serving."""
