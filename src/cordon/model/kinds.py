"""The kinds of device Cordon tells apart, and what is usual for each."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of device.

    ``criticality`` runs from 1 (a light bulb) to 5 (people or the plant depend on it). ``safety`` says that
    cutting such a device off may harm somebody: Cordon never does that by itself.
    """

    id: str
    says: str
    group: str  # home, office, network, clinic, plant
    criticality: int
    safety: bool = False


KINDS: Final[tuple[Kind, ...]] = (
    Kind("camera", "camera", "office", 3),
    Kind("nvr", "video recorder", "office", 3),
    Kind("doorbell", "doorbell", "home", 2),
    Kind("baby-monitor", "baby monitor", "home", 3),
    Kind("door-lock", "door lock", "office", 4),
    Kind("badge-reader", "badge reader", "office", 4),
    Kind("alarm", "alarm or siren", "office", 4),
    Kind("printer", "printer", "office", 2),
    Kind("scanner", "scanner", "office", 2),
    Kind("voip-phone", "IP telephone", "office", 3),
    Kind("conference", "conference system", "office", 2),
    Kind("display", "display or signage", "office", 2),
    Kind("projector", "projector", "office", 1),
    Kind("pos", "till", "office", 4),
    Kind("thermostat", "thermostat", "home", 2),
    Kind("light", "light", "home", 1),
    Kind("smart-plug", "smart plug", "home", 1),
    Kind("switch-actor", "wall switch", "home", 1),
    Kind("sensor", "sensor", "home", 2),
    Kind("smoke-detector", "smoke detector", "home", 4, safety=True),
    Kind("water-sensor", "water sensor", "home", 2),
    Kind("weather-station", "weather station", "home", 1),
    Kind("air-quality", "air-quality monitor", "home", 1),
    Kind("hub", "smart-home hub", "home", 3),
    Kind("voice-assistant", "voice assistant", "home", 2),
    Kind("speaker", "speaker", "home", 1),
    Kind("tv", "television", "home", 1),
    Kind("streaming", "streaming stick", "home", 1),
    Kind("game-console", "game console", "home", 1),
    Kind("photo-frame", "photo frame", "home", 1),
    Kind("toy", "connected toy", "home", 1),
    Kind("appliance", "household appliance", "home", 1),
    Kind("kettle", "kettle or coffee machine", "home", 1),
    Kind("vacuum", "robot vacuum", "home", 1),
    Kind("scale", "scale", "home", 1),
    Kind("blood-pressure", "blood-pressure monitor", "clinic", 3),
    Kind("sleep-sensor", "sleep sensor", "home", 1),
    Kind("wearable", "wearable", "home", 1),
    Kind("infusion-pump", "infusion pump", "clinic", 5, safety=True),
    Kind("patient-monitor", "patient monitor", "clinic", 5, safety=True),
    Kind("imaging", "medical imaging", "clinic", 5, safety=True),
    Kind("lab-analyser", "laboratory analyser", "clinic", 4),
    Kind("plc", "PLC", "plant", 5, safety=True),
    Kind("rtu", "RTU", "plant", 5, safety=True),
    Kind("hmi", "HMI", "plant", 4),
    Kind("drive", "drive", "plant", 4, safety=True),
    Kind("industrial-gateway", "industrial gateway", "plant", 4),
    Kind("bms", "building controller", "plant", 4),
    Kind("ups", "UPS", "plant", 4),
    Kind("ev-charger", "charging station", "plant", 3),
    Kind("solar-inverter", "solar inverter", "plant", 3),
    Kind("energy-meter", "energy meter", "plant", 3),
    Kind("broker", "message broker", "network", 4),
    Kind("router", "router", "network", 5),
    Kind("switch", "network switch", "network", 5),
    Kind("access-point", "access point", "network", 4),
    Kind("firewall", "firewall", "network", 5),
    Kind("nas", "network storage", "office", 4),
    Kind("server", "server", "office", 4),
    Kind("workstation", "workstation", "office", 3),
    Kind("phone", "phone or tablet", "office", 2),
    Kind("single-board", "single-board computer", "office", 2),
)

KIND: Final[dict[str, Kind]] = {kind.id: kind for kind in KINDS}
"""By id. A device whose kind is not known has the kind ``""``, which is not in here."""
