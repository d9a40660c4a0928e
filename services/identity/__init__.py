"""Card, QR, paper or finger: a Citizen with the evidence for it."""
