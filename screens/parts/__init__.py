"""What pages are put together from: what can be touched, cards, notes, pills, rings, codes, pictures."""
