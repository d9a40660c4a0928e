"""XML0, the check-in record: made and checked at a visit's first cost, then handed over or kept. Signing is theirs."""
