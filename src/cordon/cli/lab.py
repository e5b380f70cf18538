"""The simulated site: ``lab``."""

from pathlib import Path
from typing import Annotated

import typer

from cordon.cli.output import many, say

WRITTEN = frozenset({"traffic.pcap", "expect.toml", "devices.json"})
"""What a scenario consists of; only these are ever written over."""


def lab(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder to write; new, empty, or of an earlier scenario.")],
    *,
    devices: Annotated[int, typer.Option("--devices", min=1, help="How many devices, 60 to 240.")] = 64,
    days: Annotated[float, typer.Option("--days", min=0, help="How many days; parts of one are allowed.")] = 1.0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same bytes.")] = 1,
    story: Annotated[str, typer.Option("--story", metavar="NAME", help="What happens on the site.")] = "camera-taken",
) -> None:
    """Write a scenario of a simulated site: traffic.pcap, expect.toml, devices.json.

    Examples: cordon lab office --devices 60 --days 1 --seed 7
    """
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.cli.progress import shown  # noqa: PLC0415
    from cordon.lab import scenario  # noqa: PLC0415

    if out.exists() and (not out.is_dir() or {entry.name for entry in out.iterdir()} - WRITTEN):
        raise AskedError(f"{out} exists and holds other things than a scenario; name another folder.")
    try:
        with shown("Simulating") as progress:
            wrote = scenario.write_scenario(
                out, devices=devices, days=days, seed=seed, story=story, progress=lambda share: progress(share, 1)
            )
    except OSError as error:
        raise AskedError(f"{out} cannot be written ({error.strerror}); name another folder.") from None
    except ValueError as error:
        raise AskedError(f"{error}.") from None
    say(f"{many(wrote.devices, 'device')} of {many(wrote.kinds, 'kind')}, {many(wrote.packets, 'packet')}.")
    say(f"{out / 'traffic.pcap'} is written; read it with: cordon read {out / 'traffic.pcap'}")
