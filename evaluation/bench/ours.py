"""Cordon: the engine alone, with its tables as frames, and `cordon read` with everything it stores."""

import sys
from pathlib import Path

from evaluation.bench.subject import Command, Subject

HOUR = 3_600_000_000  # µs; the window in which captures are read
LIVE = 10_000_000  # and interfaces

ENGINE = """
import sys
import cordon._native as native
capture, window, flows = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
reader = native.CaptureReader([capture], window=window, secret_key=bytes(32), max_flows=flows)
rows = 0
while (read := reader.next()) is not None:
    rows += sum(len(table) for table in read.tables.values())
stats = reader.stats()
print(stats["packets"], stats["flows"], stats["evicted"], rows)
"""
FRAMES = ENGINE.replace("len(table)", "polars.DataFrame(table).height").replace("import sys", "import sys, polars")
FLOWS = 2_000_000  # more than there are: none is evicted


def ours(*, quick: bool) -> list[Subject]:
    """What we give, from the least to the most; `quick` leaves most of the capture to the engine alone."""
    return [
        Subject("**Cordon's engine**, tables delivered", _python(ENGINE, HOUR), "all tables"),
        Subject("Cordon's engine, as Polars frames", _python(FRAMES, HOUR), "all tables"),
        Subject("`cordon read`, everything stored", _read, "devices, findings, trust, history", slow=quick),
        Subject("`cordon read`, two cores", _read, "the same", cores=2, slow=quick),
    ]


def concurrent() -> Subject:
    """The engine as it listens: its memory with many flows at once."""
    return Subject("engine", _python(ENGINE, LIVE), "all tables")


def _python(script: str, window: int) -> Command:
    return lambda capture, _: [sys.executable, "-c", script, str(capture), str(window), str(FLOWS)]


def _read(capture: Path, folder: Path) -> list[str]:
    return [sys.executable, "-m", "cordon", "read", "--json", "--state", str(folder / "state"), str(capture)]
