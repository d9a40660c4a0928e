"""Bills, payment intents, and money as the bank tells of it."""
