"""The other end of every wire, each a process of its own. Nothing in the product imports this room."""
