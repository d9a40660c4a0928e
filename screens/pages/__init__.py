"""One page for each prompt; each has its `.kv` beside it, loaded when it is first shown."""
