"""PC/SC: readers and cards that come and go; a card is a connection of one method."""
