"""The command line is tested on the site and the captures that the tests of store and sources make by hand."""

import sys
from pathlib import Path

for neighbour in ("store", "sources"):  # their makers are plain modules beside their tests
    sys.path.append(str(Path(__file__).parents[1] / neighbour))
