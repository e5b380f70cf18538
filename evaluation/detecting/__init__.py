"""Parts of `evaluation/detect.py`: what is expected of a scenario, what came of it, and how that is counted."""
