"""The insurer's side: asking it, judging its answers by dated tables, and what a patient would pay."""
