"""How a device keeps to its manufacturer's usage description, as ``--json`` prints it."""

from dataclasses import dataclass

from cordon.policy.mud import Beyond, Comparison, Mud
from cordon.shapes.entries import iso


@dataclass(frozen=True, slots=True)
class BeyondEntry:
    """A kind of talk that the description does not speak of."""

    direction: str
    whom: str
    proto: str
    port: int
    flows: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class UsageResult:
    """A device's recorded flows against a usage description (RFC 8520): how many there are and how many fit, what goes
    beyond it, and the entries of the description that it never used."""

    device: str
    site: str
    url: str
    systeminfo: str
    statements: int
    flows: int
    fitting: int
    beyond: list[BeyondEntry]
    unused: list[str]


def usage_result(device: str, site: str, mud: Mud, compared: Comparison) -> UsageResult:
    """What is printed of a comparison."""
    return UsageResult(
        device=device,
        site=site,
        url=mud.url,
        systeminfo=mud.systeminfo,
        statements=len(mud.statements),
        flows=compared.flows,
        fitting=compared.fitting,
        beyond=[_entry(one) for one in compared.beyond],
        unused=[one.name for one in compared.unused],
    )


def _entry(one: Beyond) -> BeyondEntry:
    return BeyondEntry(one.direction, one.whom, one.proto, one.port, one.flows, iso(one.first), iso(one.last))
