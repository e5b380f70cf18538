"""Which kinds of device are whose: for some a weakness means nothing, and of some it is nobody's business."""

from typing import Final

from cordon.model.kinds import KINDS

PERSONAL: Final = frozenset({"", "phone", "workstation", "wearable"})
"""What people carry or sit at, and what may be such a thing: where it goes is theirs."""

GENERAL: Final = PERSONAL | {"server", "nas", "single-board"}
"""What runs whatever people put on it: nothing is known of what it needs."""

SERVING: Final = frozenset(
    {"server", "nas", "router", "firewall", "access-point", "switch", "broker", "workstation", "nvr", ""}
)
"""What may well be meant to answer, from outside too."""

NETWORK: Final = frozenset({"router", "firewall", "access-point", "switch", "server"})
"""What asks outside on behalf of others."""

DELICATE: Final = frozenset(kind.id for kind in KINDS if kind.group in {"plant", "clinic"})
"""What a plant or a clinic depends on."""

STRANGERS: Final = frozenset(kind.id for kind in KINDS if kind.group == "home") | {
    "phone", "camera", "printer", "display", "projector", "voip-phone", "conference", "pos",
}  # fmt: skip
"""What has no business with a plant or a patient."""
