"""The command line: one module per group of verbs; each prints what the record says."""

import os
import sys
from collections.abc import Sequence

BAD_INPUT = 2
"""Exit status when the person can put it right: a file, a folder, a setting, a name."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status. A person's mistake is one sentence on stderr and status 2."""
    from cordon.cli.app import app  # noqa: PLC0415  # the start of `cordon --help` is all that this costs

    try:
        app(args=None if arguments is None else list(arguments), prog_name="cordon")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ValueError as error:
        from cordon.cli.mistakes import MISTAKES  # noqa: PLC0415  # only now is it worth its time

        if not isinstance(error, MISTAKES):
            raise
        from cordon.cli.output import complain  # noqa: PLC0415

        complain(str(error))
        return BAD_INPUT
    return 0
