"""Whether a đồng is ever lost or doubled: a gateway with a bank, a provider, a till and faults at every step; and how
long people wait for the news that their money came."""
