"""What a device is by how it speaks: for devices that say nothing of themselves, and to find those that are alike.

`features` makes numbers of packets' heads, `forest` reads the trees that were trained on them, `tokens` tidies what a
device says of itself until nothing of the single device is left in it, `model` joins the three into an answer, or into
none, and `listening` gathers the votes of packets as they come. The model is trained by
`evaluation/train_behaviour.py` and shipped as plain numbers.
"""

from cordon.devices.behaviour.listening import FIELD, WEIGHTS, Opinion, Votes, listen, says
from cordon.devices.behaviour.model import Answer, Model, load
from cordon.devices.behaviour.tokens import alike, tokens

__all__ = ["FIELD", "WEIGHTS", "Answer", "Model", "Opinion", "Votes", "alike", "listen", "load", "says", "tokens"]
"""`alike` tells how much two devices have in common, 0 to 1."""
