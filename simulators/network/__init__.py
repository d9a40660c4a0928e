"""The cable between kiosk and gateway: a TCP relay that can be cut, slowed, or made to lose an answer."""
