"""Sound: clips queued on one player; silence degrades to text."""
