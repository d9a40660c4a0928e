"""Hardware: bytes on a wire. Imports nothing of ours from other floors."""
