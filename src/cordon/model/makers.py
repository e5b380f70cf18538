"""Makers of what must not be disturbed: a device of theirs is taken for part of a plant or clinic until it is known."""

import re
from typing import Final

_PLANT: Final = (
    "abb", "advantech", "allen-bradley", "b&r", "beckhoff", "bosch rexroth", "carel", "codesys", "danfoss",
    "delta controls", "eaton", "emerson", "endress", "festo", "fisher", "general electric", "ge fanuc", "hima",
    "hirschmann", "hms", "honeywell", "janitza", "johnson controls", "kieback", "koyo", "kuka", "lenze", "mettler",
    "mitsubishi electric", "moxa", "national instruments", "omron", "panasonic electric works", "pepperl",
    "phoenix contact", "pilz", "prosoft", "rockwell", "sauter", "schneider electric", "schweitzer", "sew-eurodrive",
    "sick", "siemens", "telemecanique", "turck", "wago", "weidm", "yaskawa", "yokogawa",
)  # fmt: skip
_CLINIC: Final = (
    "abbott", "b. braun", "baxter", "becton", "draeger", "dräger", "fresenius", "ge medical", "ge healthcare",
    "hill-rom", "hospira", "icu medical", "maquet", "medtronic", "mindray", "nihon kohden", "philips medical",
    "radiometer", "spacelabs", "stryker", "welch allyn",
)  # fmt: skip
_ANY: Final = re.compile(rf"^(?:{'|'.join(map(re.escape, _PLANT + _CLINIC))})", re.IGNORECASE)


def is_delicate(vendor: str) -> bool:
    """Whether this maker builds for plants or clinics, whatever else it builds."""
    return _ANY.match(vendor) is not None
