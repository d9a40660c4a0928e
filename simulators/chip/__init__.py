"""A whole eMRTD as a virtual card: every access protocol and proof from the card's side, with faults at will."""
