"""The steps of the journeys, one group a file: each reads like a sentence."""
