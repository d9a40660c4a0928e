"""An e-invoice provider: issues one invoice for each key, with number and look-up code."""
