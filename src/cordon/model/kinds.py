"""The kinds of device Cordon tells apart, and what is usual for each."""

from dataclasses import dataclass
from typing import Final

CLOUDS: Final[dict[str, str]] = {
    "none": "nobody outside: what it does, it does within the network",
    "maker": "the service of its maker, or of whoever runs it for its owner",
    "content": "whoever offers what people watch, hear, play or read on it",
    "any": "wherever people or programs send it",
}
"""Whom a kind of device usually talks to on the Internet, beside time, names and updates."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of device.

    ``criticality`` runs from 1 (a light bulb) to 5 (people or the plant depend on it). ``safety`` says that
    cutting such a device off may harm somebody: Cordon never does that by itself. ``services`` are the protocols in
    which it usually answers others, by their names in `flows.service` or, where the engine has none, by those of the
    IANA registry; ``cloud`` is whom it usually talks to outside, one of `CLOUDS`.
    """

    id: str
    says: str
    group: str  # home, office, network, clinic, plant
    criticality: int
    services: tuple[str, ...] = ()
    cloud: str = "maker"
    safety: bool = False


_WEB: Final = ("http", "tls")
_MANAGED: Final = ("http", "tls", "ssh", "snmp")

KINDS: Final[tuple[Kind, ...]] = (
    # offices
    Kind("camera", "camera", "office", 3, ("rtsp", "http", "tls", "wsd"), "maker"),
    Kind("nvr", "video recorder", "office", 3, ("rtsp", "http", "tls"), "maker"),
    Kind("video-encoder", "video encoder", "office", 3, ("rtsp", "http", "tls"), "none"),
    Kind("door-lock", "door lock", "office", 4, _WEB, "maker"),
    Kind("badge-reader", "badge reader", "office", 4, _WEB, "none"),
    Kind("intercom", "intercom", "office", 3, ("sip", "rtsp", "http"), "none"),
    Kind("alarm", "alarm or siren", "office", 4, _WEB, "maker"),
    Kind("printer", "printer", "office", 2, ("ipp", "jetdirect", "http", "tls", "snmp", "mdns"), "maker"),
    Kind("scanner", "scanner", "office", 2, ("http", "tls", "mdns"), "none"),
    Kind("voip-phone", "IP telephone", "office", 3, ("sip", "http"), "none"),
    Kind("pbx", "telephone system", "office", 4, ("sip", "http", "tls"), "maker"),
    Kind("conference", "conference system", "office", 2, ("sip", "http", "tls"), "maker"),
    Kind("display", "display or signage", "office", 2, ("http", "mdns"), "content"),
    Kind("projector", "projector", "office", 1, ("pjlink", "http"), "none"),
    Kind("av-controller", "control system of a room", "office", 2, ("http", "tls", "telnet"), "none"),
    Kind("pos", "till", "office", 4, (), "maker"),
    Kind("kiosk", "kiosk or vending machine", "office", 2, (), "maker"),
    Kind("time-clock", "time clock", "office", 3, _WEB, "maker"),
    Kind("thin-client", "thin client", "office", 2, (), "none"),
    # homes
    Kind("doorbell", "doorbell", "home", 2, ("rtsp", "http"), "maker"),
    Kind("baby-monitor", "baby monitor", "home", 3, ("rtsp", "http"), "maker"),
    Kind("thermostat", "thermostat", "home", 2, ("http", "mdns"), "maker"),
    Kind("heat-pump", "heat pump or boiler", "home", 3, ("http", "modbus"), "maker"),
    Kind("light", "light", "home", 1, ("http", "mdns"), "maker"),
    Kind("smart-plug", "smart plug", "home", 1, ("http", "mdns"), "maker"),
    Kind("switch-actor", "wall switch", "home", 1, ("http", "mdns"), "maker"),
    Kind("blind", "blind or shutter", "home", 1, ("http", "mdns"), "maker"),
    Kind("garage-door", "garage door", "home", 3, ("http", "mdns"), "maker"),
    Kind("sensor", "sensor", "home", 2, (), "maker"),
    Kind("smoke-detector", "smoke detector", "home", 4, (), "maker", safety=True),
    Kind("water-sensor", "water sensor", "home", 2, (), "maker"),
    Kind("weather-station", "weather station", "home", 1, (), "maker"),
    Kind("air-quality", "air-quality monitor", "home", 1, (), "maker"),
    Kind("irrigation", "irrigation", "home", 1, ("http",), "maker"),
    Kind("hub", "smart-home hub", "home", 3, ("http", "tls", "mdns", "ssdp"), "maker"),
    Kind("voice-assistant", "voice assistant", "home", 2, ("http", "tls", "mdns"), "content"),
    Kind("speaker", "speaker", "home", 1, ("http", "mdns", "ssdp"), "content"),
    Kind("receiver", "audio receiver", "home", 1, ("http", "mdns", "ssdp"), "content"),
    Kind("tv", "television", "home", 1, ("http", "mdns", "ssdp"), "content"),
    Kind("set-top-box", "set-top box", "home", 1, ("http", "ssdp"), "content"),
    Kind("streaming", "streaming stick", "home", 1, ("http", "tls", "mdns", "ssdp"), "content"),
    Kind("game-console", "game console", "home", 1, (), "content"),
    Kind("photo-frame", "photo frame", "home", 1, (), "maker"),
    Kind("toy", "connected toy", "home", 1, (), "maker"),
    Kind("appliance", "household appliance", "home", 1, ("http",), "maker"),
    Kind("kettle", "kettle or coffee machine", "home", 1, (), "maker"),
    Kind("vacuum", "robot vacuum", "home", 1, ("mqtt",), "maker"),
    Kind("scale", "scale", "home", 1, (), "maker"),
    Kind("sleep-sensor", "sleep sensor", "home", 1, (), "maker"),
    Kind("wearable", "wearable", "home", 1, (), "maker"),
    # clinics
    Kind("blood-pressure", "blood-pressure monitor", "clinic", 3, (), "maker"),
    Kind("infusion-pump", "infusion pump", "clinic", 5, (), "none", safety=True),
    Kind("patient-monitor", "patient monitor", "clinic", 5, ("hl7",), "none", safety=True),
    Kind("ventilator", "ventilator", "clinic", 5, (), "none", safety=True),
    Kind("imaging", "medical imaging", "clinic", 5, ("dicom",), "maker", safety=True),
    Kind("lab-analyser", "laboratory analyser", "clinic", 4, (), "maker"),
    Kind("nurse-call", "nurse call", "clinic", 5, ("sip", "http"), "none", safety=True),
    # plants and buildings
    Kind("plc", "PLC", "plant", 5, ("modbus", "s7comm", "enip", "http"), "none", safety=True),
    Kind("rtu", "RTU", "plant", 5, ("dnp3", "iec104", "modbus"), "none", safety=True),
    Kind("remote-io", "remote input and output", "plant", 5, ("modbus", "enip", "profinet"), "none", safety=True),
    Kind("protective-relay", "protective relay", "plant", 5, ("dnp3", "iec104", "mms"), "none", safety=True),
    Kind("hmi", "HMI", "plant", 4, ("vnc", "http"), "none"),
    Kind("drive", "drive", "plant", 4, ("modbus", "enip", "profinet"), "none", safety=True),
    Kind("robot", "industrial robot", "plant", 5, ("enip", "ftp", "http"), "none", safety=True),
    Kind("industrial-gateway", "industrial gateway", "plant", 4, ("modbus", "opcua", "http", "tls"), "none"),
    Kind("device-server", "serial device server", "plant", 4, ("telnet", "http", "snmp"), "none"),
    Kind("bms", "building controller", "plant", 4, ("bacnet", "knx", "http", "tls"), "none"),
    Kind("fire-panel", "fire alarm panel", "plant", 5, ("bacnet", "modbus"), "none", safety=True),
    Kind("elevator", "lift controller", "plant", 5, (), "maker", safety=True),
    Kind("ups", "UPS", "plant", 4, ("snmp", "http", "modbus"), "none"),
    Kind("pdu", "power distribution unit", "plant", 4, _MANAGED, "none"),
    Kind("ev-charger", "charging station", "plant", 3, ("http", "modbus"), "maker"),
    Kind("solar-inverter", "solar inverter", "plant", 3, ("modbus", "http"), "maker"),
    Kind("energy-meter", "energy meter", "plant", 3, ("modbus", "http"), "maker"),
    # networks
    Kind("broker", "message broker", "network", 4, ("mqtt", "tls"), "none"),
    Kind("router", "router", "network", 5, ("dns", "dhcp", "http", "tls", "ssh"), "any"),
    Kind("modem", "modem", "network", 4, ("http",), "maker"),
    Kind("switch", "network switch", "network", 5, _MANAGED, "none"),
    Kind("access-point", "access point", "network", 4, _MANAGED, "maker"),
    Kind("wireless-controller", "wireless controller", "network", 5, _MANAGED, "maker"),
    Kind("firewall", "firewall", "network", 5, ("dns", "dhcp", "tls", "ssh", "snmp"), "any"),
    Kind("management-controller", "management controller of a server", "network", 4, ("ipmi", "tls", "ssh"), "none"),
    # computers
    Kind("nas", "network storage", "office", 4, ("smb", "nfs", "http", "tls", "ssh"), "any"),
    Kind("server", "server", "office", 4, ("ssh", "http", "tls"), "any"),
    Kind("workstation", "workstation", "office", 3, (), "any"),
    Kind("phone", "phone or tablet", "office", 2, (), "any"),
    Kind("single-board", "single-board computer", "office", 2, ("ssh", "http"), "any"),
)

KIND: Final[dict[str, Kind]] = {kind.id: kind for kind in KINDS}
"""By id. A device whose kind is not known has the kind ``""``, which is not in here."""
