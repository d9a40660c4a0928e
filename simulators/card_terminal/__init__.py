"""A card terminal with its acquirer, as a process of its own: takes cards, and loses answers on demand."""
