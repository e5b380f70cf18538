"""The inventory as files: lists of devices that others keep come in, ours goes out. Nothing here touches a state."""

from cordon.inventory.entry import Entry, FileError, checked, entry_of
from cordon.inventory.matching import Change, Plan, matched
from cordon.inventory.reading import FORMATS, read
from cordon.inventory.writing import WRITTEN, write

__all__ = [
    "FORMATS",
    "WRITTEN",
    "Change",
    "Entry",
    "FileError",
    "Plan",
    "checked",
    "entry_of",
    "matched",
    "read",
    "write",
]
