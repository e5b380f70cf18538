"""A simulated site that emits real frames: for the demo, for scenarios, for load."""
