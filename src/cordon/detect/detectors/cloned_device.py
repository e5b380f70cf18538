"""The detector of addresses that two senders share."""

from collections.abc import Iterator

import polars as pl

from cordon.detect.detector import Detector
from cordon.detect.features import Features
from cordon.model.device import Turn
from cordon.model.finding import Finding, Rows, Severity
from cordon.model.tables import HOUR, STEP
from cordon.parts import Level

_SAYS = {"dhcp.hostname": "host name", "tcp.syn": "way to open connections"}


class ClonedDevice(Detector):
    """Two senders use one device's hardware address in turn.

    Why it matters: who takes the address of a camera or a printer is let in wherever that one is, and is taken for it.
    False alarms: a machine that is started with two systems in turn changes once a start, not several times an hour;
    routers, from which many systems speak, are known.
    What to do: find the port at which the address appears a second time (`show mac address-table` on the switch), cut
    that port off, and let ports accept only one address where devices stay for good.
    """

    id = "cloned-device"
    family = "man-in-the-middle"
    technique = "T1036"
    severity = Severity.HIGH
    level = Level.SOUND
    weight = 300
    span = 24 * HOUR
    reads = ("events",)

    def look(self, seen: Features) -> Iterator[Finding]:
        for event in seen.events:
            if event.what is not Turn.CLONED:
                continue
            such = pl.col("field") == event.field
            where = seen.selector("sightings", event.device, event.time - STEP, such=such)
            yield self.finding(
                event.device,
                f"is two: its {_SAYS.get(event.field, event.field)} goes back and forth between {event.before} and "
                f"{event.after}",
                began=event.time - STEP,
                noticed=event.time,
                measured=(("one", event.before), ("other", event.after)),
                about=event.field,
                rows=Rows("sightings", event.time - HOUR, event.time, (*where, ("field", event.field))),
            )
