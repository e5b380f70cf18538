"""Speed and memory of the packet engine beside a floor and beside other programs, on one capture that is hard on it.

    python -m evaluation.bench [--packets 3100000] [--runs 3] [CAPTURE]

Each measurement is a process of its own on one core, from its start to its end; other programs only read the file.
What is not installed is left out and said so: nothing is installed here, and no network is touched.
"""
