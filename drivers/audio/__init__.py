"""The loudspeaker: tones, one player thread, speech from a worker process; without a sound card it is silent."""
