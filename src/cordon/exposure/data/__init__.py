"""Facts the checks go by: which kinds are whose, trackers, and how makers say a thing is repaired."""
