"""People who work here: accounts, log-ins, and the calls that ring for them."""
