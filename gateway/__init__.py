"""The server that kiosks talk to: the rules of insurance, queue, money and procedures live here."""
