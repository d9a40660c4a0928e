"""What must arrive once: keys stored before the first send, payloads sealed to the gateway's public key."""
