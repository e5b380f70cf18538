"""What people say of a device: it wins over what was discovered, until it is withdrawn."""

from dataclasses import dataclass
from typing import Final

DISCOVERED: Final = ("vendor", "kind", "model", "os", "firmware", "name")
"""Fields that discovery fills too; what a person says stands in its place."""
OWNERS: Final = ("location", "purpose", "owner", "tags", "zone", "criticality", "notes")
"""Fields that only people fill; `tags` are words separated by commas, `criticality` is 1 to 5."""
SAME_AS: Final = "same-as"
"""The value is another device's id: both are one. Withdrawing it parts them again."""
APART: Final = "apart"
"""The value is an endpoint of the device (its MAC address, else its address): it is a device of its own, and is never
joined to this one again by evidence. Withdrawing it lets evidence decide."""
EDITABLE: Final = (*DISCOVERED, *OWNERS, SAME_AS, APART)


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing said of a device; of one device and field (and value, for joins and parts) the latest holds.

    `withdrawn` takes back what was said: discovery speaks again.
    """

    site: str
    device: str
    field: str  # of EDITABLE
    value: str
    who: str
    time: int  # µs, when it was said, by the wall clock
    why: str = ""
    withdrawn: bool = False
