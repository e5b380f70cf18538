"""One device from many endpoints, and what it is, with the evidence for each thing said.

`step` reads the sightings of a window and yields `Device` and `Binding` facts and the presence of each device.
Read `stage` first, then `addresses` (who owns which address), `fingerprint` (what a value speaks for) and `fuse`
(how evidence becomes a confidence). What is known of products stands as data in `fingerprints/*.toml`.
"""

from cordon.devices.stage import step
from cordon.devices.state import State

__all__ = ["State", "step"]
