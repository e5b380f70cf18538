"""What people are told of an incident: words for a mail, values for a program."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from cordon.model.codec import encode
from cordon.model.finding import Severity
from cordon.model.incident import Incident

MOST_EVENTS: Final = 12
"""Lines of the story that a mail tells; the console has all."""
MOST_NAMES: Final = 8
LONGEST_LINE: Final = 200


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `id` is the incident's; `body` is JSON for programs, `text` the same for people."""

    id: str
    subject: str
    text: str
    body: bytes


def compose(incident: Incident, names: Mapping[str, str], demo: bool = False) -> Message:
    """The message that tells of an incident; `names` are what its devices are called."""
    severity = Severity(incident.severity).name.lower()
    who = [names.get(device, device) for device in incident.devices]
    more = f" and {len(who) - MOST_NAMES} more" if len(who) > MOST_NAMES else ""
    events = sorted(incident.events, key=lambda event: event.time)
    lines = [
        _line(incident.title),
        "",
        f"Severity: {severity}",
        f"Began: {_when(incident.began)}",
        f"Noticed: {_when(incident.noticed)}",
        f"Devices: {_line(', '.join(who[:MOST_NAMES]) + more)}",
        "",
        *(
            f"{_when(event.time)}  {_line(names.get(event.device, ''))}: {_line(event.says)}"
            for event in events[:MOST_EVENTS]
        ),
        *([f"… and {len(events) - MOST_EVENTS} more"] if len(events) > MOST_EVENTS else []),
        "",
        "Watching only: nothing on your network was changed.",
        "Read the whole story on the machine that runs Cordon: cordon open",
    ]
    says = {
        "what": "incident",
        "demo": demo,
        "severity": severity,
        "devices": [{"id": device, "name": name} for device, name in zip(incident.devices, who, strict=True)],
        "incident": encode(incident),
    }
    return Message(incident.id, _line(f"[Cordon] {severity}: {incident.title}"), "\n".join(lines) + "\n", _json(says))


def trial(channel: str) -> Message:
    """A message that tells nothing but that messages arrive."""
    text = f"This is a test of the channel {channel}. If you read it, Cordon can tell you of incidents.\n"
    return Message("test", "[Cordon] test", text, _json({"what": "test", "channel": channel}))


def _json(says: Mapping[str, Any]) -> bytes:
    return json.dumps(says, sort_keys=True, ensure_ascii=False).encode()


def _line(text: str) -> str:
    """One line of bounded length: names come from the network, and must not steer a terminal or a header."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    plain = " ".join(plain.split())
    return plain if len(plain) <= LONGEST_LINE else plain[: LONGEST_LINE - 1] + "…"


def _when(time: int) -> str:
    return datetime.fromtimestamp(time / 1_000_000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if time else "–"
