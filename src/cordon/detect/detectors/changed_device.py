"""The detector of devices that turn into something else."""

from collections.abc import Iterator

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.device import Turn
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import DAY, STEP
from cordon.parts import Level

_MATTERS = {"kind": "kind", "os": "system", "vendor": "vendor", "name": "host name"}


class ChangedDevice(Detector):
    """A device that was known for long says it is something else.

    Why it matters: a camera that becomes a computer was replaced, got another system, or is somebody's who took its
    address.
    False alarms: a new firmware may bring a new name; a computer that is set up anew is the same computer. It alone
    makes no incident.
    What to do: ask who changed the device. If nobody did, go and look at it.
    """

    id = "changed-device"
    family = "change"
    technique = "T1036"
    severity = Severity.LOW
    level = Level.SOUND
    weight = 60
    span = DAY
    reads = ("events",)

    def look(self, seen: Features) -> Iterator[Finding]:
        for event in seen.events:
            if event.what is not Turn.CHANGED or event.field not in _MATTERS:
                continue
            where = seen.selector("sightings", event.device, event.time - STEP)
            yield self.finding(
                event.device,
                f"changed its {_MATTERS[event.field]} from {event.before} to {event.after}",
                began=event.time - STEP,
                noticed=event.time,
                measured=(("before", event.before), ("after", event.after)),
                about=event.field,
                rows=Rows("sightings", event.time - STEP, event.time, where) if where else None,
            )
