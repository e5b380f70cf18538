"""The parts of `evaluation/beacons.py`: profiles, a fleet to hide them in, rows, RITA's formula, and the counting."""
