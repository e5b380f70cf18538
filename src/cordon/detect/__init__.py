"""Detection: what devices talk about, how that departs from what is normal for them, and what it looks like.

``step(state, facts)`` adds talks, rhythm and findings. `features` are computed once and shared; each file of
`detectors` is one behaviour and its page in the manual.
"""

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.detect.knowledge import Knowledge
from cordon.detect.rules import detectors_of, load_rules
from cordon.detect.stage import chosen, shipped, step
from cordon.detect.state import State

__all__ = ["Detector", "Features", "Knowledge", "State", "chosen", "detectors_of", "load_rules", "shipped", "step"]
