"""How soon paper moves after the number is kept."""
