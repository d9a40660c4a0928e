"""What people who listen have under their fingers: four tactile keys, and the switch in the headphone socket."""

from drivers.keypad.devices import HeadphoneJack, Keypad, find_jack, grab
from drivers.keypad.keys import HELP_SECONDS, KeyNames, Presses, code_of

__all__ = ["HELP_SECONDS", "HeadphoneJack", "KeyNames", "Keypad", "Presses", "code_of", "find_jack", "grab"]
