"""Made-up findings and walks through time, for the tests of trust."""

from collections.abc import Iterable, Sequence

import polars as pl

from cordon import trust
from cordon.model.device import Attribute, Device
from cordon.model.facts import Facts
from cordon.model.finding import Finding, Severity
from cordon.model.tables import HOUR, STEP
from cordon.model.trust import Trust
from cordon.model.window import Window

BEGIN = 1_767_225_600_000_000  # 2026-01-01, on the hour
CAMERA = Device(
    "device-1", "site", BEGIN, BEGIN, ("02:00:00:00:00:01",), ("10.0.0.9",), ("cam",), kind=Attribute("camera", 900)
)


def finding(  # tests read better without the names
    at: int,
    severity: Severity = Severity.HIGH,
    level: str = "proven",
    weight: int = 300,
    detector: str = "telnet-spread",
    compromise: bool = False,
    device: str = CAMERA.id,
    name: str = "",
) -> Finding:
    """A finding noticed `at` µs after `BEGIN`."""
    source = name or f"finding-{at}-{detector}-{severity}-{level}-{weight}-{compromise}"
    time = BEGIN + at
    return Finding(
        source,
        "site",
        device,
        detector,
        "spread",
        "",
        severity,
        level,
        time,
        time,
        "did it",
        (),
        (),
        weight,
        compromise,
    )


def walk(
    findings: Iterable[Finding] = (),
    hours: int = 48,
    steps: int = 360,
    *,
    device: Device = CAMERA,
    seen: bool = True,
    state: trust.State | None = None,
    begin: int = BEGIN,
) -> tuple[trust.State, list[Trust]]:
    """Walks trust through `hours`, `steps` at once; the device is seen in every step. A finding comes with the
    step at whose end, or in which, it was noticed."""
    state, told = state or trust.State(), []
    pending: Sequence[Finding] = sorted(findings, key=lambda one: (one.noticed, one.id))
    time, until = begin, begin + hours * HOUR
    while time < until:
        end = min(time + steps * STEP, until)
        facts = Facts(
            Window("site", time, end),
            devices=(device,) if time <= device.time < end else (),
            talks=talks(device.id, time, end) if seen else None,
            findings=tuple(one for one in pending if time < one.noticed <= end),
        )
        state, facts = trust.step(state, facts)
        told.extend(facts.trusts)
        time = end
    return state, told


def talks(device: str, begin: int, end: int) -> pl.DataFrame:
    """The two columns of the talks that trust reads."""
    return pl.DataFrame({"step": pl.int_range(begin, end, STEP, eager=True)}).with_columns(device=pl.lit(device))
