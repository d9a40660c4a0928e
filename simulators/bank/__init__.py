"""A bank with its app, and the provider that tells of money (SePay kind): pays our codes, or does not."""
