"""The simulated site: ``lab``."""

from pathlib import Path
from typing import Annotated

import typer

from cordon.cli.output import many, say

WRITTEN = frozenset({"traffic.pcap", "expect.toml", "devices.json"})
"""What a scenario consists of; only these are ever written over."""

OF_A_SCENARIO = ("devices", "days", "story")
OF_A_MIX = ("packets",)


def lab(
    context: typer.Context,
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT", help="Folder to write; new, empty, or of an earlier scenario. With --mix the capture file."
        ),
    ],
    *,
    devices: Annotated[int, typer.Option("--devices", min=1, help="How many devices, 60 to 240.")] = 64,
    days: Annotated[float, typer.Option("--days", min=0, help="How many days; parts of one are allowed.")] = 1.0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same bytes.")] = 1,
    story: Annotated[str, typer.Option("--story", metavar="NAME", help="What happens on the site.")] = "camera-taken",
    mix: Annotated[bool, typer.Option("--mix", help="Write one capture that is hard on the packet engine.")] = False,
    packets: Annotated[int, typer.Option("--packets", help="With --mix: at least how many packets.")] = 3_000_000,
) -> None:
    """Write a scenario of a simulated site: traffic.pcap, expect.toml, devices.json; or a mix of all traffic.

    Examples: cordon lab office --devices 60 --days 1 --seed 7 · cordon lab hard.pcap --mix --packets 3000000
    """
    if mix:
        _without(context, OF_A_SCENARIO, "says nothing about a mix; leave it out.")
        _write_mix(out, packets, seed)
    else:
        _without(context, OF_A_MIX, "wants --mix; leave it out or add --mix.")
        _write_scenario(out, devices, days, seed, story)


def _without(context: typer.Context, foreign: tuple[str, ...], why: str) -> None:
    """Refuses options that belong to the other kind of writing."""
    from cordon.cli.asked import AskedError  # noqa: PLC0415

    for name in foreign:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            raise AskedError(f"--{name} {why}")


def _write_scenario(out: Path, devices: int, days: float, seed: int, story: str) -> None:
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


def _write_mix(out: Path, packets: int, seed: int) -> None:
    from cordon.cli.asked import AskedError  # noqa: PLC0415
    from cordon.cli.output import size  # noqa: PLC0415
    from cordon.cli.progress import shown  # noqa: PLC0415
    from cordon.lab.mix.write import write_mix  # noqa: PLC0415

    if out.exists():
        raise AskedError(f"{out} exists; name another file.")
    try:
        with shown("Simulating") as progress:
            wrote = write_mix(out, packets=packets, seed=seed, progress=lambda share: progress(share, 1))
    except OSError as error:
        raise AskedError(f"{out} cannot be written ({error.strerror}); name another file.") from None
    except ValueError as error:
        raise AskedError(f"{error}.") from None
    say(f"{many(wrote.packets, 'packet')} of {many(wrote.conversations, 'conversation')}, {size(wrote.bytes)}.")
    say(f"{out} is written; read it with: cordon read {out}")
