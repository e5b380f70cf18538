"""Exposure: weak settings as they show on the wire, each until it is repaired, and the repairs most worth their time.

``step(state, facts)`` adds exposures. Each file of `checks` is one weakness and its page in the manual; `ranking` makes
repairs of the exposures that stand.
"""

from cordon.exposure.check import Check, Sign
from cordon.exposure.expected import Book, Exemption, Expected, book_of
from cordon.exposure.knowledge import Knowledge
from cordon.exposure.ranking import Repair, Subject, ranked
from cordon.exposure.sight import Sight
from cordon.exposure.stage import chosen, shipped, step
from cordon.exposure.state import State

__all__ = [
    "Book",
    "Check",
    "Exemption",
    "Expected",
    "Knowledge",
    "Repair",
    "Sight",
    "Sign",
    "State",
    "Subject",
    "book_of",
    "chosen",
    "ranked",
    "shipped",
    "step",
]
