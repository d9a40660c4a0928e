"""Journeys as prose: the runner, the stage, the prompts, and one file per journey."""
