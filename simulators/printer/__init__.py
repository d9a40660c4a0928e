"""An ESC/POS receipt printer on TCP or a pseudo-terminal, with paper that ends and a cutter that jams."""
