# ruff: noqa: E501  # one line a drawing
"""The drawings of the console: one glyph for each group of kinds of device, and the icons of the rail.

Each is the inside of a 24 × 24 SVG, drawn in strokes of the current colour.
"""

from typing import Final

from markupsafe import Markup

GLYPHS: Final[dict[str, str]] = {
    "unknown": '<path d="M8.5 9.2a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3"/><path d="M12 18v.1"/>',
    "camera": '<path d="M4 7.5 17 6v6.5L5 13z"/><path d="M17 8h3v3h-3"/><path d="M9 13v5H4v2"/>',
    "recorder": '<rect x="3.5" y="7" width="17" height="10" rx="1.5"/><path d="M6.5 14h6"/><circle cx="16.5" cy="12" r="1.8"/>',
    "doorbell": '<rect x="8" y="3.5" width="8" height="17" rx="2.5"/><circle cx="12" cy="8" r="1.5"/><circle cx="12" cy="15" r="2.3"/>',
    "lock": '<rect x="5.5" y="10.5" width="13" height="9.5" rx="1.5"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5"/><path d="M12 14.5v2"/>',
    "badge": '<rect x="4" y="6" width="16" height="12" rx="1.5"/><circle cx="9" cy="11" r="1.8"/><path d="M6.5 15.5c.6-1.7 4.4-1.7 5 0"/><path d="M14.5 10.5h3M14.5 14h3"/>',
    "alarm": '<path d="M6.5 17v-4.5a5.5 5.5 0 0 1 11 0V17"/><path d="M4.5 19.5h15"/><path d="M12 3.5v1M5 6l.8.8M19 6l-.8.8"/>',
    "printer": '<path d="M7 9V4h10v5"/><rect x="4" y="9" width="16" height="7" rx="1.5"/><path d="M7 14h10v6H7z"/>',
    "desk-phone": '<path d="M4 9.5C4 5 20 5 20 9.5v1h-4V9c-2-1-6-1-8 0v1.5H4z"/><path d="M8.5 10.5 6 19h12l-2.5-8.5"/><circle cx="12" cy="14.5" r="1.8"/>',
    "mobile": '<rect x="7" y="3.5" width="10" height="17" rx="2"/><path d="M11 17.5h2"/>',
    "display": '<rect x="3.5" y="5" width="17" height="11" rx="1.5"/><path d="M12 16v3M8 19.5h8"/>',
    "till": '<path d="M5 12.5h14V20H5z"/><path d="m7 12.5 1.5-5h7l1.5 5"/><path d="M10 7.5V4h4v3.5M8.5 16h.1M12 16h.1M15.5 16h.1"/>',
    "thermostat": '<path d="M10 13.5V5.5a2 2 0 0 1 4 0v8a4 4 0 1 1-4 0z"/><path d="M12 10v6.5"/>',
    "light": '<path d="M9 16.5c0-2-3-3.5-3-7a6 6 0 0 1 12 0c0 3.5-3 5-3 7z"/><path d="M9.5 19.5h5"/>',
    "plug": '<path d="M9 4v4.5M15 4v4.5"/><path d="M6.5 8.5h11v2a5.5 5.5 0 0 1-11 0z"/><path d="M12 16v4.5"/>',
    "sensor": '<circle cx="12" cy="12" r="2"/><path d="M7.8 16.2a6 6 0 0 1 0-8.4M16.2 7.8a6 6 0 0 1 0 8.4M5 19a10 10 0 0 1 0-14M19 5a10 10 0 0 1 0 14"/>',
    "hub": '<circle cx="12" cy="12" r="2.5"/><circle cx="5" cy="6" r="1.5"/><circle cx="19" cy="6" r="1.5"/><circle cx="5" cy="18" r="1.5"/><circle cx="19" cy="18" r="1.5"/><path d="m6.2 7 3.8 3.2M17.8 7 14 10.2M6.2 17l3.8-3.2M17.8 17 14 13.8"/>',
    "speaker": '<rect x="6.5" y="3.5" width="11" height="17" rx="3"/><circle cx="12" cy="14" r="3"/><path d="M12 7.5v.1"/>',
    "play": '<path d="M7 8.5h10c2.5 0 4 2.5 3.5 6.5-.2 2-2 2.5-3.2 1.2L15.5 14h-7l-1.8 2.2C5.5 17.5 3.7 17 3.5 15 3 11 4.5 8.5 7 8.5z"/><path d="M8 10v2.5M6.8 11.2h2.5M15.5 11.2h.1"/>',
    "appliance": '<rect x="5" y="3.5" width="14" height="17" rx="1.5"/><circle cx="12" cy="13.5" r="4"/><path d="M8 6.5h3M16 6.5h.1"/>',
    "heart": '<path d="M12 19.5C4.5 14.5 3 10.5 4.5 7.5c1.5-3 6-2.5 7.5.5 1.5-3 6-3.5 7.5-.5 1.5 3 0 7-7.5 12z"/><path d="M7 12h2.5l1.5-2.5 2 4.5 1.5-2H17"/>',
    "plant": '<rect x="4" y="4.5" width="16" height="15" rx="1"/><path d="M9 4.5v15M4 12h5M12 8h.1M15 8h.1M18 8h.1M12 12h5v4.5h-5z"/>',
    "energy": '<path d="M13 3.5 6 13.5h5l-1 7 7.5-10.5h-5z"/>',
    "router": '<rect x="3.5" y="13" width="17" height="6.5" rx="1.5"/><path d="M7 16.2h.1M10 16.2h.1"/><path d="M16 13V9.5M13 7.5a4.3 4.3 0 0 1 6 0M11 5a7.3 7.3 0 0 1 10 0"/>',
    "firewall": '<rect x="3.5" y="5" width="17" height="14" rx="1"/><path d="M3.5 9.7h17M3.5 14.3h17M9 5v4.7M15 5v4.7M12 9.7v4.6M7 9.7M9 14.3V19M15 14.3V19"/>',
    "switch": '<rect x="3.5" y="8" width="17" height="8" rx="1.5"/><path d="M7 13v-1.5M10.3 13v-1.5M13.6 13v-1.5M17 13v-1.5"/>',
    "access-point": '<path d="M5 10.5a10 10 0 0 1 14 0M8 13.5a5.7 5.7 0 0 1 8 0"/><circle cx="12" cy="17" r="1.3"/>',
    "storage": '<rect x="5" y="3.5" width="14" height="17" rx="1.5"/><path d="M8 7.5h8M8 11.5h8M8 15.5h3M15.5 16.5h.1"/>',
    "server": '<rect x="4" y="4" width="16" height="7" rx="1.5"/><rect x="4" y="13" width="16" height="7" rx="1.5"/><path d="M7 7.5h.1M7 16.5h.1M11 7.5h6M11 16.5h6"/>',
    "workstation": '<rect x="5" y="4.5" width="14" height="10" rx="1.5"/><path d="M3 18.5h18l-2-4H5z"/>',
    "board": '<rect x="6" y="6" width="12" height="12" rx="1"/><rect x="10" y="10" width="4" height="4"/><path d="M9 6V3M12 6V3M15 6V3M9 21v-3M12 21v-3M15 21v-3M6 9H3M6 12H3M6 15H3M21 9h-3M21 12h-3M21 15h-3"/>',
    "internet": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c-6 5-6 12 0 17M12 3.5c6 5 6 12 0 17"/>',
}

_KINDS_OF: Final[dict[str, str]] = {
    "camera": "camera baby-monitor video-encoder",
    "recorder": "nvr",
    "doorbell": "doorbell intercom",
    "lock": "door-lock garage-door",
    "badge": "badge-reader time-clock",
    "alarm": "alarm smoke-detector fire-panel",
    "printer": "printer scanner",
    "desk-phone": "voip-phone pbx nurse-call",
    "mobile": "phone wearable",
    "display": "display projector tv conference streaming photo-frame set-top-box av-controller",
    "till": "pos kiosk",
    "thermostat": "thermostat air-quality weather-station heat-pump",
    "light": "light",
    "plug": "smart-plug switch-actor pdu",
    "sensor": "sensor water-sensor irrigation",
    "hub": "hub broker",
    "speaker": "voice-assistant speaker receiver",
    "play": "game-console toy",
    "appliance": "appliance kettle vacuum scale blind",
    "heart": "blood-pressure sleep-sensor infusion-pump patient-monitor ventilator imaging lab-analyser",
    "plant": "plc rtu hmi drive industrial-gateway bms remote-io protective-relay robot device-server elevator",
    "energy": "ups ev-charger solar-inverter energy-meter",
    "router": "router modem",
    "firewall": "firewall",
    "switch": "switch wireless-controller",
    "access-point": "access-point",
    "storage": "nas",
    "server": "server management-controller",
    "workstation": "workstation thin-client",
    "board": "single-board",
}

GLYPH_OF: Final[dict[str, str]] = {kind: glyph for glyph, kinds in _KINDS_OF.items() for kind in kinds.split()}
"""Kind of device to its glyph; a kind that is not in here is drawn as unknown."""

ICONS: Final[dict[str, str]] = {
    "today": '<circle cx="12" cy="12" r="4"/><path d="M12 3v2.5M12 18.5V21M3 12h2.5M18.5 12H21M5.6 5.6l1.8 1.8M16.6 16.6l1.8 1.8M5.6 18.4l1.8-1.8M16.6 7.4l1.8-1.8"/>',
    "devices": '<rect x="3.5" y="4" width="7" height="7" rx="1"/><rect x="13.5" y="4" width="7" height="7" rx="1"/><rect x="3.5" y="14" width="7" height="7" rx="1"/><rect x="13.5" y="14" width="7" height="7" rx="1"/>',
    "map": '<circle cx="6" cy="7" r="2.5"/><circle cx="18" cy="9" r="2.5"/><circle cx="10" cy="18" r="2.5"/><path d="m8.4 7.4 7.2 1.2M7 9.3l2.2 6.3M16.5 11 11.7 16.2"/>',
    "incidents": '<path d="M12 4 21 19.5H3z"/><path d="M12 10v4.5M12 17v.1"/>',
    "policy": '<path d="M12 3.5 19.5 6v6c0 4-3 7-7.5 8.5C7.5 19 4.5 16 4.5 12V6z"/><path d="m9 12 2.2 2.2L15.5 10"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 12h3M11 12h9M4 17h11M19 17h1"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="12" r="2"/><circle cx="17" cy="17" r="2"/>',
    "drop": '<path d="M12 4v10M8 10.5l4 4 4-4"/><path d="M4 16v4h16v-4"/>',
    "theme": '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17a8.5 8.5 0 0 0 0-17z" fill="currentColor"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "next": '<path d="m9 5 7 7-7 7"/>',
}

OUTLINES: Final[dict[str, str]] = {
    "normal": '<rect class="outline" x="1.5" y="1.5" width="37" height="37" rx="8"/>',
    "usual-only": '<rect class="outline" x="1.5" y="1.5" width="37" height="37" rx="8" stroke-dasharray="6 3.5"/>',
    "essentials-only": '<rect class="outline" x="1.5" y="1.5" width="37" height="37" rx="8" stroke-width="2.4"'
    ' stroke-linecap="round" stroke-dasharray="0.1 4.7"/>',
    "cordoned": '<rect class="outline" x="2" y="2" width="36" height="36" stroke-width="4"/>',
}
"""What surrounds a glyph tells how far the device reaches; in a 40 × 40 SVG."""


def glyph(kind: str) -> Markup:
    """The drawing for a kind of device."""
    return Markup(GLYPHS[GLYPH_OF.get(kind, kind if kind == "internet" else "unknown")])  # noqa: S704 - drawn above


def icon(name: str) -> Markup:
    """The drawing of one of the console's own icons."""
    return Markup(ICONS[name])  # noqa: S704 - drawn above


def outline(band: str) -> Markup:
    """The outline that tells how far a device of that band reaches."""
    return Markup(OUTLINES[band])  # noqa: S704 - drawn above


_INK: Final = {"light": "#24211d", "dark": "#ece7df"}
_TONE: Final = {
    "light": {"normal": "#6b645b", "usual-only": "#8a5200", "essentials-only": "#8a5200", "cordoned": "#a3261f"},
    "dark": {"normal": "#a39c91", "usual-only": "#e8b04f", "essentials-only": "#e8b04f", "cordoned": "#f0857a"},
}
_SHEET: Final = {"light": "#fbf9f6", "dark": "#23211e"}


def picture(kind: str, band: str, theme: str, hatched: bool) -> str:
    """A whole SVG file of a device's mark, for where pages' own colours do not reach (the map).

    Raises:
        KeyError: there is no such band or theme.
    """
    tone, ink, sheet = _TONE[theme][band], _INK[theme], _SHEET[theme]
    hatch = (
        '<path d="M-2 12 12-2M-2 24 24-2M-2 36 36-2M6 40 42 4M18 40 42 16M30 40 42 28" stroke-width="1" opacity=".35"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80" viewBox="0 0 40 40" fill="none" stroke="{tone}"'
        f' stroke-width="1.6"><rect x="1.5" y="1.5" width="37" height="37" rx="{0 if band == "cordoned" else 8}"'
        f' fill="{sheet}" stroke="none"/>{hatch if hatched else ""}{outline(band)}'
        f'<g transform="translate(8 8)" stroke="{ink}" stroke-width="1.5" stroke-linejoin="round"'
        f' stroke-linecap="round">{glyph(kind)}</g></svg>'
    )
