"""The inventory as files: lists of devices that others keep come in, ours goes out. Nothing here changes a state."""

from cordon.inventory.entry import Entry, FileError, WordError, checked, entry_of, inventory_of
from cordon.inventory.matching import Change, Place, Plan, matched
from cordon.inventory.reading import FORMATS, read
from cordon.inventory.saying import OWNER, Speaker, edit_of
from cordon.inventory.taking import ImportResult, Site, taken
from cordon.inventory.writing import WRITTEN, write

__all__ = [
    "FORMATS",
    "OWNER",
    "WRITTEN",
    "Change",
    "Entry",
    "FileError",
    "ImportResult",
    "Place",
    "Plan",
    "Site",
    "Speaker",
    "WordError",
    "checked",
    "edit_of",
    "entry_of",
    "inventory_of",
    "matched",
    "read",
    "taken",
    "write",
]
