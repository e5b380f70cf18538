"""Starts one command from a small process and tells what it took.

A process begins with the memory of the one that started it; started from here, little is added to its peak.

    python -I -S launch.py PRINTED COMMAND...

What the command prints goes to the file PRINTED. Prints its status, seconds, seconds of processor time and KiB.
"""

import os
import sys
import time


def main() -> None:
    """Runs the command of the arguments."""
    printed = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    began = time.perf_counter()
    child = os.posix_spawnp(
        sys.argv[2],
        sys.argv[2:],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, printed, 1), (os.POSIX_SPAWN_DUP2, printed, 2)],
    )
    _, status, used = os.wait4(child, 0)
    seconds = time.perf_counter() - began
    print(os.waitstatus_to_exitcode(status), seconds, used.ru_utime + used.ru_stime, used.ru_maxrss)


if __name__ == "__main__":
    main()
