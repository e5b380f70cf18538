"""Detection: what devices talk about, how that departs from what is normal for them, and what it looks like.

``step(state, facts)`` adds talks, rhythm and findings. `features` are computed once and shared; each file of
`detectors` is one behaviour and its page in the manual.
"""

from cordon.detect.knowledge import Knowledge
from cordon.detect.stage import shipped, step
from cordon.detect.state import State

__all__ = ["Knowledge", "State", "shipped", "step"]
