"""What the devices of the Aalto captures are (IoT Sentinel, ICDCS 2017), and which of them nobody could tell apart."""

from typing import Final

SAME: Final = {
    "WeMoSwitch2": "WeMoSwitch",
    "WeMoInsightSwitch2": "WeMoInsightSwitch",
    "EdimaxCam2": "EdimaxCam1",
    "EdnetCam2": "EdnetCam1",
    "D-LinkDoorSensor": "D-LinkHomeHub",
    "HueSwitch": "HueBridge",
}
"""A second unit is of the same type; a sensor or switch that speaks through its hub has the hub's address."""

ALIKE: Final = {
    **dict.fromkeys(("D-LinkSensor", "D-LinkSiren", "D-LinkSwitch", "D-LinkWaterSensor"), "D-Link sensors"),
    **dict.fromkeys(("TP-LinkPlugHS100", "TP-LinkPlugHS110"), "TP-Link plugs"),
    **dict.fromkeys(("EdimaxPlug1101W", "EdimaxPlug2101W"), "Edimax plugs"),
    **dict.fromkeys(("SmarterCoffee", "iKettle2"), "Smarter kettles"),
}
"""Types that share their hardware, by group."""


def type_of(folder: str) -> str:
    """The type whose captures a folder holds."""
    return SAME.get(folder, folder)


def group_of(type_: str) -> str:
    """The group of look-alikes of a type, or the type itself."""
    return ALIKE.get(type_, type_)


TRUTH: dict[str, tuple[tuple[str, ...], str]] = {
    "Aria": (("Fitbit",), "scale"),
    "D-LinkCam": (("D-Link",), "camera"),
    "D-LinkDayCam": (("D-Link",), "camera"),
    "D-LinkDoorSensor": (("D-Link",), "hub"),
    "D-LinkHomeHub": (("D-Link",), "hub"),
    "D-LinkSensor": (("D-Link",), "sensor"),
    "D-LinkSiren": (("D-Link",), "alarm"),
    "D-LinkSwitch": (("D-Link",), "smart-plug"),
    "D-LinkWaterSensor": (("D-Link",), "water-sensor"),
    "EdimaxCam1": (("Edimax",), "camera"),
    "EdimaxCam2": (("Edimax",), "camera"),
    "EdimaxPlug1101W": (("Edimax",), "smart-plug"),
    "EdimaxPlug2101W": (("Edimax",), "smart-plug"),
    "EdnetCam1": (("Assmann", "ednet"), "camera"),
    "EdnetCam2": (("Assmann", "ednet"), "camera"),
    "EdnetGateway": (("Assmann", "ednet"), "hub"),
    "HomeMaticPlug": (("eQ-3",), "hub"),
    "HueBridge": (("Signify", "Philips"), "hub"),
    "HueSwitch": (("Signify", "Philips"), "hub"),
    "Lightify": (("OSRAM",), "hub"),
    "MAXGateway": (("eQ-3",), "hub"),
    "SmarterCoffee": (("Smarter",), "kettle"),
    "TP-LinkPlugHS100": (("TP-Link",), "smart-plug"),
    "TP-LinkPlugHS110": (("TP-Link",), "smart-plug"),
    "WeMoInsightSwitch": (("Belkin",), "smart-plug"),
    "WeMoInsightSwitch2": (("Belkin",), "smart-plug"),
    "WeMoLink": (("Belkin",), "hub"),
    "WeMoSwitch": (("Belkin",), "smart-plug"),
    "WeMoSwitch2": (("Belkin",), "smart-plug"),
    "Withings": (("Withings",), "scale"),
    "iKettle2": (("Smarter",), "kettle"),
}
"""Vendor (any of) and kind. Where a sensor or plug speaks through a hub with its own radio, the hub is what is seen."""
