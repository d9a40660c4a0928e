"""Unplug and replug every device on its wire: how soon it is noticed, how soon it is back, what is left behind."""
