"""Writing on the kiosk's own keyboard: Vietnamese by Telex or by tone keys, dates by keypad. Text only, no widget."""
