"""What is known of devices, looked up again and again: what they are, and since when they count as known."""

from dataclasses import dataclass

import polars as pl

from cordon.model.memo import remembered


@dataclass(frozen=True, slots=True)
class Known:
    """What a device was known to be at some step."""

    name: str = ""
    kind: str = ""
    is_gateway: bool = False
    ips: tuple[str, ...] = ()


@remembered
def settled_of(usual: pl.DataFrame) -> pl.DataFrame:
    """When each device that is known became so: device, settled."""
    return usual.filter(pl.col("settled") > 0).select("device", "settled")


@remembered
def usual_of(usual: pl.DataFrame) -> dict[str, tuple[int, int, int]]:
    """Of each device: when it became known, the most it sent in an hour, the hours learned."""
    rows = usual.select("device", "settled", "peak", "hours").iter_rows()
    return {device: (settled, peak, hours) for device, settled, peak, hours in rows}


@remembered
def versions_of(devices: pl.DataFrame) -> dict[str, tuple[list[int], list[Known]]]:
    """Of each device the times at which something of it changed, and what it was known to be then."""
    found: dict[str, tuple[list[int], list[Known]]] = {}
    for device, time, name, kind, is_gateway, ips in devices.iter_rows():
        times, versions = found.setdefault(device, ([], []))
        times.append(time)
        versions.append(Known(name, kind, is_gateway, tuple(ips)))
    return found
